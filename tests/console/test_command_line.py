"""The command line as a whole: a fast start, exit codes, errors as plain lines, nothing in data that acts."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from config.logging import logging_to
from console.doors import GROUPS
from console.exit_codes import MEANING, ExitCode
from console.language import language_of
from console.screen import plain
from domain.errors import (
    FAILURES,
    ContractBrokenError,
    CredentialsError,
    MisconfiguredError,
    OutcomeUnknownError,
    SettingsError,
    SyncError,
    ThrottledError,
    UnavailableError,
)
from domain.facets import Language
from domain.ports import CheckResult
from domain.work_items import WorkItemKind
from tests.console.conftest import SHAPES, Command
from tests.console.fakes import FakeDoors, FakeHouse
from tests.console.making import run, task

HEAVY = (
    "alembic",
    "celery",
    "kombu",
    "lxml",
    "pydantic_settings",
    "requests",
    "sqlalchemy",
    "zeep",
    "holidays",
    "jinja2",
)


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["sandbox", "serve", "--help"], ["shapes"]])
def test_help_starts_fast_and_imports_nothing_heavy(words: list[str]) -> None:
    program = (
        f"import sys, console.main\nsys.argv[1:] = {words!r}\n"
        "try:\n    console.main.main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ended.stderr.strip() == "[]"


def test_help_tells_every_exit_code(cli: Command) -> None:
    shown = " ".join(cli("--help").stdout.split())

    assert set(MEANING) == set(ExitCode)
    assert all(f"{code.value} {meaning}" in shown for code, meaning in MEANING.items())


CODES: dict[type[SyncError], ExitCode] = {
    SettingsError: ExitCode.NOT_READY,
    MisconfiguredError: ExitCode.NOT_READY,
    UnavailableError: ExitCode.NOT_REACHABLE,
    ThrottledError: ExitCode.NOT_REACHABLE,
    CredentialsError: ExitCode.NOT_REACHABLE,
    ContractBrokenError: ExitCode.NOT_REACHABLE,
    OutcomeUnknownError: ExitCode.WAITS,
}


def failure(family: type[SyncError]) -> SyncError:
    """An error of a family as it would be raised."""
    if family is SettingsError:
        return SettingsError(("CII_CII__TOKEN is not set; set it",))
    more = {"path": "rows[0]"} if "Mapping" in family.__name__ else {}
    return family("it failed", system="plasta", operation="searchStes", **more)


@pytest.mark.parametrize("family", FAILURES)
def test_every_family_ends_as_plain_lines_with_its_code(
    cli: Command, doors: FakeDoors, family: type[SyncError]
) -> None:
    doors.fails = failure(family)

    result = cli("runs")

    assert result.exit_code == CODES.get(family, ExitCode.DIFFERENT_OR_FAILED)
    assert len(result.stderr.splitlines()) <= 3
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_a_traceback_only_in_the_redacted_log_and_only_when_asked_for(cli: Command, doors: FakeDoors) -> None:
    doors.fails = UnavailableError("not connected", system="cii")
    with logging_to(StringIO()) as handler:
        cli("runs")
        quiet = handler.stream.getvalue()  # type: ignore[attr-defined]  # the stream given above
        cli("--debug", "runs")
        loud = handler.stream.getvalue()  # type: ignore[attr-defined]

    assert quiet == ""
    assert json.loads(loud)["level"] == logging.getLevelName(logging.ERROR)


def test_a_foreign_package_in_our_place_stops_everything(cli: Command, doors: FakeDoors) -> None:
    def foreign() -> None:
        raise SettingsError(("package scheduler is another project's; remove it",))

    doors.at_guard = foreign

    result = cli("runs")

    assert result.exit_code == 3
    assert "package scheduler" in result.stderr
    assert doors.done == []


def test_the_house_is_closed_whatever_happens(cli: Command, doors: FakeDoors, house: FakeHouse) -> None:
    house.jobs.fails = UnavailableError("away", system="plasta")

    cli("send")

    assert doors.done[-2:] == [("opened",), ("closed",)]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"settings": True, "database": True, "plasta": True}, 0),
        ({"settings": True, "database": True, "plasta": False}, 4),
        ({"settings": True, "database": False, "plasta": False}, 3),
        ({"settings": False}, 3),
        ({"broker": False}, 4),
    ],
)
def test_the_doctor_tells_everything_at_once(
    cli: Command, read: Callable[..., Any], doors: FakeDoors, parts: dict[str, bool], code: int
) -> None:
    doors.results = [CheckResult(name, ok=ok, message=f"about {name}") for name, ok in parts.items()]

    result = cli("doctor")

    assert result.exit_code == code
    assert all(f"about {name}" in result.stdout for name in parts)
    assert result.stdout.count("FAULT") == list(parts.values()).count(False)
    assert [one["ok"] for one in read("doctor")["checks"]] == list(parts.values())


def test_every_setting_is_listed_without_secrets(cli: Command, read: Callable[..., Any]) -> None:
    assert "CII_CII__TOKEN  ***    set" in cli("doctor", "--settings").stdout
    assert [one["is_default"] for one in read("doctor", "--settings")["settings"]] == [False, True]


def test_the_stand_ins_are_served_until_their_input_ends() -> None:
    words = [
        sys.executable,
        "-m",
        "console.main",
        "sandbox",
        "serve",
        "--cases=200",
        "--until-eof",
        "--today=2026-11-22",
    ]

    ended = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)

    assert json.loads(ended.stdout)["population"]["today"] == "2026-11-22"


def test_no_line_of_help_is_cut(cli: Command) -> None:
    _usage, *rest = cli("--help").stdout.splitlines()

    assert not [line for line in rest if "..." in line]


def test_setting_up_and_serving(cli: Command, doors: FakeDoors) -> None:
    assert cli("db", "upgrade").exit_code == 0
    assert cli("worker", "--group", "express").exit_code == 0
    assert cli("beat").exit_code == 0
    assert [act for act in doors.done if act[0] != "logging"] == [("upgraded",), ("worked", "express"), ("beaten",)]
    assert ("logging", "quiet", "service") in doors.done


def test_a_worker_group_that_does_not_exist(cli: Command) -> None:
    assert cli("worker", "--group", "moon").exit_code == 2


def test_every_queue_is_served_by_a_group() -> None:
    from scheduler.queues import LANES  # here: loads kombu, which no other test of this file needs

    assert set(GROUPS["all"]) == set(LANES)
    assert {lane for group, lanes in GROUPS.items() if group != "all" for lane in lanes} == set(LANES)


def test_the_shapes_are_a_valid_schema_and_printed(cli: Command) -> None:
    Draft202012Validator.check_schema(SHAPES)

    assert json.loads(cli("shapes").stdout) == SHAPES


def test_what_acts_on_a_terminal_is_shown_as_a_mark() -> None:
    assert plain("a\x1b[31mb\u202ec\r\x07") == "a\ufffd[31mb\ufffdc\ufffd\ufffd"
    assert plain("Zürich – 1 200 «ça»\u00a0!\n") == "Zürich – 1 200 «ça»\u00a0!\n"


def test_markup_in_data_stays_text(cli: Command, house: FakeHouse) -> None:
    house.runs.rows = [run("R1", message="[bold red]x[/] :smile: [link=http://e]y[/link]")]
    house.work.rows = [task("W[red]1[/]", WorkItemKind.REGISTER_PERSON)]

    assert "R1: [bold red]x[/] :smile: [link=http://e]y[/link]" in cli("runs").stdout
    assert "W[red]1[/]" in cli("work").stdout


def test_no_colour_codes_where_nobody_looks(cli: Command, house: FakeHouse) -> None:
    house.runs.rows = [run()]

    assert "\x1b" not in cli("runs").output


@pytest.mark.parametrize(
    ("option", "environ", "language"),
    [
        (None, {}, Language.FR),
        (None, {"LANG": "C.UTF-8"}, Language.FR),
        (None, {"LANG": "de_CH.UTF-8"}, Language.DE),
        (None, {"LC_ALL": "fr_CH.UTF-8", "LANG": "de_CH.UTF-8"}, Language.FR),
        (None, {"CII_LANG": "de", "LANG": "fr_CH.UTF-8"}, Language.DE),
        (Language.FR, {"CII_LANG": "de"}, Language.FR),
    ],
)
def test_whose_language_it_is(option: Language | None, environ: dict[str, str], language: Language) -> None:
    assert language_of(option, environ) is language


def test_the_language_of_the_installation(doors: FakeDoors, cli: Command) -> None:
    doors.environ = {"CII_LANG": "de"}

    assert cli("work").stdout == "Keine offene Aufgabe.\n"
