"""Changes since a cursor: every case once, at its newest place, whatever happens between two pages."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.cii.cursors import cursor_for, sequence_of
from sandbox.cii.records import Case
from sandbox.cii.service import CiiService
from sandbox.cii.state import CiiState
from sandbox.population.generate import Population
from tests.sandbox.cii.conftest import NOW, TODAY, Client


def test_the_feed_gives_every_case_once_in_the_order_of_change(client: Client, population: Population) -> None:
    items = client.all_pages()

    assert [item["caseId"] for item in items] == [case.case_id for case in population.cii_cases]
    assert [item["sequence"] for item in items] == sorted({item["sequence"] for item in items})


def test_after_the_end_the_feed_is_empty_and_its_cursor_stays(client: Client) -> None:
    end = client.end_cursor()

    page = client.get("/v1/cases", since=end).json()

    assert page == {"items": [], "nextCursor": end, "more": False}


def test_a_case_that_changed_twice_stands_once_with_its_newest_state(client: Client, service: CiiService) -> None:
    end = client.end_cursor()
    first, second = [case.case_id for case in service.state.cases()[:2]]

    service.people.set_reinsertion(first, TODAY)
    service.people.set_state(second, "running", kind=service.state.case(second).procedures[0].kind)
    service.people.correct_identity(first, first_name="Zoé-Maëlle")

    items = client.all_pages(since=end)
    assert [item["caseId"] for item in items] == [second, first]
    assert items[1]["beneficiary"]["firstName"] == "Zoé-Maëlle"
    assert items[1]["reinsertion"]["confirmedOn"] == TODAY.isoformat()


def test_our_own_write_back_comes_back_in_the_feed(client: Client, population: Population) -> None:
    """F64: an echo is there to be recognised."""
    case = next(case for case in population.cii_cases if not case.mirror)
    end = client.end_cursor()

    client.put(case.case_id, "keyword", {"present": "yes"}, 0)

    (echo,) = client.all_pages(since=end)
    assert echo["caseId"] == case.case_id
    assert echo["changedBy"] == "cii-sync"


def test_a_cursor_that_this_server_did_not_make_is_unknown(client: Client) -> None:
    for cursor in ("AAAA", cursor_for(10**6)):
        answer = client.get("/v1/cases", since=cursor)

        assert (answer.status_code, answer.json()["code"]) == (410, "CURSOR_UNKNOWN")


@given(place=st.integers(min_value=0, max_value=10**9))
def test_a_cursor_leads_back_to_its_place(place: int) -> None:
    assert sequence_of(cursor_for(place)) == place


@given(
    changes=st.lists(st.integers(min_value=0, max_value=11), max_size=30),
    limit=st.integers(min_value=1, max_value=5),
    changes_per_page=st.integers(min_value=0, max_value=3),
)
@settings(max_examples=60)
def test_a_reader_misses_no_change_that_happens_while_paging(
    population: Population, changes: list[int], limit: int, changes_per_page: int
) -> None:
    """F44: whatever changes between two pages, the reader ends with the newest state of every case."""
    cases = population.cii_cases[:12]
    state = CiiState(cases, lambda: NOW)
    seen: dict[str, int] = {}
    waiting = list(changes)
    since, more = 0, True
    while more or waiting:
        page = state.page(since, limit)
        for item in page.items:
            case = json.loads(item)
            seen[case["caseId"]] = case["version"]
        since, more = page.last, page.more
        for index in waiting[:changes_per_page] if more else waiting:
            state.change(cases[index].case_id, _unchanged, "tandem")
        waiting = waiting[changes_per_page:] if more else []
        more = more or since < state.newest_sequence

    assert seen == {case.case_id: case.version for case in state.cases()}


def _unchanged(case: Case) -> Case:
    return case
