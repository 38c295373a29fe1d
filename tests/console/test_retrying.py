"""``retry`` of a cause: a preview with a mark, exactly that list, once; ``withdraw`` and ``restore``."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.books import Bar
from domain.decision import CaseFacts
from domain.facets import Target
from domain.intents import Intent, IntentState
from tests.builders import NOW, case
from tests.console.conftest import Command
from tests.console.fakes import FakeHouse
from tests.console.making import intent

CAUSE = ("--cause", "plasta/set_keyword/422")
REASON = ("--reason", "the catalogue is corrected")


def parked(intent_id: str, days: int = 0, family: str = "refused") -> Intent:
    """Parked so many days ago."""
    since = NOW - timedelta(days=days)
    return intent(intent_id, IntentState.PARKED, last_code="422", last_family=family, due_at=since)


@pytest.fixture
def three(house: FakeHouse) -> FakeHouse:
    """Three parked for the cause, one for another; the case is not in the books."""
    house.intents.rows = [parked("I1"), parked("I2", 3), parked("I3", 7)]
    house.intents.rows.append(replace(parked("I4"), last_code="409"))
    return house


def states(house: FakeHouse) -> dict[str, str]:
    return {one.intent_id: one.state.value for one in house.intents.rows}


def test_a_preview_shows_the_list_and_does_nothing(cli: Command, read: Callable[..., Any], three: FakeHouse) -> None:
    before = states(three)

    result = cli("retry", *CAUSE)

    assert result.exit_code == 0
    assert "3 intents would be offered again, and no other" in result.stdout
    assert "3 would not go: their case is not in our books" in result.stdout
    document = read("retry", *CAUSE, "--preview")
    assert (document["count"], document["would_not_go"]) == (3, {"case_unknown": 3})
    assert [one["intent"] for one in document["examples"]] == ["I1", "I2", "I3"]
    assert f"--pinned {document['pinned']}" in result.stdout
    assert states(three) == before


def test_a_preview_names_five_at_most(read: Callable[..., Any], house: FakeHouse) -> None:
    house.intents.rows = [parked(f"I{number}") for number in range(9)]

    document = read("retry", *CAUSE)

    assert (document["count"], len(document["examples"])) == (9, 5)


def test_what_todays_decision_does_not_want_is_counted(read: Callable[..., Any], three: FakeHouse) -> None:
    three.cases.known = {case().case_id: CaseFacts(case())}

    assert read("retry", *CAUSE)["would_not_go"] == {"not_wanted": 3}


def test_exactly_the_list_of_the_preview_is_offered(cli: Command, read: Callable[..., Any], three: FakeHouse) -> None:
    pin = read("retry", *CAUSE)["pinned"]

    result = cli("retry", *CAUSE, "--yes", "--pinned", pin, *REASON)

    assert result.exit_code == 0
    assert f"3 ready again (reference {pin})" in result.stdout
    assert states(three) == {"I1": "ready", "I2": "ready", "I3": "ready", "I4": "parked"}
    batch = three.intents.batches[pin]
    assert (batch.by, batch.reason) == ("cli:somebody", "the catalogue is corrected")


def test_f73_pressed_twice_is_once(cli: Command, read: Callable[..., Any], three: FakeHouse) -> None:
    pin = read("retry", *CAUSE)["pinned"]
    order = ("retry", *CAUSE, "--yes", "--pinned", pin, *REASON)
    assert cli(*order).exit_code == 0
    three.intents.rows.append(parked("I9"))

    second = cli(*order)

    assert second.exit_code == 0
    assert "Already done on 2026-11-22 21:00 UTC by cli:somebody" in second.stdout
    assert states(three)["I9"] == "parked"
    assert read(*order)["before"] is True
    assert read(*order)["done"] == ["I1", "I2", "I3"]


def test_a_list_that_is_another_one_by_now_is_refused(cli: Command, read: Callable[..., Any], three: FakeHouse) -> None:
    pin = read("retry", *CAUSE)["pinned"]
    three.intents.rows.append(parked("I9"))
    before = states(three)

    result = cli("retry", *CAUSE, "--yes", "--pinned", pin, *REASON)

    assert result.exit_code == 5
    assert "not the one of that preview any more; nothing was done" in result.stderr
    assert "4 intents now" in result.stdout + result.stderr
    assert states(three) == before


def test_a_stretch_of_days_bounds_the_list(cli: Command, read: Callable[..., Any], three: FakeHouse) -> None:
    days = ("--since", "2026-11-15", "--until", "19.11.2026")
    document = read("retry", *CAUSE, *days)

    assert [one["intent"] for one in document["examples"]] == ["I2", "I3"]
    assert (document["since"], document["until"]) == ("2026-11-14T23:00:00Z", "2026-11-19T23:00:00Z")
    three.intents.rows.append(parked("I9"))
    assert cli("retry", *CAUSE, *days, "--yes", "--pinned", document["pinned"], *REASON).exit_code == 0
    assert states(three) == {"I1": "parked", "I2": "ready", "I3": "ready", "I4": "parked", "I9": "parked"}


@pytest.mark.parametrize("family", ["unknown", "credentials", "consent"])
def test_families_that_are_never_retried_in_bulk_are_left_out(
    cli: Command, read: Callable[..., Any], house: FakeHouse, family: str
) -> None:
    house.intents.rows = [parked("I1", family=family), parked("I2")]

    document = read("retry", *CAUSE)
    cli("retry", *CAUSE, "--yes", "--pinned", document["pinned"], *REASON)

    assert (document["count"], document["left_out"]) == (1, {family: 1})
    assert f"1 left out ({family})" in cli("retry", *CAUSE).stdout
    assert states(house) == {"I1": "parked", "I2": "ready"}


def test_while_the_target_is_halted_nothing_is_retried(
    cli: Command, read: Callable[..., Any], three: FakeHouse
) -> None:
    pin = read("retry", *CAUSE)["pinned"]
    three.switches.barred = [Bar(Target.PLASTA, None, "the login is refused", "cii-sync", NOW, halted=True)]

    assert read("retry", *CAUSE)["pinned"] is None
    assert "nothing is retried in bulk" in cli("retry", *CAUSE).stdout
    result = cli("retry", *CAUSE, "--yes", "--pinned", pin, *REASON)
    assert (result.exit_code, "cii-sync resume" in result.stderr) == (5, True)
    assert set(states(three).values()) == {"parked"}


def test_a_pause_is_told_and_does_not_forbid(cli: Command, read: Callable[..., Any], three: FakeHouse) -> None:
    three.switches.barred = [Bar(None, None, "moving house", "ops", NOW)]

    assert "Everything is paused" in cli("retry", *CAUSE).stdout
    assert read("retry", *CAUSE)["pinned"]


def test_no_intent_of_the_cause(cli: Command, house: FakeHouse) -> None:
    result = cli("retry", *CAUSE)

    assert (result.exit_code, "No parked intent of this cause" in result.stdout) == (0, True)
    assert cli("retry", *CAUSE, "--yes", "--pinned", "0" * 12, *REASON).exit_code == 5


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("I1", *CAUSE),
        ("I1", "--yes"),
        ("I1", "--json"),
        ("--cause", "plasta"),
        ("--cause", "elsewhere/set_keyword/422"),
        ("--cause", "plasta/sing/422"),
        ("--cause", "plasta/set_keyword/"),
        (*CAUSE, "--yes", *REASON),
        (*CAUSE, "--yes", "--pinned", "abc"),
        (*CAUSE, "--since", "yesterday"),
        (*CAUSE, "--since", "2026-11-20", "--until", "2026-11-19"),
    ],
)
def test_what_is_not_clear_is_wrong_usage(cli: Command, three: FakeHouse, words: tuple[str, ...]) -> None:
    before = states(three)

    assert cli("retry", *words).exit_code == 2
    assert states(three) == before


@pytest.mark.parametrize("state", [IntentState.PARKED, IntentState.READY])
def test_withdrawn_with_a_reason(cli: Command, house: FakeHouse, state: IntentState) -> None:
    house.intents.rows = [intent("I1", state)]

    result = cli("withdraw", "I1", "--reason", " done  by hand ")

    assert result.exit_code == 0
    assert "within 30 days with: cii-sync restore I1" in result.stdout
    assert states(house) == {"I1": "withdrawn"}
    assert house.intents.acts == [("withdraw", "I1", "cli:somebody", "done by hand")]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (IntentState.CLAIMED, "has it in its hands"),
        (IntentState.UNKNOWN, "cii-sync answer"),
        (IntentState.DONE, "It is over"),
        (IntentState.PLANNED, "not applied"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused_with_its_reason(
    cli: Command, house: FakeHouse, state: IntentState, word: str
) -> None:
    house.intents.rows = [intent("I1", state)]

    result = cli("withdraw", "I1", "--reason", "done by hand")

    assert (result.exit_code, word in result.stderr) == (5, True)
    assert states(house) == {"I1": state.value}


def test_restored_and_asked_about(cli: Command, house: FakeHouse) -> None:
    house.intents.rows = [intent("I1", IntentState.WITHDRAWN)]

    result = cli("restore", "I1", "--reason", "the wrong one")

    assert result.exit_code == 0
    assert "Parked again" in result.stdout
    assert states(house) == {"I1": "parked"}
    assert house.intents.acts == [("restore", "I1", "cli:somebody", "the wrong one", "look_at_parked:I1")]


def test_restored_too_late_or_never_withdrawn(cli: Command, house: FakeHouse) -> None:
    house.intents.rows = [intent("I1", IntentState.WITHDRAWN), intent("I2", IntentState.DONE)]
    house.intents.late = True

    late, done = (cli("restore", one, "--reason", "the wrong one") for one in ("I1", "I2"))

    assert (late.exit_code, done.exit_code) == (5, 5)
    assert "more than 30 days ago" in late.stderr
    assert "it is done" in done.stderr


@pytest.mark.parametrize("command", ["withdraw", "restore"])
def test_both_need_an_intent_and_a_reason(cli: Command, house: FakeHouse, command: str) -> None:
    house.intents.rows = [intent("I1", IntentState.PARKED)]

    assert cli(command, "I1").exit_code == 2
    assert cli(command, "I1", "--reason", " ").exit_code == 2
    assert cli(command, "I9", "--reason", "done by hand").exit_code == 2
    assert house.intents.acts == []
