"""Modes, pauses and halts: with a reason, by name, and never where nothing is written."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from console.switches import MIRRORS, SWITCHES
from domain.books import Bar
from domain.decision import Mode
from domain.facets import Facet, Target
from domain.intents import IntentKind
from domain.work_items import Role, WorkItemKind
from tests.builders import NOW
from tests.console.conftest import Command
from tests.console.fakes import FakeHouse
from tests.console.making import task

PAIR = (Facet.KEYWORD, Target.PLASTA)


def test_every_mirror_has_its_switch() -> None:
    assert set(SWITCHES) >= MIRRORS


def test_everything_observes_until_it_is_switched_on(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    shown = cli("mode").stdout

    assert shown.count("observe") == len(SWITCHES)
    assert {one["mode"] for one in read("mode")["modes"]} == {"observe"}
    house.switches.active[PAIR] = Mode(active=True, since=date(2026, 11, 1))
    assert "active   2026-11-01" in cli("mode").stdout


def test_switched_on_with_a_reason(cli: Command, house: FakeHouse) -> None:
    result = cli("mode", "keyword", "plasta", "active", "--reason", "approved on 20.11.")

    assert result.exit_code == 0
    assert house.switches.active[PAIR] == Mode(active=True)
    assert house.switches.changes == [("approved on 20.11.", "cli:somebody")]


@pytest.mark.parametrize("day", ["2026-11-01", "01.11.2026"])
def test_a_first_day(cli: Command, house: FakeHouse, day: str) -> None:
    cli("mode", "reinsertion", "mail", "active", "--reason", "approved", "--from", day)

    assert house.switches.active[Facet.REINSERTION, Target.MAIL] == Mode(active=True, since=date(2026, 11, 1))


def test_mails_count_from_today_unless_told_otherwise(cli: Command, house: FakeHouse) -> None:
    result = cli("mode", "reinsertion", "mail", "active", "--reason", "approved")

    assert house.switches.active[Facet.REINSERTION, Target.MAIL].since == date(2026, 11, 22)
    assert "from 2026-11-22 on" in result.stdout


def test_back_to_observing(cli: Command, house: FakeHouse) -> None:
    house.switches.active[Facet.REINSERTION, Target.MAIL] = Mode(active=True)

    assert "only observed" in cli("mode", "reinsertion", "mail", "observe", "--reason", "a pause of ours").stdout
    assert house.switches.active[Facet.REINSERTION, Target.MAIL] == Mode()


@pytest.mark.parametrize(
    "words",
    [
        ["keyword"],
        ["keyword", "plasta"],
        ["keyword", "plasta", "active"],
        ["keyword", "plasta", "active", "--reason", "  "],
        ["keyword", "cii", "active", "--reason", "never written"],
        ["keyword", "plasta", "active", "--reason", "approved", "--from", "tomorrow"],
        ["weather", "plasta", "active", "--reason", "approved"],
    ],
)
def test_a_switch_that_cannot_be_meant(cli: Command, house: FakeHouse, words: list[str]) -> None:
    assert cli("mode", *words).exit_code == 2
    assert house.switches.active == {}


def test_one_target_is_paused_and_resumed(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    assert cli("pause", "plasta", "--reason", "maintenance").exit_code == 0
    assert [bar.target for bar in house.switches.barred] == [Target.PLASTA]
    assert "paused by cli:somebody" in cli("mode").stdout
    assert read("mode")["bars"][0]["reason"] == "maintenance"
    assert "Lifted: 1." in cli("resume", "plasta", "--reason", "over").stdout
    assert "Nothing was paused" in cli("resume", "plasta", "--reason", "over").stdout


def test_everything_is_paused(cli: Command, house: FakeHouse) -> None:
    cli("pause", "all", "--reason", "flood in the cellar")

    assert [bar.target for bar in house.switches.barred] == [None]
    assert "Everything is still paused" in cli("resume", "mail", "--reason", "dry again").stdout
    assert "Lifted: 1." in cli("resume", "all", "--reason", "dry again").stdout


def test_lifting_a_halt_ends_its_task(cli: Command, house: FakeHouse) -> None:
    bar = Bar(Target.PLASTA, IntentKind.SET_KEYWORD, "not in the catalogue", "dispatch", NOW, halted=True)
    house.switches.barred = [bar]
    key = "target_halted:plasta:set_keyword"
    house.work.rows = [task("W1", WorkItemKind.TARGET_HALTED, Role.OPS, case_id=None, key=key)]

    cli("resume", "plasta", "--reason", "catalogue completed")

    assert house.work.ended == [("W1", "catalogue completed", "cli:somebody")]


@pytest.mark.parametrize("words", [["pause", "moon", "--reason", "why not"], ["pause", "mail"], ["resume", "mail"]])
def test_an_unknown_target_or_no_reason(cli: Command, house: FakeHouse, words: list[str]) -> None:
    assert cli(*words).exit_code == 2
    assert house.switches.barred == []
