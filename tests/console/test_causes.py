"""Causes as operators see them: one row each, a closed table of advice, and no retry where it could do harm."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from console.advice import BY_FAMILY, STATE_WORDS, STRANGE, Shown, advice_on, by_itself, offers_retry, shown, to_do
from console.main import app
from domain.books import Bar
from domain.causes import RESTORED, Cause, CauseCount, Standing
from domain.errors import HALTING, OutcomeUnknownError, SyncError
from domain.facets import Target
from domain.intents import IntentKind
from tests.builders import NOW
from tests.console.conftest import Command
from tests.console.fakes import FakeHouse

HALT = Bar(Target.PLASTA, None, "the login is refused", "cii-sync", NOW, halted=True)
PAUSE = Bar(None, None, "moving house", "ops", NOW)


def families(root: type[SyncError] = SyncError) -> Iterator[str]:
    """Every family there is, whoever adds one."""
    yield root.family
    for one in root.__subclasses__():
        yield from families(one)


def count(family: str = "refused", code: str = "422", **standings: int) -> CauseCount:
    """Keywords at PLASTA, standing so."""
    cause = Cause(Target.PLASTA, IntentKind.SET_KEYWORD, family, code)
    numbers = {Standing(word): number for word, number in (standings or {"parked": 1}).items()}
    return CauseCount(cause, numbers, NOW, NOW + timedelta(hours=1) if "waiting" in standings else None)


def test_every_family_of_errors_has_its_advice_and_nothing_else_has() -> None:
    assert set(BY_FAMILY) == {*families(), RESTORED, ""}
    assert advice_on("of a newer version") is STRANGE


def test_every_sentence_is_plain_and_short() -> None:
    pairs = list(itertools.product(Shown, BY_FAMILY))
    said = (
        {one.means for one in BY_FAMILY.values()} | {to_do(*one) for one in pairs} | {by_itself(*one) for one in pairs}
    )

    for sentence in said:
        assert sentence.endswith((".", ")."))
        assert all(len(part.split()) <= 20 for part in re.split(r"[.:;] ", sentence)), sentence
    assert set(STATE_WORDS) == set(Shown)


def test_every_command_that_the_advice_names_exists() -> None:
    known = {command.name or command.callback.__name__ for part in app.registered_groups for command in commands(part)}
    named = {
        name for pair in itertools.product(Shown, BY_FAMILY) for name in re.findall(r"cii-sync ([a-z]+)", to_do(*pair))
    }

    assert named
    assert named <= known


def commands(part: Any) -> Any:  # noqa: ANN401 - Typer's own
    """The commands of one part of the command line."""
    return part.typer_instance.registered_commands


NEVER = {OutcomeUnknownError.family, *(one.family for one in HALTING)}


@pytest.mark.parametrize("family", sorted({*BY_FAMILY, "of a newer version"}))
@pytest.mark.parametrize("standing", Standing)
def test_a_retry_is_offered_only_where_it_can_do_no_harm(family: str, standing: Standing) -> None:
    offers = offers_retry(standing, family, [])

    assert not (offers and family in NEVER)
    assert not (offers and standing is not Standing.PARKED)
    assert not offers_retry(standing, family, [HALT])
    assert offers_retry(standing, family, [PAUSE]) is offers


@pytest.mark.parametrize(
    ("counted", "bars", "word"),
    [
        (count(parked=1, waiting=9), [HALT], Shown.PARKED),
        (count(held=1, parked=9), [], Shown.HELD),
        (count("credentials", waiting=2), [HALT], Shown.HALTED),
        (count("unavailable", waiting=2), [PAUSE], Shown.PAUSED),
        (count("unknown", unknown=1), [], Shown.UNKNOWN),
        (count("unavailable", waiting=1), [], Shown.WAITING),
        (count("unavailable", waiting=1), [Bar(Target.CII, None, "away", "ops", NOW)], Shown.WAITING),
        (count("unavailable", waiting=1), [Bar(Target.PLASTA, IntentKind.SEND_MAIL, "x", "ops", NOW)], Shown.WAITING),
    ],
)
def test_a_cause_stands_as_its_neediest_intent_does(counted: CauseCount, bars: list[Bar], word: Shown) -> None:
    assert shown(counted, bars) is word


def test_3000_failures_of_four_causes_are_four_rows(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.intents.by_cause = [
        count(parked=680),
        count("unknown", "held", held=20),
        count("unavailable", "timeout", waiting=2290),
        count("credentials", "401", waiting=10),
    ]
    house.switches.barred = [HALT]

    shown_text = cli("causes").stdout
    document = read("causes")

    assert "4 causes stop 3000 effects." in shown_text
    assert "680 set_keyword to plasta: refused (422)" in shown_text
    assert document["total"] == 3000
    assert [one["state"] for one in document["causes"]] == ["parked", "held", "halted", "halted"]
    assert "cii-sync answer ID" in shown_text
    assert "retry --cause" not in shown_text, "the target is halted: nothing is offered"
    assert {one["retry"] for one in document["causes"]} == {None}
    house.switches.barred = []
    assert "Retry: cii-sync retry --cause plasta/set_keyword/422" in cli("causes").stdout
    assert [one["retry"] for one in read("causes")["causes"]] == ["plasta/set_keyword/422", None, None, None]


def test_one_cause_and_none(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    assert "No effect is parked" in cli("causes").stdout
    assert read("causes") == {"shape": "causes/1", "total": 0, "causes": []}
    house.intents.by_cause = [count("consent", "consent")]
    assert "as soon as a basis covers it" in cli("causes").stdout
    assert "1 cause stops 1 effect." in cli("causes").stdout


def test_a_code_that_a_shell_would_read_is_quoted(cli: Command, house: FakeHouse) -> None:
    house.intents.by_cause = [count(code="a b;c")]

    assert "--cause 'plasta/set_keyword/a b;c'" in cli("causes").stdout
