"""The CII software's port against a well-behaved stand-in: changes, one case, the mirror."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from connectors.cii.cases import CiiCases
from domain.cases import CaseFile, Mirrored
from domain.errors import ConflictError, CredentialsError, InvalidRecordError, NotFoundError, RefusedError
from domain.facets import MIRRORED, Facet
from domain.people import CaseId
from sandbox.cii.acts import PeoplesActs
from sandbox.cii.service import CiiService
from sandbox.population.generate import Population
from tests.connectors.cii.conftest import NOW, Connect

VALUE = {"status": "registered", "office": "VSO10", "registration": "AD000001", "since": "2026-02-02"}


def test_every_case_comes_once_and_the_bad_ones_apart(cases: CiiCases, population: Population) -> None:
    pages = list(cases.changes(None))
    good = [case.case_id for page in pages for case in page.cases]
    bad = [record for page in pages for record in page.bad]
    assert len(pages) == 5
    assert len(set(good)) == len(good)
    assert {*good, *(record.reference for record in bad)} == {case.case_id for case in population.cii_cases}
    scenarios = {population.expected.scenario_of[record.reference]: record.path for record in bad}
    assert scenarios == {"invalid_avs": "beneficiary.avsNumber", "unknown_code": "procedures[0].state"}


def test_a_cursor_continues_where_it_was(cases: CiiCases, service: CiiService, somebody: CaseFile) -> None:
    *_, last = cases.changes(None)
    assert last.more is False
    assert [page.cases for page in cases.changes(last.cursor)] == [()]
    PeoplesActs(service.state).set_reinsertion(somebody.case_id, NOW.date())
    (page,) = cases.changes(last.cursor)
    (case,) = page.cases
    assert case.case_id == somebody.case_id
    assert case.reinsertion is not None
    assert case.version == somebody.version + 1


def test_one_case_is_the_same_alone_as_in_its_page(cases: CiiCases, somebody: CaseFile) -> None:
    assert cases.case(somebody.case_id) == somebody


def test_a_case_that_is_not_there(cases: CiiCases) -> None:
    with pytest.raises(NotFoundError) as caught:
        cases.case(CaseId("CII-1999-000001"))
    assert (caught.value.code, caught.value.reference) == ("CASE_UNKNOWN", "CII-1999-000001")


@pytest.mark.parametrize("case_id", ["", "..", "../health", "CII-2026-000001/mirror/keyword", "CII-2026-00001\n"])
def test_an_id_that_is_none_is_never_asked_for(case_id: str, cases: CiiCases, service: CiiService) -> None:
    with pytest.raises(InvalidRecordError):
        cases.case(CaseId(case_id))
    assert service.ledger.calls() == {}


def test_a_write_is_there_afterwards_under_the_next_version(
    cases: CiiCases, service: CiiService, somebody: CaseFile
) -> None:
    before = cases.mirrored(somebody.case_id, Facet.REGISTRATION)
    assert before == somebody.mirror[Facet.REGISTRATION]
    written = cases.write_mirror(somebody.case_id, Facet.REGISTRATION, VALUE, before.version, NOW)
    assert written == Mirrored(before.version + 1, VALUE, "cii-sync")
    assert cases.mirrored(somebody.case_id, Facet.REGISTRATION) == written
    assert cases.case(somebody.case_id).mirror[Facet.REGISTRATION] == written
    (effect,) = service.ledger.effects()
    assert effect.caller == "cii-sync"


def test_nothing_written_yet_is_version_0_without_a_value(cases: CiiCases) -> None:
    bare = next(case for page in cases.changes(None) for case in page.cases if Facet.KEYWORD_STATE not in case.mirror)
    assert cases.mirrored(bare.case_id, Facet.KEYWORD_STATE) == Mirrored(version=0, value=None)
    written = cases.write_mirror(bare.case_id, Facet.KEYWORD_STATE, {"present": "yes"}, 0, NOW)
    assert (written.version, written.value) == (1, {"present": "yes"})


def test_an_empty_value_says_that_there_is_none_any_more(cases: CiiCases, somebody: CaseFile) -> None:
    seen = cases.mirrored(somebody.case_id, Facet.DEREGISTRATION).version
    assert cases.write_mirror(somebody.case_id, Facet.DEREGISTRATION, {}, seen, NOW).value == {}


def test_f52_a_stale_version_is_a_conflict_and_writes_nothing(
    cases: CiiCases, service: CiiService, somebody: CaseFile
) -> None:
    stale = somebody.mirror[Facet.REGISTRATION].version - 1
    with pytest.raises(ConflictError) as caught:
        cases.write_mirror(somebody.case_id, Facet.REGISTRATION, VALUE, stale, NOW)
    assert caught.value.code == "VERSION_CONFLICT"
    assert service.ledger.effects() == ()


def test_f35_a_value_that_the_contract_does_not_allow_is_refused(cases: CiiCases, somebody: CaseFile) -> None:
    with pytest.raises(RefusedError) as caught:
        cases.write_mirror(somebody.case_id, Facet.KEYWORD_STATE, {"present": "perhaps"}, 0, NOW)
    assert caught.value.code in {"FACET_VALUE_INVALID", "REQUEST_INVALID"}


@pytest.mark.parametrize("facet", [facet for facet in Facet if facet not in MIRRORED])
def test_a_facet_that_is_not_mirrored_is_never_written(facet: Facet, cases: CiiCases, somebody: CaseFile) -> None:
    with pytest.raises(InvalidRecordError):
        cases.write_mirror(somebody.case_id, facet, {}, 0, NOW)


def test_f36_a_wrong_token_is_not_tried_twice(connect: Connect, service: CiiService) -> None:
    with pytest.raises(CredentialsError) as caught:
        next(connect(token="expired", attempts=3).changes(None))
    assert caught.value.code == "TOKEN_INVALID"
    assert service.ledger.calls() == {"listCases": 1}


def test_f45_a_cursor_that_the_server_has_forgotten_means_from_the_beginning(
    cases: CiiCases, service: CiiService
) -> None:
    first = next(cases.changes(None))
    pages = list(cases.changes("bm8gc3VjaCBjdXJzb3I"))
    assert pages[0].cases == first.cases
    assert len(pages) == 5


def test_a_check_says_that_all_is_well(cases: CiiCases, service: CiiService) -> None:
    result = cases.check()
    assert (result.ok, result.message) == (True, "answers, and accepts our token")
    assert service.ledger.calls() == {"getHealth": 1, "listCases": 1}


def test_a_check_tells_what_is_wrong_without_the_token(connect: Connect) -> None:
    result = connect(token="expired-secret").check()
    assert result.ok is False
    assert "HTTP 401" in result.message
    assert "expired-secret" not in result.message


def test_threads_share_one_connector(cases: CiiCases, somebody: CaseFile) -> None:
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(cases.case, [somebody.case_id] * 40))
    assert read == [replace(somebody)] * 40
