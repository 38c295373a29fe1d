"""The nightly by hand, its plan, sending, and the history of runs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.books import RunState
from domain.compare import Finding, Treatment
from domain.decision import FacetFinding
from domain.errors import UnavailableError
from domain.facets import Facet, Target
from domain.intents import IntentState
from domain.work_items import WorkItemKind, WorkItemState
from scheduler.runner import NightlyOrder, Sent
from tests.builders import CASE_ID, NOW
from tests.console.conftest import Command
from tests.console.fakes import FakeHouse, Stored
from tests.console.making import intent, run, task


def planned(house: FakeHouse) -> None:
    """A plan with two effects, one task, and one write that is only observed."""
    house.jobs.night = run(state=RunState.PLANNED)
    house.intents.rows = [intent("I1", IntentState.PLANNED), intent("I2", IntentState.PLANNED), intent("I3")]
    house.work.rows = [replace(task("W1", WorkItemKind.REGISTER_PERSON), state=WorkItemState.PLANNED)]
    write = FacetFinding(
        Facet.REGISTRATION,
        Finding.PLASTA_ONLY,
        Treatment.WRITE_CII,
        proposed=Target.CII,
        why="PLASTA says registration otherwise",
    )
    house.records.found = [Stored(CASE_ID, NOW, write), Stored(CASE_ID, NOW, replace(write, active=True))]


def test_a_plan_tells_what_would_be_done_where_and_why(cli: Command, house: FakeHouse) -> None:
    planned(house)

    result = cli("nightly", "--plan")

    assert house.jobs.orders == [NightlyOrder(NOW, apply=False)]
    assert result.exit_code == 0
    assert "2  plasta  set_keyword  procedure C is open and the keyword is missing" in result.stdout
    assert "1  register_person  tandem" in result.stdout
    assert "1  registration  cii     PLASTA says registration otherwise" in result.stdout
    assert "cii-sync nightly --apply R1" in result.stdout


def test_a_plan_as_json(read: Callable[..., Any], house: FakeHouse) -> None:
    planned(house)

    document = read("nightly", "--plan")

    assert document["plan"]["effects"][0]["number"] == 2
    assert [one["number"] for one in document["plan"]["observed"]] == [1]
    assert document["sent"] is None


def test_without_a_word_it_plans_applies_and_sends(cli: Command, house: FakeHouse) -> None:
    house.jobs.night = run()
    house.jobs.sent = Sent({"done": 12, "already_so": 1}, 0)

    result = cli("nightly", "--everything")

    assert house.jobs.orders == [NightlyOrder(NOW, apply=True, everything=True)]
    assert result.exit_code == 0
    assert "already_so" in result.stdout


def test_a_nightly_as_json(read: Callable[..., Any], house: FakeHouse) -> None:
    house.jobs.night = run()
    house.jobs.sent = Sent({"done": 12}, 2)

    document = read("nightly")

    assert document["run"]["counts"]["seen"] == 500
    assert document["sent"] == {"outcomes": {"done": 12}, "waiting": 2}


def test_one_that_runs_already_is_refused(cli: Command) -> None:
    result = cli("nightly")

    assert result.exit_code == 5
    assert "running already" in result.stderr


def test_a_failed_run_says_why(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.jobs.night = run(state=RunState.FAILED, message="plasta.nightly: PLASTA does not answer")

    result = cli("nightly")

    assert result.exit_code == 1
    assert "PLASTA does not answer" in result.stderr
    assert read("nightly")["run"]["state"] == "failed"


def test_what_a_person_must_look_at_shows_in_the_exit_code(cli: Command, house: FakeHouse) -> None:
    for outcome in ("parked", "unknown", "halted", "refused"):
        house.jobs.sent = Sent({"done": 3, outcome: 1}, 1)

        assert cli("send").exit_code == 6


def test_send_says_when_nothing_was_due(cli: Command, read: Callable[..., Any]) -> None:
    result = cli("send", "--patience", "1")

    assert (result.exit_code, "Nothing was due." in result.stdout) == (0, True)
    assert read("send") == {"shape": "send/1", "outcomes": {}, "waiting": 0}


def test_the_newest_plan_is_applied(cli: Command, house: FakeHouse) -> None:
    house.runs.rows = [run("R3"), run("R2", RunState.PLANNED), run("R1", RunState.PLANNED)]

    assert cli("nightly", "--apply").exit_code == 0
    assert house.jobs.applied == ["R2"]


def test_a_named_plan_is_applied(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.runs.rows = [run("R2", RunState.PLANNED), run("R1", RunState.PLANNED)]

    assert "3 effect(s) are ready" in cli("nightly", "--apply", "R1").stdout
    assert read("nightly", "--apply", "R1")["run"]["id"] == "R1"
    assert house.jobs.applied == ["R1", "R1"]


def test_applying_what_is_not_there(cli: Command) -> None:
    assert cli("nightly", "--apply").exit_code == 5
    assert cli("nightly", "--apply", "R9").exit_code == 2


def test_contradictions_are_wrong_usage(cli: Command) -> None:
    assert cli("nightly", "--plan", "--apply").exit_code == 2
    assert cli("nightly", "R1").exit_code == 2
    assert cli("nightly", "--apply", "--everything").exit_code == 2


def test_a_target_that_is_away_is_told_without_a_traceback(cli: Command, house: FakeHouse) -> None:
    house.jobs.fails = UnavailableError("not connected", system="cii", operation="listCases")

    result = cli("nightly")

    assert result.exit_code == 4
    assert result.stderr.splitlines()[0] == "cii.listCases: not connected"
    assert "Traceback" not in result.output


def test_runs_newest_first(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.runs.rows = [run("R2", RunState.FAILED, message="it broke"), run("R1", ended_at=None)]

    shown = cli("runs").stdout

    assert shown.index("R2") < shown.index("R1")
    assert "R2: it broke" in shown
    assert [one["ended_at"] for one in read("runs")["runs"]] == ["2026-11-22T21:00:09Z", None]


def test_no_run_so_far(cli: Command) -> None:
    assert "No run so far" in cli("runs").stdout
