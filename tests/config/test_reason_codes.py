"""PLASTA's de-registration reasons: shipped without entries; an unmapped code is a listed gap."""

from pathlib import Path

import pytest

from config.reason_codes import load_reason_codes
from config.toml_files import shipped
from domain.cases import ExitReason
from domain.errors import SettingsError

ENTRY = '[[reasons]]\ndomain = "ABMELDEGRUND"\ncode = "01"\nexit = "employment"\n'


def written(text: str, folder: Path) -> Path:
    path = folder / "codes.toml"
    path.write_text('version = "1"\n' + text, encoding="utf-8")
    return path


def test_nothing_is_guessed_until_an_operator_says_so() -> None:
    table = load_reason_codes()
    assert table.exit_reason("ABMELDEGRUND", "1") is None
    assert table.gaps([("B", "2"), ("A", "1"), ("A", "1")]) == (("A", "1"), ("B", "2"))


def test_an_operator_completes_a_copy_of_the_shipped_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        shipped("code_maps", "plasta_deregistration.toml").read_text(encoding="utf-8") + ENTRY, encoding="utf-8"
    )
    table = load_reason_codes(path)
    assert table.exit_reason("ABMELDEGRUND", "01") is ExitReason.EMPLOYMENT
    assert table.exit_reason("ABMELDEGRUND", "1") is None
    assert table.exit_reason("ABMELDEGRUNDOHNESTELLE", "01") is None
    assert table.gaps([("ABMELDEGRUND", "01"), ("ABMELDEGRUND", "02")]) == (("ABMELDEGRUND", "02"),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ENTRY + ENTRY, "ABMELDEGRUND 01 stands twice"),
        (ENTRY.replace('"01"', "1"), "reasons[1] code has a form"),
        (ENTRY.replace('"01"', '"12345678901"'), "reasons[1] code has a form"),
        (ENTRY.replace("employment", "found work"), "reasons[1] exit"),
        (ENTRY.replace("ABMELDEGRUND", "GRUND"), "reasons[1] domain is not one of"),
        (ENTRY.replace("exit", "family"), "reasons[1] family is not a setting"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_reason_codes(written(text, tmp_path))
    assert [line for line in caught.value.faults if told in line]


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    text = ENTRY.replace("ABMELDEGRUND", "GRUND") + ENTRY.replace("employment", "work")
    with pytest.raises(SettingsError) as caught:
        load_reason_codes(written(text, tmp_path))
    assert len(caught.value.faults) == 2
