"""The doors to the real application: wrong settings all at once, a database that is not ready, who gives the order."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress
from typer.testing import CliRunner, Result

from config.logging import logging_to
from console.doors import RealDoors
from console.json_output import emit, instant
from console.main import app
from console.progress import bars_on, shown
from tests.builders import NOW, TODAY

SECRET = "hunter2-invented"


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[StringIO]:
    """Each test's logging ends with it."""
    stream = StringIO()
    with logging_to(stream):
        yield stream


def environ(state: Path) -> dict[str, str]:
    """Settings of an installation whose targets are away: nothing listens on port 9 of loopback."""
    return {
        "CII_STATE_DIR": str(state),
        "CII_CII__BASE_URL": "http://127.0.0.1:9",
        "CII_CII__TOKEN": SECRET,
        "CII_PLASTA__URL": "http://127.0.0.1:9/plasta",
        "CII_PLASTA__USERNAME": "technical",
        "CII_PLASTA__PASSWORD": SECRET,
        "CII_PLASTA__OFFICE": "VSO10",
        "CII_MAIL__HOST": "127.0.0.1",
        "CII_MAIL__PORT": "9",
        "CII_MAIL__SECURITY": "none",
        "CII_MAIL__FROM_ADDRESS": "cii-sync@vs.example",
    }


def cli(variables: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(app, list(words), obj=RealDoors(variables), catch_exceptions=False)


def test_wrong_settings_are_told_all_at_once_and_without_a_secret() -> None:
    variables = {"CII_CII__TOKEN": SECRET, "CII_PLASTA__PASSWORT": SECRET, "CII_MAIL__PORT": "many"}

    doctor, runs = cli(variables, "doctor"), cli(variables, "runs")

    assert (doctor.exit_code, runs.exit_code) == (3, 3)
    for name in ("CII_CII__BASE_URL", "CII_PLASTA__PASSWORT", "CII_MAIL__PORT", "CII_PLASTA__URL"):
        assert name in doctor.stdout
        assert name in runs.stderr
    assert SECRET not in doctor.output + runs.output


def test_a_database_that_is_not_ready_says_what_to_do(tmp_path: Path) -> None:
    result = cli(environ(tmp_path), "runs")

    assert result.exit_code == 3
    assert "db upgrade" in result.stderr


def test_from_nothing_to_the_first_command(tmp_path: Path) -> None:
    variables = environ(tmp_path)

    assert cli(variables, "db", "upgrade").exit_code == 0
    assert cli(variables, "db", "upgrade").exit_code == 0
    assert json.loads(cli(variables, "runs", "--json").stdout) == {"shape": "runs/1", "runs": []}
    assert json.loads(cli(variables, "intents", "--json").stdout)["intents"] == []
    assert json.loads(cli(variables, "case", "CII-2026-000001", "--json").stdout)["known"] is False
    assert (tmp_path / "cii-sync.key").stat().st_mode & 0o077 == 0


def test_the_database_can_be_made_before_the_targets_are_known(tmp_path: Path) -> None:
    assert cli({"CII_STATE_DIR": str(tmp_path)}, "db", "upgrade").exit_code == 0


def test_targets_that_are_away(tmp_path: Path) -> None:
    variables = environ(tmp_path)
    cli(variables, "db", "upgrade")

    doctor = cli(variables, "doctor")
    checked = cli(variables, "check", "CII-2026-000001", "--lang", "de")

    assert doctor.exit_code == 4
    assert doctor.stdout.count("FAULT") == 3
    assert checked.exit_code == 4
    assert "Die IIZ-Software antwortet nicht." in checked.stdout
    assert SECRET not in doctor.output + checked.output


def test_settings_are_shown_without_secrets(tmp_path: Path) -> None:
    result = cli(environ(tmp_path), "doctor", "--settings")

    assert "CII_CII__BASE_URL" in result.stdout
    assert SECRET not in result.stdout


def test_without_a_broker_the_clock_cannot_be_rung(tmp_path: Path) -> None:
    result = cli(environ(tmp_path), "beat")

    assert result.exit_code == 3
    assert "CII_BROKER_URL" in result.stderr


@pytest.mark.parametrize(
    ("more", "service", "debug", "level"),
    [
        ({"CII_LOG__LEVEL": "INFO"}, False, False, logging.WARNING),
        ({"CII_LOG__LEVEL": "ERROR"}, True, False, logging.ERROR),
        ({"CII_LOG__LEVEL": "nonsense"}, True, False, logging.INFO),
        ({}, False, True, logging.DEBUG),
    ],
)
def test_a_service_logs_as_set_and_a_command_only_what_matters(
    more: dict[str, str], service: bool, debug: bool, level: int
) -> None:
    RealDoors(more).log_to_stderr(debug=debug, service=service)

    assert logging.getLogger().level == level


def test_the_order_has_an_author() -> None:
    assert RealDoors({}).who().startswith("cli")


def test_progress_is_told_to_people_at_a_terminal_only(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(quiet=False) as tell:
        tell("cii", 1, None)

    assert capsys.readouterr() == ("", "")


def test_bars_have_one_line_for_each_stage() -> None:
    stream = StringIO()
    with Progress(console=Console(file=stream, force_terminal=True, width=80)) as bars:
        tell = bars_on(bars)
        tell("cii", 100, 500)
        tell("cii", 500, 500)
        tell("a new stage", 1, None)

    assert [task.completed for task in bars.tasks] == [500, 1]
    assert "reading the CII software" in stream.getvalue()
    assert "a new stage" in stream.getvalue()


def test_a_document_holds_nothing_without_a_form() -> None:
    with pytest.raises(TypeError, match="no JSON form"):
        emit("x/1", {"day": TODAY})  # type: ignore[dict-item]  # the point
    with pytest.raises(ValueError, match="without a zone"):
        instant(NOW.replace(tzinfo=None))
