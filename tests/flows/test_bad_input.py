"""Bad input of every kind: a clear error or a work item with path and reason, and the rest of the run goes on.

Nobody is ever declared "not registered" from a faulty or cut answer.
"""

from datetime import timedelta

import pytest

from domain.books import Run, RunState
from domain.work_items import WorkItem, WorkItemKind, WorkItemState
from pipelines.needs import silent
from sandbox.faults import Fault
from sandbox.serve import Sandbox
from scheduler.bootstrap import House, utc_now
from scheduler.runner import NightlyOrder
from tests.flows.test_nightly import assert_as_expected, effects, night


def nightly(house: House) -> Run:
    """A nightly under faults, planned, applied and sent."""
    run = house.runner.nightly(NightlyOrder(utc_now()), silent)
    assert run is not None
    house.runner.send(timedelta(seconds=1), silent)
    return run


def items(house: House, *kinds: WorkItemKind) -> list[WorkItem]:
    """The open work items of some kinds."""
    every = house.needs.work.listed(frozenset({WorkItemState.OPEN}), limit=100_000)
    return [item for item in every if item.ask.kind in kinds]


def said_not_registered(house: House, sandbox: Sandbox) -> set[str]:
    """Cases that were declared not registered, by mirror or by work item."""
    written = {
        effect.business_key.split("/")[0]
        for effect in sandbox.cii.ledger.effects()
        if "not_registered" in effect.detail["value"]
    }
    return written | {str(item.ask.case_id) for item in items(house, WorkItemKind.REGISTER_PERSON)}


def rightly(sandbox: Sandbox) -> set[str]:
    """The cases that really have no active registration."""
    expected = sandbox.population.expected
    return {*expected.cases("not_registered"), *expected.cases("registration_inactive")}


NEEDS_A_PERSON = ("unknown_code", "bad_date", "nil_everywhere", "missing_element", "person_swapped")
"""Faults that also spoil the answers to writes, whose intents are parked until a person retries them."""


def test_a_wrong_check_digit_and_an_unknown_code_are_set_aside_with_path_and_reason(
    sqlite_house: House, sandbox: Sandbox
) -> None:
    night(sqlite_house)
    told = {str(item.ask.case_id): item.ask.about for item in items(sqlite_house, WorkItemKind.CORRECT_RECORD)}
    expected = sandbox.population.expected
    assert set(told) == {*expected.cases("invalid_avs"), *expected.cases("unknown_code")}
    assert "beneficiary.avsNumber" in told[expected.cases("invalid_avs")[0]]
    assert "procedures" in told[expected.cases("unknown_code")[0]]


def test_a_record_that_can_be_read_again_needs_no_correction(sqlite_house: House, sandbox: Sandbox) -> None:
    case_id = sandbox.population.expected.cases("agreed")[0]
    wrong = Fault("wrong_avs", operations="listCases", options={"case": case_id})
    sandbox.cii.faults.switch_on(wrong)
    night(sqlite_house)
    assert case_id in {item.ask.case_id for item in items(sqlite_house, WorkItemKind.CORRECT_RECORD)}
    sandbox.cii.faults.clear()
    sandbox.cii.people.set_state(case_id, "evaluating")
    night(sqlite_house)
    assert case_id not in {item.ask.case_id for item in items(sqlite_house, WorkItemKind.CORRECT_RECORD)}


def test_a_name_that_plasta_finds_twice_is_a_question(sqlite_house: House, sandbox: Sandbox) -> None:
    night(sqlite_house)
    asked = {str(item.ask.case_id): item.ask for item in items(sqlite_house, WorkItemKind.CONFIRM_IDENTITY)}
    case_id = sandbox.population.expected.cases("two_persons")[0]
    assert len(asked[case_id].values) == 2


