"""Answers that no switch of the stand-in makes: about another case, another value, a page count without end."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.cii.cases import CiiCases
from connectors.cii.pages import MOST_PAGES, PageGuard, read_page
from connectors.failures import ForeignError
from domain.errors import ContractBrokenError, OutcomeUnknownError, RefusedError
from domain.facets import Facet
from domain.people import CaseId
from sandbox.http_server import json_response
from tests.connectors.cii.conftest import NOW
from tests.connectors.conftest import Channels, Scripted
from tests.mappings.cii.samples import CASE, case_with

HERE = CaseId("CII-2026-000123")
WRITTEN: dict[str, Any] = {"facet": "keyword", "value": {"present": "yes"}, "version": 3, "changedBy": "cii-sync"}


@pytest.fixture
def cases(channels: Channels) -> CiiCases:
    return CiiCases(channels())


def test_an_answer_about_another_case_is_no_answer(cases: CiiCases, server: Scripted) -> None:
    server.script = [json_response(case_with("caseId", "CII-2026-000999"))]
    with pytest.raises(ContractBrokenError) as caught:
        cases.case(HERE)
    assert caught.value.code == "OTHER_CASE"


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"value": {"present": "no"}}, {"facet": "registration"}, {"changedBy": None}, {"version": "3"}],
)
def test_an_answer_that_is_not_what_we_wrote_proves_nothing(
    change: dict[str, Any], cases: CiiCases, server: Scripted
) -> None:
    server.script = [json_response({**WRITTEN, **change})]
    with pytest.raises(OutcomeUnknownError):
        cases.write_mirror(HERE, Facet.KEYWORD_STATE, {"present": "yes"}, 2, NOW)
    server.script = [json_response(WRITTEN)]
    assert cases.write_mirror(HERE, Facet.KEYWORD_STATE, {"present": "yes"}, 2, NOW).version == 3


def test_a_refusal_of_the_first_page_is_not_mistaken_for_a_forgotten_cursor(cases: CiiCases, server: Scripted) -> None:
    gone = json_response({"code": "CURSOR_UNKNOWN"}, 410)
    server.script = [gone]
    with pytest.raises(RefusedError):
        next(cases.changes(None))
    assert len(server.requests) == 1
    with pytest.raises(RefusedError):
        next(cases.changes("abc"))
    assert len(server.requests) == 3


def test_a_page_against_the_contract_breaks_it_as_a_whole(cases: CiiCases, server: Scripted) -> None:
    server.script = [json_response({"items": [CASE], "more": False})]
    with pytest.raises(ContractBrokenError, match="nextCursor"):
        next(cases.changes(None))


def page(number: int) -> dict[str, Any]:
    return {"items": [], "nextCursor": f"c{number}", "more": True}


def test_f44_pages_that_never_end_are_ended() -> None:
    guard = PageGuard(count=MOST_PAGES - 1)
    read_page(page(1), guard, "c0", "cii")
    with pytest.raises(ForeignError) as caught:
        read_page(page(2), guard, "c1", "cii")
    assert caught.value.code == "PAGES_REPEAT"


@pytest.mark.parametrize("item", [None, 7, [], {"caseId": "CII-2026-000123\n"}, {"sequence": "x"}])
def test_a_record_that_is_none_is_told_by_its_place(item: object) -> None:
    found = read_page({"items": [CASE, item], "nextCursor": "a", "more": False}, PageGuard(), None, "cii")
    (record,) = found.bad
    assert record.reference == "item 1 of its page"
    assert len(found.cases) == 1


def test_a_bad_record_is_kept_as_it_came(cases: CiiCases) -> None:
    broken = case_with("beneficiary.familyName", "Bon\ud800vin")
    found = read_page({"items": [broken], "nextCursor": "a", "more": False}, PageGuard(), None, "cii")
    (record,) = found.bad
    assert (record.system, record.reference, record.path) == ("cii", HERE, "beneficiary.familyName")
    assert b"\\ud800" in record.raw


def test_what_is_asked_for_is_asked_as_the_contract_says(cases: CiiCases, server: Scripted) -> None:
    script: list[tuple[Callable[[], object], str, str]] = [
        (lambda: cases.case(HERE), "GET", "/v1/cases/CII-2026-000123"),
        (lambda: cases.mirrored(HERE, Facet.KEYWORD_STATE), "GET", "/v1/cases/CII-2026-000123/mirror/keyword"),
        (
            lambda: cases.write_mirror(HERE, Facet.KEYWORD_STATE, {"present": "yes"}, 2, NOW),
            "PUT",
            "/v1/cases/CII-2026-000123/mirror/keyword",
        ),
    ]
    server.script = [json_response(CASE), json_response(WRITTEN)]
    for ask, method, path in script:
        ask()
        request = server.requests[-1]
        assert (request.method, request.path) == (method, path)
    written = server.requests[-1]
    assert written.header("If-Match") == '"2"'
    assert written.json() == {"value": {"present": "yes"}, "observedAt": "2026-11-22T09:30:00Z", "source": "PLASTA"}
