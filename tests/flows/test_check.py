"""C1 to C3 on demand, through the sandbox, under every runner."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from domain.people import CaseId
from domain.work_items import WorkItemState
from pipelines.needs import silent
from pipelines.registration_check import Answer
from sandbox.faults import Fault
from sandbox.serve import Sandbox
from scheduler.bootstrap import House, open_house, upgrade, utc_now
from scheduler.runner import NightlyOrder
from tests.flows.counting import doubled
from tests.flows.settings import configuration

PATIENCE = timedelta(seconds=30)

EXPECTED = {
    "agreed": Answer.OK,
    "keyword_missing": Answer.KEYWORD_SET,
    "not_registered": Answer.NOT_REGISTERED,
    "registration_inactive": Answer.INACTIVE,
    "several_active": Answer.SEVERAL_REGISTRATIONS,
    "two_persons": Answer.SEVERAL_PERSONS,
    "name_only_candidate": Answer.IS_IT_HER,
    "birth_date_differs": Answer.IS_IT_HER,
    "keyword_removed_by_hand": Answer.KEYWORD_BY_HAND,
    "case_management_covered": Answer.NO_KEYWORD_WANTED,
    "no_procuration": Answer.NOT_ALLOWED,
    "invalid_avs": Answer.UNREADABLE,
}


def one(sandbox: Sandbox, scenario: str) -> CaseId:
    """A case of a scenario."""
    return CaseId(sandbox.population.expected.cases(scenario)[0])


def check(house: House, case_id: CaseId) -> Mapping[str, str]:
    """Press the button and read the answer."""
    request, _ = house.runner.check(case_id, "test", PATIENCE)
    assert request.answer is not None
    return request.answer


def test_each_situation_has_its_answer(house: House, sandbox: Sandbox) -> None:
    told = {scenario: check(house, one(sandbox, scenario))["answer"] for scenario in EXPECTED}
    assert told == dict(EXPECTED)


def test_c2_the_keyword_is_set_read_back_and_mirrored_before_the_answer(sqlite_house: House, sandbox: Sandbox) -> None:
    case_id = one(sandbox, "keyword_missing")
    assert check(sqlite_house, case_id)["answer"] == Answer.KEYWORD_SET
    assert len(sandbox.plasta.ledger.effects()) == 1
    assert sandbox.cii.state.case(case_id).mirror["keyword"].value == {"present": "yes"}


def test_c3_the_registration_is_asked_for_once(sqlite_house: House, sandbox: Sandbox) -> None:
    case_id = one(sandbox, "not_registered")
    check(sqlite_house, case_id)
    items = sqlite_house.needs.work.listed(frozenset({WorkItemState.OPEN}), case_id)
    assert [item.ask.kind for item in items] == ["register_person"]
    assert len(sandbox.mailbox.ledger.effects()) == 1


def test_pressing_twice_is_once(sqlite_house: House, sandbox: Sandbox) -> None:
    case_id = one(sandbox, "keyword_missing")
    first, repeated = sqlite_house.runner.check(case_id, "test", PATIENCE)
    calls = sandbox.plasta.ledger.calls()
    second, again = sqlite_house.runner.check(case_id, "other", PATIENCE)
    assert (repeated, again) == (False, True)
    assert second == first
    assert sandbox.plasta.ledger.calls() == calls


def test_a_check_that_reached_nobody_is_made_again_when_pressed_again(sqlite_house: House, sandbox: Sandbox) -> None:
    case_id = one(sandbox, "keyword_missing")
    sandbox.plasta.faults.switch_on(Fault("http_status", status=503))
    assert check(sqlite_house, case_id)["answer"] == Answer.NOT_REACHABLE
    sandbox.plasta.faults.clear()
    assert check(sqlite_house, case_id)["answer"] == Answer.KEYWORD_SET


@pytest.mark.parametrize("kind", ["cut_before_effect", "html_page_200", "truncated_body", "http_status"])
def test_a_faulty_answer_never_says_not_registered(sqlite_house: House, sandbox: Sandbox, kind: str) -> None:
    sandbox.plasta.faults.switch_on(Fault(kind, status=503))
    answer = check(sqlite_house, one(sandbox, "not_registered"))
    assert answer["answer"] == Answer.NOT_REACHABLE
    assert sandbox.mailbox.ledger.effects() == ()


def test_a_keyword_whose_answer_was_lost_is_found_again_by_the_next_look(sqlite_house: House, sandbox: Sandbox) -> None:
    sandbox.plasta.faults.switch_on(Fault("cut_after_effect", operations="addStesSchlagwort", count=1))
    answer = check(sqlite_house, one(sandbox, "keyword_missing"))
    assert answer["answer"] == Answer.KEYWORD_UNKNOWN
    assert sqlite_house.runner.send(PATIENCE, silent).outcomes["done"] >= 1
    assert doubled(sandbox) == {}
    assert len(sandbox.plasta.ledger.effects()) == 1


def test_f48_a_keyword_dropped_under_ok_is_told_and_stops_this_kind_of_write(
    sqlite_house: House, sandbox: Sandbox
) -> None:
    sandbox.plasta.faults.switch_on(Fault("keyword_dropped", operations="addStesSchlagwort"))
    answer = check(sqlite_house, one(sandbox, "keyword_missing"))
    assert answer["answer"] == Answer.KEYWORD_DROPPED
    bars = sqlite_house.needs.switches.bars()
    assert [(bar.target, bar.kind, bar.halted) for bar in bars] == [("plasta", "set_keyword", True)]
    items = sqlite_house.needs.work.listed(frozenset({WorkItemState.OPEN}))
    assert [item.ask.kind for item in items if item.ask.role == "ops"] == ["target_halted"]


def test_f36_a_wrong_password_is_tried_once_and_stops_plasta(sandbox: Sandbox, tmp_path: Path) -> None:
    made = configuration(sandbox, tmp_path, CII_PLASTA__PASSWORD="wrong")
    upgrade(made.settings)
    with open_house(made) as house:
        first = check(house, one(sandbox, "agreed"))
        calls = sum(sandbox.plasta.ledger.calls().values())
        second = check(house, one(sandbox, "keyword_missing"))
        run = house.runner.nightly(NightlyOrder(utc_now()), silent)
        items = house.needs.work.listed(frozenset({WorkItemState.OPEN}))
    assert (first["answer"], first["family"]) == (Answer.NOT_REACHABLE, "credentials")
    assert calls == 1, "a wrong login locks the account: it is not repeated"
    assert (second["answer"], second["family"]) == (Answer.NOT_REACHABLE, "unavailable")
    assert sum(sandbox.plasta.ledger.calls().values()) == calls
    assert run is not None
    assert "halted" in run.message
    assert [item.ask.kind for item in items if item.ask.role == "ops"] == ["target_halted"]
