"""The one reading at the start: settings, institutions, code maps, calendar, and every fault of all of them."""

from datetime import date
from pathlib import Path

import pytest

from config.startup import configure
from domain.errors import SettingsError
from tests.config.samples import complete


def test_a_complete_installation_is_configured() -> None:
    configuration = configure(complete(CII_CALENDAR__CATEGORIES="public,optional"))
    assert configuration.settings.cii.base_url == "https://cii.example/api"
    assert configuration.registry.mailbox("cii-office") is not None
    assert configuration.reason_codes.exits == {}
    assert not configuration.working_days.is_working_day(date(2026, 4, 6))


def test_f80_faults_of_variables_and_of_files_come_together(tmp_path: Path) -> None:
    institutions, codes = tmp_path / "institutions.toml", tmp_path / "codes.toml"
    institutions.write_text('version = "1"\nregions = []\ninstitutions = []\n', encoding="utf-8")
    codes.write_text('[[reasons]]\ndomain = "X"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        configure({"CII_REGISTRY_FILE": str(institutions), "CII_CODE_MAP_FILE": str(codes), "CII_RUNER": "celery"})
    told = "\n".join(caught.value.faults)
    for word in ("CII_REGISTRY_FILE: regions", "CII_CODE_MAP_FILE: reasons[1] domain", "CII_PLASTA__URL is not set"):
        assert word in told
    assert "did you mean CII_RUNNER?" in told


def test_a_missing_file_is_one_fault_and_not_two(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        configure(complete(CII_REGISTRY_FILE=str(tmp_path / "none")))
    assert len(caught.value.faults) == 1