def test_f53_a_search_cut_at_its_limit_concludes_nothing(sqlite_house: House, sandbox: Sandbox) -> None:
    sandbox.plasta.faults.switch_on(Fault("search_cut", operations="searchStes", options={"limit": "0"}))
    run = nightly(sqlite_house)
    assert run.state is RunState.DONE
    assert said_not_registered(sqlite_house, sandbox) <= rightly(sandbox)
    searched = set(sandbox.population.expected.cases("avs_without_personal_number"))
    asked = {item.ask.case_id for item in items(sqlite_house, WorkItemKind.CONFIRM_IDENTITY)}
    assert searched <= asked, "a cut search is a question to a person"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("html_page_200", operations="searchStes"),
        Fault("html_page_200", operations="getStesListe"),
        Fault("truncated_body", operations="searchStes"),
        Fault("truncated_body", operations="getStesListe"),
        Fault("truncated_body", options={"length": "none"}),
        Fault("list_row_missing"),
        Fault("list_row_twice"),
        Fault("person_swapped"),
        Fault("nil_everywhere"),
        Fault("feed_repeats"),
        Fault("entity_bomb"),
        Fault("missing_element", options={"element": "ojbVersion"}),
        Fault("unknown_code", options={"element": "status"}),
        Fault("bad_date"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.operations}",
)
def test_a_faulty_plasta_declares_nobody_not_registered_and_the_other_side_goes_on(
    sqlite_house: House, sandbox: Sandbox, fault: Fault
) -> None:
    sandbox.plasta.faults.switch_on(fault)
    run = nightly(sqlite_house)
    assert said_not_registered(sqlite_house, sandbox) <= rightly(sandbox)
    assert run.state is RunState.DONE
    assert run.counts["seen"] == len(sandbox.population.cii_cases)
    told = run.message or run.counts.get("quarantined", 0) > 2 or run.counts.get("unreached", 0) > 0
    assert told, "the fault is told, never silent"
    sandbox.plasta.faults.clear()
    for bar in sqlite_house.needs.switches.bars():
        sqlite_house.needs.switches.resume(bar.target, reason="mended", by="test", now=utc_now())
    night(sqlite_house)
    for item in items(sqlite_house, WorkItemKind.TARGET_HALTED):
        sqlite_house.needs.work.close(item.item_id, "mended", "test", utc_now())
    if fault.kind not in NEEDS_A_PERSON:
        assert_as_expected(sqlite_house, sandbox)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("page_repeats"),
        Fault("cursor_regress"),
        Fault("html_page_200", operations="listCases"),
        Fault("truncated_body", operations="listCases"),
        Fault("truncated_body", operations="listCases", options={"length": "none"}),
        Fault("odd_json", operations="listCases"),
    ],
    ids=lambda fault: fault.kind,
)
def test_a_faulty_source_of_cases_fails_the_run_and_changes_nothing(
    sqlite_house: House, sandbox: Sandbox, fault: Fault
) -> None:
    sandbox.cii.faults.switch_on(fault)
    run = nightly(sqlite_house)
    assert run.state is RunState.FAILED
    assert run.message
    assert effects(sandbox) == 0


def test_f44_a_second_page_that_fails_leaves_the_cursor_where_the_first_was_stored(
    sqlite_house: House, sandbox: Sandbox
) -> None:
    sandbox.cii.faults.switch_on(Fault("second_page_fails"))
    failed = nightly(sqlite_house)
    page_size = sqlite_house.configuration.settings.cii.page_size
    assert (failed.state, failed.counts["seen"]) == (RunState.FAILED, page_size)
    sandbox.cii.faults.clear()
    night(sqlite_house)
    assert_as_expected(sqlite_house, sandbox)


def test_answers_about_somebody_else_stop_plasta_and_nothing_is_written_there(
    sqlite_house: House, sandbox: Sandbox
) -> None:
    sandbox.plasta.faults.switch_on(Fault("wrong_check_digit"))
    run = nightly(sqlite_house)
    assert run.state is RunState.DONE
    assert said_not_registered(sqlite_house, sandbox) <= rightly(sandbox)
    assert run.message, "the search answered about somebody else: PLASTA is halted, and the run says so"
    assert sandbox.plasta.ledger.effects() == ()
