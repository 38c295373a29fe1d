"""The CII software's faults (F31-F45): pages, records, bodies, answers to writes."""

import pytest

from connectors.cii.cases import CiiCases
from domain.cases import CaseFile
from domain.errors import (
    ContractBrokenError,
    CredentialsError,
    MappingError,
    OutcomeUnknownError,
    SyncError,
    ThrottledError,
    UnavailableError,
)
from domain.facets import Facet
from domain.ports import BadRecord
from sandbox.cii.service import CiiService
from tests.connectors.cii.conftest import NOW, Connect, Switch

PUT, KEYWORD = "putMirrorFacet", {"present": "yes"}


def write(cases: CiiCases, case: CaseFile) -> None:
    cases.write_mirror(case.case_id, Facet.KEYWORD_STATE, KEYWORD, case.mirrored(Facet.KEYWORD_STATE).version, NOW)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_f33_a_read_is_tried_as_often_as_configured(
    status: int, connect: Connect, service: CiiService, switch: Switch
) -> None:
    switch("http_status", status=status)
    with pytest.raises(UnavailableError):
        next(connect(attempts=3).changes(None))
    assert service.ledger.calls() == {"listCases": 3}


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_f33_a_write_is_sent_once(
    status: int, connect: Connect, somebody: CaseFile, service: CiiService, switch: Switch
) -> None:
    switch("http_status", PUT, status=status, after_effect=True)
    with pytest.raises(OutcomeUnknownError):
        write(connect(attempts=3), somebody)
    assert service.ledger.calls()[PUT] == 1
    assert len(service.ledger.effects()) == 1


def test_f34_throttled_changed_nothing_and_says_when(
    cases: CiiCases, somebody: CaseFile, service: CiiService, switch: Switch
) -> None:
    switch("retry_after", "*", status=429, seconds=30.0)
    with pytest.raises(ThrottledError) as caught:
        write(cases, somebody)
    with pytest.raises(ThrottledError):
        next(cases.changes(None))
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 30
    assert service.ledger.effects() == ()


@pytest.mark.parametrize("kind", ["token_refused", "forbidden"])
def test_f36_a_refused_account_stops_everything(kind: str, cases: CiiCases, switch: Switch) -> None:
    switch(kind, "*")
    with pytest.raises(CredentialsError):
        next(cases.changes(None))


@pytest.mark.parametrize("kind", ["html_page_200", "empty_body"])
def test_f37_a_200_without_an_answer_is_no_success(
    kind: str, cases: CiiCases, somebody: CaseFile, switch: Switch
) -> None:
    switch(kind, "*", after_effect=True)
    with pytest.raises(UnavailableError):
        next(cases.changes(None))
    with pytest.raises(OutcomeUnknownError):
        write(cases, somebody)


@pytest.mark.parametrize("length", ["full", "none", "cut"])
def test_f38_a_cut_body_is_no_page(length: str, cases: CiiCases, somebody: CaseFile, switch: Switch) -> None:
    switch("truncated_body", "*", options={"length": length})
    with pytest.raises(UnavailableError):
        next(cases.changes(None))
    with pytest.raises(OutcomeUnknownError):
        write(cases, somebody)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("nan", "NOT_A_NUMBER"),
        ("deep", "TOO_DEEP"),
        ("huge_number", "NUMBER_TOO_LONG"),
        ("repeated_name", "REPEATED_NAME"),
        ("latin_1", "ENCODING"),
    ],
)
def test_f39_json_that_two_readers_could_read_differently_is_refused(
    what: str, code: str, cases: CiiCases, switch: Switch
) -> None:
    switch("odd_json", options={"what": what})
    with pytest.raises(ContractBrokenError) as caught:
        next(cases.changes(None))
    assert caught.value.code == code


@pytest.mark.parametrize("what", ["not_json", "byte_order_mark"])
def test_f39_what_is_not_json_is_no_answer(what: str, cases: CiiCases, switch: Switch) -> None:
    switch("odd_json", options={"what": what})
    with pytest.raises(UnavailableError):
        next(cases.changes(None))


def test_f39_extra_fields_are_tolerated(cases: CiiCases, switch: Switch) -> None:
    before = next(cases.changes(None))
    switch("extra_fields")
    assert next(cases.changes(None)) == before


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("unknown_state", "procedures[0].state"),
        ("unknown_exit_reason", "exit.reason"),
        ("unknown_language", "beneficiary.language"),
        ("invalid_record", "region"),
        ("wrong_avs", "beneficiary.avsNumber"),
    ],
)
def test_f39_a_bad_record_goes_apart_with_its_path_and_the_page_goes_on(
    kind: str, path: str, cases: CiiCases, somebody: CaseFile, switch: Switch
) -> None:
    switch(kind, "*", options={"case": somebody.case_id})
    pages = list(cases.changes(None))
    (record,) = [one for page in pages for one in page.bad if one.reference == somebody.case_id]
    assert record.path == path
    assert somebody.beneficiary.family_name not in record.reason + record.path
    assert isinstance(record, BadRecord)
    assert sum(len(page.cases) + len(page.bad) for page in pages) == 220
    with pytest.raises(MappingError) as caught:
        cases.case(somebody.case_id)
    assert caught.value.path == path
    assert caught.value.reference == somebody.case_id


@pytest.mark.parametrize("kind", ["cut_before_effect", "cut_after_effect", "stall_after_effect"])
def test_f41_a_lost_answer_to_a_write_is_unknown_and_looking_tells(
    kind: str, connect: Connect, somebody: CaseFile, service: CiiService, switch: Switch
) -> None:
    cases = connect(deadline=0.5)
    switch(kind, PUT, seconds=5.0)
    version = somebody.mirrored(Facet.KEYWORD_STATE).version
    with pytest.raises(OutcomeUnknownError):
        write(cases, somebody)
    happened = kind != "cut_before_effect"
    assert cases.mirrored(somebody.case_id, Facet.KEYWORD_STATE).version == version + happened
    assert len(service.ledger.effects()) == happened


def test_f44_a_second_page_that_fails_leaves_the_first_one_whole(cases: CiiCases, switch: Switch) -> None:
    switch("second_page_fails")
    pages = cases.changes(None)
    assert len(next(pages).cases) > 40
    with pytest.raises(UnavailableError):
        next(pages)


@pytest.mark.parametrize("kind", ["page_repeats", "cursor_regress"])
def test_f44_f45_pages_that_lead_nowhere_new_are_ended(
    kind: str, cases: CiiCases, service: CiiService, switch: Switch
) -> None:
    switch(kind)
    with pytest.raises(ContractBrokenError) as caught:
        list(cases.changes(None))
    assert caught.value.code in {"PAGES_REPEAT", "CURSOR_REGRESS"}
    assert service.ledger.calls()["listCases"] <= 3


def test_f44_a_case_on_two_pages_is_no_loop(cases: CiiCases, switch: Switch) -> None:
    switch("case_on_two_pages")
    pages = list(cases.changes(None))
    assert sum(len(page.cases) + len(page.bad) for page in pages) == 224


def test_no_failure_carries_a_name_or_a_number(cases: CiiCases, somebody: CaseFile, switch: Switch) -> None:
    secrets = {somebody.beneficiary.family_name, somebody.beneficiary.personal_number or "", "sandbox-token"}
    for kind in ("http_status", "html_page_200", "truncated_body", "odd_json", "cut_after_effect"):
        switch(kind, "getCase", count=1)
        with pytest.raises(SyncError) as caught:
            cases.case(somebody.case_id)
        assert not any(secret and secret in f"{caught.value} {caught.value.__cause__}" for secret in secrets)
