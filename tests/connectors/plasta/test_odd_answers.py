"""Answers that no switch of the stand-in makes: good ones with a few bytes changed; a target with fewer operations."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from connectors.http import HttpTarget
from connectors.plasta.factory import plasta_channel, plasta_wsdl
from connectors.plasta.feed import Patience
from connectors.plasta.keywords import Owners
from connectors.plasta.registry import PlastaRegistry
from connectors.soap import SoapChannel, SoapTarget
from connectors.soap_writing import Envelopes
from domain.errors import (
    AmbiguousError,
    ContractBrokenError,
    InvalidRecordError,
    OutcomeUnknownError,
    SyncError,
    UnavailableError,
)
from domain.people import PersonalNumber, PersonKey, RegistrationId
from mappings.plasta.codes import FAMILIES
from sandbox.faults import Fault
from sandbox.http_server import HttpService, Request, Response, Wire
from sandbox.plasta import PlastaService

NUMBERS = [PersonalNumber(f"8000000{place}") for place in range(1, 10)]
ZOE = PersonKey(date(1979, 5, 17), "Bonvin", "Zoé", PersonalNumber("80000001"))
LOIC = RegistrationId("AD000002")

Alter = Callable[[bytes, bytes], None]


@pytest.fixture
def changes() -> list[tuple[bytes, bytes]]:
    return []


@pytest.fixture
def alter(changes: list[tuple[bytes, bytes]]) -> Alter:
    return lambda pattern, instead: changes.append((pattern, instead))


@pytest.fixture
def target(service: PlastaService, changes: list[tuple[bytes, bytes]]) -> Iterator[SoapTarget]:
    def answer(request: Request) -> Response | Wire:
        response = service.handle(request)
        assert isinstance(response, Response)
        body = response.body
        for pattern, instead in changes:
            body = re.sub(pattern, instead, body, flags=re.DOTALL)
        return Response(response.status, response.headers, body)

    with HttpService(answer) as front:
        yield SoapTarget(HttpTarget("plasta", front.url), "cii", "geheim", office="VSO10")


@pytest.fixture
def registry(target: SoapTarget) -> PlastaRegistry:
    return PlastaRegistry(plasta_channel(target), patience=Patience(attempts=0))


def fails(work: Callable[[], object]) -> SyncError:
    with pytest.raises(SyncError) as caught:
        work()
    return caught.value


@pytest.fixture
def listless(target: SoapTarget) -> PlastaRegistry:
    """A registry at a target whose contract has no ``getStesListe``."""
    operation = rb'<wsdl:operation name="getStesListe">.*?</wsdl:operation>'
    wsdl = re.sub(operation, b"", plasta_wsdl(), flags=re.DOTALL)
    return PlastaRegistry(SoapChannel(target, wsdl, FAMILIES))


def test_without_a_list_persons_are_read_one_by_one_with_the_same_result(
    registry: PlastaRegistry, listless: PlastaRegistry, service: PlastaService
) -> None:
    service.people.merge_persons("80000007", "80000001")
    service.people.protect("80000006", protected=False)
    by_list = registry.persons(NUMBERS)
    one_by_one = listless.persons(NUMBERS)
    assert one_by_one == by_list
    assert by_list.missing == {"80000009"}
    assert service.ledger.calls()["getStes"] == 9


def test_without_a_list_one_bad_person_spoils_no_other(listless: PlastaRegistry, service: PlastaService) -> None:
    service.faults.switch_on(Fault("bad_date", "getStes", keys=("80000002",), options={"element": "geburtsdatum"}))
    answers = listless.persons(NUMBERS[:3])
    assert answers.bad[NUMBERS[1]].path == "stes.person.geburtsdatum"
    assert set(answers.found) == {"80000001", "80000003"}


def test_a_result_that_is_neither_ok_nor_error_is_no_result(registry: PlastaRegistry, alter: Alter) -> None:
    version = registry.keyword(LOIC).version
    alter(rb"NK_AVAM: OK", b"NK_AVAM: VIELLEICHT")
    assert isinstance(fails(lambda: registry.find(ZOE)), ContractBrokenError)
    assert isinstance(fails(lambda: registry.add_keyword(LOIC, version, "c")), OutcomeUnknownError)


def test_f48_an_error_without_a_message_proves_nothing(registry: PlastaRegistry, alter: Alter) -> None:
    version = registry.keyword(LOIC).version
    alter(rb"NK_AVAM: OK", b"NK_AVAM: ERROR")
    alter(rb"<t:meldungArray>.*?</t:meldungArray>", b"<t:meldungArray/>")
    assert isinstance(fails(lambda: registry.find(ZOE)), UnavailableError)
    assert isinstance(fails(lambda: registry.add_keyword(LOIC, version, "c")), OutcomeUnknownError)


MESSAGE = (
    b"<t:meldungArray><t:meldungArrayItem><t:typ>DANGER</t:typ><t:key>%s</t:key><t:werteArray/>"
    b"</t:meldungArrayItem></t:meldungArray>"
)


def test_f48_danger_under_ok_means_that_nothing_was_saved(registry: PlastaRegistry, alter: Alter) -> None:
    version = registry.keyword(LOIC).version
    alter(rb"<t:meldungArray>.*?</t:meldungArray>|<t:meldungArray/>", MESSAGE % b"STES_INAKTIV")
    error = fails(lambda: registry.add_keyword(LOIC, version, "c"))
    assert (error.family, error.code) == ("refused", "STES_INAKTIV")


def test_a_strangers_key_is_never_repeated(registry: PlastaRegistry, alter: Alter) -> None:
    alter(rb"<t:meldungArray>.*?</t:meldungArray>|<t:meldungArray/>", MESSAGE % b"Bonvin Anna 756")
    error = fails(lambda: registry.find(ZOE))
    assert error.code == "UNREADABLE_KEY"
    assert "Bonvin" not in str(error)


@pytest.mark.parametrize("total", [b"0", b"7"])
def test_f53_a_search_that_shows_other_than_it_counts_proves_nothing(
    total: bytes, registry: PlastaRegistry, alter: Alter
) -> None:
    alter(rb"<t:total>1</t:total>", b"<t:total>%s</t:total>" % total)
    assert fails(lambda: registry.find(ZOE)).code == "TOTAL"


def test_f53_a_cut_that_is_told_by_a_warning_only_is_a_cut(registry: PlastaRegistry, service: PlastaService) -> None:
    service.faults.switch_on(Fault("warning_under_ok", "searchStes", code="ZU_VIELE_TREFFER"))
    assert isinstance(fails(lambda: registry.find(ZOE)), AmbiguousError)


def test_rows_that_vanished_from_a_search_are_noticed(registry: PlastaRegistry, alter: Alter) -> None:
    alter(rb"<t:stesZeileArrayItem>.*</t:stesZeileArrayItem>", b"")
    assert fails(lambda: registry.find(ZOE)).code == "TOTAL"


def test_an_avs_number_of_somebody_else_is_no_hit(registry: PlastaRegistry, alter: Alter) -> None:
    alter(rb"7569217076985", b"7561234567897")
    key = PersonKey(date(1979, 5, 17), "Bonvin", "Zoé", avs_number="7569217076985")  # type: ignore[arg-type]
    assert fails(lambda: registry.find(key)).code == "OTHER_PERSON"


def test_a_missing_row_with_a_person_in_it_is_bad_and_not_missing(registry: PlastaRegistry, alter: Alter) -> None:
    alter(rb"<t:befund>GEFUNDEN", b"<t:befund>NICHT_GEFUNDEN")
    answers = registry.persons(NUMBERS[:2])
    assert {record.path for record in answers.bad.values()} == {"befund"}
    assert answers.missing == frozenset()


def test_another_registration_than_asked_for_is_no_answer(registry: PlastaRegistry, alter: Alter) -> None:
    version = registry.keyword(LOIC).version
    alter(rb"<t:stesIdAvam>AD000002", b"<t:stesIdAvam>AD000001")
    assert fails(lambda: registry.keyword(LOIC)).code == "OTHER_REGISTRATION"
    assert isinstance(fails(lambda: registry.add_keyword(LOIC, version, "c")), OutcomeUnknownError)


@pytest.mark.parametrize(
    ("pattern", "instead", "code"),
    [
        (rb"<t:letzteSequenz>\d+", b"<t:letzteSequenz>0", "SEQUENCE_REGRESS"),
        (rb"<t:aenderungArray>.*</t:aenderungArray>", b"<t:aenderungArray/>", "PAGES_REPEAT"),
        (rb"<t:personenNr>80000005", b"<t:personenNr>8000000A", "CONTENT"),
    ],
)
def test_a_feed_that_contradicts_itself_is_refused(
    pattern: bytes, instead: bytes, code: str, registry: PlastaRegistry, alter: Alter, service: PlastaService
) -> None:
    service.people.register("80000005", "VSO10")
    alter(rb"<t:weitere>false", b"<t:weitere>true" if code == "PAGES_REPEAT" else b"<t:weitere>false")
    alter(pattern, instead)
    error = fails(lambda: list(registry.changes(0)))
    assert isinstance(error, ContractBrokenError)
    assert error.code == code


def test_f46_a_hole_at_the_end_of_the_feed_is_told(
    registry: PlastaRegistry, alter: Alter, service: PlastaService
) -> None:
    service.people.register("80000005", "VSO10")
    (page,) = registry.changes(0)
    newest = page.sequence
    alter(rb"<t:letzteSequenz>\d+", b"<t:letzteSequenz>%d" % (newest + 2))
    (again,) = registry.changes(newest)
    assert again.gaps == ((newest + 1, newest + 2),)
    assert again.sequence == newest + 2


def test_two_valid_keywords_of_one_name_are_a_setting_to_correct(registry: PlastaRegistry, alter: Alter) -> None:
    alter(rb"CII Case management", b"CII LIAS-LEMC")
    error = fails(lambda: registry.persons(NUMBERS))
    assert (error.family, error.code) == ("misconfigured", "SCHLAGWORT_NICHT_EINDEUTIG")


def test_no_page_of_a_search_is_cut_to_fit_a_person_in(registry: PlastaRegistry) -> None:
    assert isinstance(fails(lambda: registry.persons([PersonalNumber("123")])), InvalidRecordError)


@pytest.mark.parametrize("place", [b"http://evil.example/a.xsd", b"file:///etc/hostname", b"sibling.xsd"])
def test_f51_a_contract_that_imports_from_outside_is_refused(place: bytes) -> None:
    foreign = plasta_wsdl().replace(
        b'<xsd:import namespace="urn:vs-cii:plasta:types:v1"/>',
        b'<xsd:import namespace="urn:foreign" schemaLocation="%s"/>' % place,
    )
    with pytest.raises(ContractBrokenError) as caught:
        Envelopes(foreign)
    assert caught.value.code == "WSDL"


def test_of_whose_a_registration_is_only_the_latest_are_kept() -> None:
    asked: list[str] = []

    def load(registration_id: RegistrationId) -> PersonalNumber:
        asked.append(registration_id)
        return PersonalNumber("80000001")

    owners = Owners(load, most=2)
    for name in ("AD000001", "AD000002", "AD000003", "AD000003", "AD000001"):
        owners.of(RegistrationId(name))
    assert asked == ["AD000001", "AD000002", "AD000003", "AD000001"]
