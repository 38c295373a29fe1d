"""Intents as operators see and move them: no payload, no repeat of a doubt."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.intents import IntentState, Outcome
from domain.work_items import Role, WorkItemKind
from tests.builders import CASE_ID
from tests.console.conftest import Command
from tests.console.fakes import FakeHouse
from tests.console.making import attempt, intent, mail, task


def test_all_with_their_totals(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.intents.rows = [intent("I1"), intent("I2", IntentState.PARKED, last_code="consent")]

    shown = cli("intents").stdout

    assert "In all: 1 done, 1 parked" in shown
    assert "parked (consent)" in shown
    document = read("intents")
    assert document["totals"] == {"done": 1, "parked": 1}
    assert "payload" not in document["intents"][0]


def test_only_some(read: Callable[..., Any], house: FakeHouse) -> None:
    house.intents.rows = [intent("I1"), intent("I2", IntentState.PARKED), intent("I3", IntentState.UNKNOWN)]

    ids = [one["id"] for one in read("intents", "--state", "parked", "--state", "unknown")["intents"]]

    assert ids == ["I2", "I3"]
    assert read("intents", "--case", "CII-2020-000009")["intents"] == []


def test_none_fits(cli: Command) -> None:
    assert "No intent fits." in cli("intents").stdout


def test_one_with_its_attempts(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.intents.rows = [intent("I1", IntentState.UNKNOWN, last_message="the answer was lost")]
    house.intents.tries["I1"] = [attempt(1, Outcome.UNKNOWN), attempt(2, None)]

    shown = cli("intents", "I1").stdout

    assert "legal basis: registration-duty" in shown
    assert "last: the answer was lost" in shown
    assert "no end recorded" in shown
    assert [one["outcome"] for one in read("intents", "I1")["attempts"]] == ["unknown", None]
    assert cli("intents", "I9").exit_code == 2


def test_a_parked_one_is_offered_again_and_its_task_ends(cli: Command, house: FakeHouse) -> None:
    house.intents.rows = [intent("I1", IntentState.PARKED)]
    house.work.rows = [task("W1", WorkItemKind.LOOK_AT_PARKED, Role.OPS, key="look_at_parked:I1")]

    assert cli("retry", "I1").exit_code == 0
    assert house.intents.rows[0].state is IntentState.READY
    assert house.work.ended == [("W1", "retried", "cli:somebody")]


@pytest.mark.parametrize("state", [IntentState.UNKNOWN, IntentState.DONE, IntentState.READY])
def test_no_other_one_is_retried(cli: Command, house: FakeHouse, state: IntentState) -> None:
    house.intents.rows = [intent("I1", state)]

    result = cli("retry", "I1")

    assert result.exit_code == 5
    assert ("cii-sync answer" in result.stderr) is (state is IntentState.UNKNOWN)
    assert house.intents.rows[0].state is state


@pytest.mark.parametrize(("word", "becomes"), [("--arrived", IntentState.DONE), ("--again", IntentState.READY)])
def test_a_person_ends_a_doubt(cli: Command, house: FakeHouse, word: str, becomes: IntentState) -> None:
    house.intents.rows = [intent("I1", IntentState.UNKNOWN)]
    house.work.rows = [task("W1", WorkItemKind.SETTLE_UNKNOWN, Role.OPS, key="settle_unknown:I1")]

    assert cli("answer", "I1", word, "--reason", "  seen in   the log ").exit_code == 0
    assert house.intents.rows[0].state is becomes
    assert house.intents.acts == [(word.removeprefix("--"), "I1", "cli:somebody", "seen in the log")]
    assert house.work.ended == [("W1", "seen in the log", "cli:somebody")]


def test_where_there_is_no_doubt_nothing_is_answered(cli: Command, house: FakeHouse) -> None:
    house.intents.rows = [intent("I1", IntentState.PARKED)]

    assert cli("answer", "I1", "--arrived", "--reason", "seen there").exit_code == 5
    assert cli("answer", "I9", "--arrived", "--reason", "seen there").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [["--arrived", "--again", "--reason", "seen"], ["--reason", "seen"], ["--arrived"], ["--again", "--reason", " "]],
)
def test_an_answer_needs_one_word_and_a_reason(cli: Command, house: FakeHouse, words: list[str]) -> None:
    house.intents.rows = [intent("I1", IntentState.UNKNOWN)]

    assert cli("answer", "I1", *words).exit_code == 2
    assert house.intents.acts == []


def test_the_mails_of_a_reinsertion(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.jobs.mails = [
        mail("I1", "cii-office", IntentState.DONE),
        mail("I2", "coordinator-sion", IntentState.ALREADY_SO),
    ]

    result = cli("notice", CASE_ID, "--lang", "fr")

    assert result.exit_code == 0
    assert "cii-office: Mail accepté par le serveur. Accepté ne veut pas dire lu." in result.stdout
    assert [one["recipient"] for one in read("notice", CASE_ID)["mails"]] == ["cii-office", "coordinator-sion"]


def test_a_mail_that_waits_and_none_at_all(cli: Command, house: FakeHouse) -> None:
    house.jobs.mails = [replace(mail("I1", "cii-office", IntentState.UNKNOWN), last_code="held")]
    waiting = cli("notice", CASE_ID, "--lang", "de")
    house.jobs.mails = []
    none = cli("notice", CASE_ID, "--lang", "de")

    assert (waiting.exit_code, none.exit_code) == (6, 6)
    assert "ob dieses Mail ankam" in waiting.stdout
    assert "Kein Mail zu senden" in none.stdout
