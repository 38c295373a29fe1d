"""For any person that the schema's lengths can hold, no operation ever answers a document that breaks the schema."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sandbox.http_server import Request, Response
from sandbox.plasta import Credentials, PlastaService, PlastaState
from sandbox.plasta.code_lists import KEYWORDS
from sandbox.plasta.contract import TYPES, plasta_contract
from sandbox.plasta.operations import OPERATIONS
from sandbox.plasta.records import Address, Deregistration, Document, JobSeeker, Registration
from tests.sandbox.plasta.raw import envelope, keyword, numbers, person, search, value
from tests.sandbox.plasta.test_other_operations import application

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
NUMBER = "80000001"

# Everything that XML can carry, and more often what names here are made of.
xml_text = st.text(
    st.one_of(
        st.sampled_from("äöüÄÖÜéèêàçïôœß'\u2019-. <>&\"\t\n\r"),
        st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"),
    ),
    min_size=1,
    max_size=255,
)
codes = st.text("0123456789VSX", min_size=1, max_size=10)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (zone beside)
deregistrations = st.builds(
    Deregistration,
    effective_on=days,
    job_found=st.booleans(),
    reason_domain=xml_text,
    reason_code=codes,
    recorded_at=instants,
    start_of_work=st.none() | days,
    withdrawn_at=st.none() | instants,
)
registrations = st.builds(
    Registration,
    stes_id=st.from_regex(r"[A-Z][A-Z0-9][0-9]{6}", fullmatch=True),
    office=codes,
    registered_on=days,
    changed_at=instants,
    kind=codes,
    status=st.sampled_from("12"),
    adviser=st.none() | xml_text,
    keywords=st.lists(st.sampled_from([item.keyword_id for item in KEYWORDS]), unique=True).map(tuple),
    deregistration=st.none() | deregistrations,
)
documents = st.builds(
    Document,
    document_id=xml_text,
    title=xml_text,
    kind=xml_text,
    business_kind=xml_text,
    business_case=xml_text,
    filed_at=instants,
    size=st.integers(0, 2**40),
    sha256=st.just("0" * 64),
)
job_seekers = st.builds(
    JobSeeker,
    personal_number=st.just(NUMBER),
    family_name=xml_text,
    first_name=xml_text,
    birth_date=days,
    language=codes,
    address=st.builds(Address, codes, xml_text, st.none() | xml_text),
    changed_at=instants,
    avs_number=st.none() | st.just("7569217076985"),
    sex=st.none() | st.sampled_from("MW"),
    registrations=st.lists(registrations, max_size=3, unique_by=lambda item: item.stes_id).map(tuple),
    documents=st.lists(documents, max_size=2).map(tuple),
    protected=st.booleans(),
)

REQUESTS = {
    "getCode": value("codeDomain", "ANMELDEART"),
    "getRavAdressen": "",
    "getRavSachbearbeiter": value("ravCode", None),
    "searchStes": search(personenNr=NUMBER),
    "getStesListe": numbers(NUMBER, "80999999"),
    "getStes": person(NUMBER),
    "anmeldeStes": application(),
    "getSchlagwortKatalog": "",
    "getStesSchlagworte": person(NUMBER),
    "addStesSchlagwort": keyword(NUMBER, "KW000101", 1),
    "removeStesSchlagwort": keyword(NUMBER, "KW000101", 2),
    "getAbmeldung": person(NUMBER),
    "getAenderungen": value("seitSequenz", "0") + value("maxAnzahl", "300"),
    "getDossierUrl": value("personenNr", NUMBER),
    "getDokumentMetadaten": value("personenNr", NUMBER)
    + value("geschaeftsArt", None)
    + value("geschaeftsFallNr", None),
}


def asked(service: PlastaService, operation: str, content: str) -> etree._Element:
    """Ask without a socket, and return the answer's body element after validating it."""
    headers = {"content-type": "text/xml", "soapaction": operation}
    answer = service.handle(Request("POST", "/plasta", {}, headers, envelope(operation, content)))
    assert isinstance(answer, Response)
    assert answer.status == 200, answer.body
    body = etree.fromstring(answer.body)[0][0]
    plasta_contract().validate(body)
    return body


@settings(max_examples=60, deadline=None)
@given(job_seekers)
def test_every_operation_answers_by_the_schema_whoever_she_is(seeker: JobSeeker) -> None:
    assert set(REQUESTS) == set(OPERATIONS)
    service = PlastaService(PlastaState([seeker], clock=lambda: NOW), credentials=Credentials("cii", "geheim"))
    try:
        for operation, content in REQUESTS.items():
            asked(service, operation, content)
        if not seeker.protected:
            shown = asked(service, "getStes", person(NUMBER))
            assert [item.text for item in shown.iter(f"{{{TYPES}}}name")] == [seeker.family_name]
            assert [item.text for item in shown.iter(f"{{{TYPES}}}ort")] == [seeker.address.locality]
    finally:
        service.stop()


@settings(max_examples=60, deadline=None)
@given(xml_text, xml_text)
def test_any_name_can_be_searched_for(family_name: str, first_name: str) -> None:
    service = PlastaService(PlastaState([], clock=lambda: NOW), credentials=Credentials("cii", "geheim"))
    try:
        asked(service, "searchStes", search(name=family_name, vorname=first_name))
    finally:
        service.stop()
