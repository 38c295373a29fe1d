"""What people do in the CII software: by method, over HTTP, and what makes no sense is refused."""

from datetime import date, timedelta

import pytest

from sandbox.cii.contract import contract
from sandbox.cii.service import ACTS, CiiService
from sandbox.cii.state import UnknownCaseError
from sandbox.control import ActRefusedError
from sandbox.population.generate import Population
from tests.sandbox.cii.conftest import TODAY, Client


@pytest.fixture
def case_id(population: Population) -> str:
    return population.expected.cases("agreed")[0]


def test_each_act_is_a_change_that_fits_the_contract(client: Client, service: CiiService, case_id: str) -> None:
    acts: dict[str, dict[str, object]] = {
        "set_reinsertion": {"confirmed_on": "2026-11-22", "start_of_work": "2026-12-01"},
        "withdraw_reinsertion": {},
        "set_state": {"state": "follow_up"},
        "add_procuration": {
            "recipients": ["orp-sion"],
            "categories": ["administrative"],
            "valid_from": "2026-11-22",
            "valid_to": "2027-11-21",
        },
        "correct_identity": {"family_name": "D'Andrès", "birth_date": "1980-02-29"},
        "close_case": {"reason": "employment", "on": "2026-11-22"},
        "change_mirror_by_hand": {"facet": "keyword", "value": {"present": "no"}},
    }
    for name, fields in acts.items():
        before = service.state.case(case_id)

        answer = client.control("POST", f"acts/{name}", {"case_id": case_id, **fields})

        assert answer.status_code == 200, answer.text
        shown = client.get(f"/v1/cases/{case_id}").json()
        assert (shown["version"], shown["sequence"]) == (before.version + 1, service.state.newest_sequence)
        assert contract().schemas["Case"].is_valid(shown)
    assert set(acts) | {"open_case", "revoke_procuration"} == {*ACTS, "change_mirror_by_hand"}


def test_closing_ends_every_procedure_with_the_reason(service: CiiService, case_id: str) -> None:
    closed = service.people.close_case(case_id, "other_institution", TODAY)

    assert {(one.state, one.closed_on) for one in closed.procedures} == {("closed", TODAY)}
    assert closed.exit is not None
    assert (closed.exit.reason, closed.changed_by) == ("other_institution", "coordinator")


def test_a_procuration_is_added_and_revoked(service: CiiService, case_id: str) -> None:
    until = TODAY + timedelta(days=365)
    added = service.people.add_procuration(case_id, ("orp-sion",), ("administrative",), TODAY, until)
    paper = added.procurations[-1]

    revoked = service.people.revoke_procuration(case_id, paper.id, TODAY)

    assert revoked.procurations[-1].revoked_on == TODAY
    assert revoked.procurations[:-1] == added.procurations[:-1]
    with pytest.raises(ActRefusedError):
        service.people.revoke_procuration(case_id, "P-2026-000000-99", TODAY)


def test_a_case_is_opened_with_the_next_number_and_a_team(client: Client, service: CiiService) -> None:
    fields = {
        "region": "oberwallis",
        "family_name": "Zenhäusern",
        "first_name": "Käthi",
        "birth_date": "1988-04-12",
        "postal_code": "3900",
        "locality": "Brig",
        "bfs_number": 6002,
        "language": "de",
    }
    before = len(service.state)

    opened = client.control("POST", "acts/open_case", fields).json()

    shown = client.get(f"/v1/cases/{opened['case_id']}").json()
    assert len(service.state) == before + 1
    assert shown["procedures"] == [{"kind": "coaching", "state": "announced", "openedOn": "2026-11-22"}]
    assert "orp-oberwallis" in {member["institution"] for member in shown["team"]}
    assert client.control("POST", "acts/open_case", fields).json()["case_id"] != opened["case_id"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("close_case", {"reason": "retired", "on": "2026-11-22"}),
        ("close_case", {"reason": "employment", "on": "22.11.2026"}),
        ("close_case", {"reason": "employment"}),
        ("set_state", {"state": "dormant"}),
        ("set_state", {"state": "opened", "kind": "case_management"}),
        ("set_reinsertion", {"confirmed_on": "2026-11-22", "by": "tandem"}),
        ("change_mirror_by_hand", {"facet": "shoe_size", "value": {}}),
        ("change_mirror_by_hand", {"facet": "keyword"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    client: Client, service: CiiService, case_id: str, name: str, fields: dict[str, object]
) -> None:
    before = service.state.case(case_id)

    assert client.control("POST", f"acts/{name}", {"case_id": case_id, **fields}).status_code == 400
    assert service.state.case(case_id) == before


def test_an_act_on_no_case_is_refused(client: Client, service: CiiService) -> None:
    with pytest.raises(UnknownCaseError):
        service.people.set_reinsertion("CII-1999-000001", date(2026, 11, 22))
    assert client.control("POST", "acts/withdraw_reinsertion", {"case_id": "CII-1999-000001"}).status_code == 400


def test_the_state_shows_totals_or_one_case(client: Client, service: CiiService, case_id: str) -> None:
    assert client.control("GET", "state").json()["cases"] == len(service.state)
    assert client.control("GET", f"state?case={case_id}").json()["caseId"] == case_id
