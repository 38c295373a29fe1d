"""The CII software's records as our types: the whole of it, and each thing that can be wrong with its path."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases import CaseFile, CoachingState, Exit, ExitReason, Mirrored, ProcedureKind, Reinsertion, TeamRole
from domain.consent_terms import Category
from domain.errors import InvalidRecordError, MappingError
from domain.facets import Facet, Language
from mappings.cii.cases import check_health, to_case, to_mirrored, to_page
from tests.mappings.cii.samples import CASE, case_with


def test_a_whole_case_in_our_words() -> None:
    case = to_case(CASE)
    assert (case.case_id, case.version, case.region, case.language) == ("CII-2026-000123", 4, "sion", Language.FR)
    assert case.changed_at == datetime(2026, 11, 20, 13, 5, 6, tzinfo=UTC)
    person = case.beneficiary
    assert (person.family_name, person.first_name, person.birth_date) == ("D'Andrès", "Zoé", date(1979, 5, 17))
    assert (person.avs_number, person.personal_number) == ("7569217076985", "80000001")
    assert (person.language, person.locality, person.postal_code) == (Language.DE, "Sion", "1950")
    (procedure,) = case.procedures
    assert (procedure.kind, procedure.state) == (ProcedureKind.COACHING, CoachingState.RUNNING)
    assert procedure.is_open
    assert case.exit == Exit(ExitReason.EMPLOYMENT, date(2026, 11, 1))
    assert case.reinsertion == Reinsertion(date(2026, 10, 30), TeamRole.ORP_RESPONDENT, date(2026, 11, 1))
    assert case.team[0].email == "luc.favre@orp-sion.example"
    (paper,) = case.procurations
    assert (paper.valid_from, paper.valid_to, paper.revoked_on) == (
        date(2026, 2, 1),
        date(2027, 1, 31),
        date(2026, 12, 1),
    )
    assert paper.recipients == {"orp-sion", "cms-sion"}
    assert paper.categories == {Category.ADMINISTRATIVE, Category.SOCIAL}
    assert case.mirror == {Facet.REGISTRATION: Mirrored(2, {"status": "registered"}, "cii-sync")}


@pytest.mark.parametrize(
    "path", ["beneficiary.avsNumber", "beneficiary.personalNumber", "exit", "reinsertion", "reinsertion.startOfWork"]
)
def test_what_may_be_absent_may_be_absent(path: str) -> None:
    assert isinstance(to_case(case_with(path, ...)), CaseFile)


@pytest.mark.parametrize(
    "path",
    [
        "caseId", "sequence", "version", "changedAt", "region", "language", "beneficiary", "procedures", "team",
        "procurations", "mirror", "beneficiary.familyName", "beneficiary.firstName", "beneficiary.birthDate",
        "beneficiary.language", "beneficiary.locality", "beneficiary.locality.postalCode", "procedures.0.kind",
        "procedures.0.state", "procedures.0.openedOn", "team.0.role", "team.0.institution", "team.0.name",
        "team.0.email", "team.0.language", "procurations.0.id", "procurations.0.validFrom", "procurations.0.validTo",
        "procurations.0.recipients", "procurations.0.categories", "exit.reason", "exit.on",
        "reinsertion.confirmedOn", "reinsertion.confirmedBy", "mirror.registration.value",
        "mirror.registration.version", "mirror.registration.changedBy",
    ],
)  # fmt: skip
def test_f39_missing_mandatory_data_is_an_error_with_its_path(path: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        to_case(case_with(path, ...))
    assert caught.value.path == path.replace(".0", "[0]")


@pytest.mark.parametrize(
    "path",
    [
        "region", "language", "beneficiary.language", "procedures.0.kind", "procedures.0.state", "exit.reason",
        "reinsertion.confirmedBy", "team.0.role", "team.0.language", "procurations.0.categories.1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("word", ["waiting_for_godot", "", "Sion"])
def test_an_unknown_code_is_reported_and_never_guessed_or_quoted(path: str, word: str) -> None:
    with pytest.raises(MappingError) as caught:
        to_case(case_with(path, word))
    assert type(caught.value) is MappingError
    assert caught.value.path == path.replace(".0", "[0]").replace(".1", "[1]")
    assert caught.value.reason == "is a code that no table knows"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("beneficiary.avsNumber", "7569217076986"),
        ("beneficiary.avsNumber", None),
        ("beneficiary.personalNumber", None),
        ("beneficiary.personalNumber", "8000001"),
        ("beneficiary.familyName", " "),
        ("beneficiary.familyName", "Bon\u0001vin"),
        ("beneficiary.familyName", "Bonvin\nBcc: x@example.org"),
        ("beneficiary.familyName", "Bon\ud800vin"),
        ("beneficiary.familyName", "B" * 101),
        ("beneficiary.familyName", 7),
        ("beneficiary.birthDate", "1990-02-31"),
        ("beneficiary.birthDate", "17.05.1979"),
        ("beneficiary.birthDate", "1979-05-17T00:00:00Z"),
        ("beneficiary.birthDate", 12345),
        ("beneficiary.locality.postalCode", "0950"),
        ("changedAt", "2026-11-20T14:05:06"),
        ("changedAt", "2026-11-20T25:05:06Z"),
        ("changedAt", "0001-01-01T00:00:00+14:00"),
        ("version", "4"),
        ("version", 0),
        ("version", True),
        ("version", 4.0),
        ("procedures.0.closedOn", "2026-05-01"),
        ("procedures", {}),
        ("team.0.email", "luc favre@orp-sion.example"),
        ("team.0.email", "luc@orp-sion.example\r\nBcc: x@example.org"),
        ("team.0.institution", "ORP Sion"),
        ("mirror", []),
        ("mirror.registration.value", {"status": 1}),
        ("mirror.registration.value", {"Zoé": "x"}),
        ("mirror.registration.version", 0),
        ("caseId", "CII-2026-000123\n"),
    ],
)
def test_f39_a_value_against_the_contract_is_an_error_with_its_path_and_without_the_value(
    path: str, value: object
) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        to_case(case_with(path, value))
    assert caught.value.path == path.replace(".0", "[0]")
    assert not isinstance(value, str) or len(value) < 3 or value not in str(caught.value)


def test_a_closed_procedure_has_its_day() -> None:
    closed = case_with("procedures.0.state", "closed")
    with pytest.raises(InvalidRecordError) as caught:
        to_case(closed)
    assert caught.value.path == "procedures[0].closedOn"
    closed["procedures"][0]["closedOn"] = "2026-05-01"
    assert to_case(closed).coaching() is None


def test_several_faults_of_one_record_are_counted() -> None:
    broken = case_with("region", ...)
    del broken["language"]
    with pytest.raises(InvalidRecordError, match="1 more"):
        to_case(broken)


def test_f39_more_fields_are_tolerated_and_foreign_facets_left_alone() -> None:
    grown = case_with("futureField", {"a": 1})
    grown["mirror"]["Zoé Bonvin"] = {"value": "nonsense"}
    assert to_case(grown) == to_case(CASE)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_stands_in_a_page_is_a_case_or_a_mapping_error(value: object) -> None:
    with pytest.raises(MappingError):
        to_case(value)


@given(
    st.sampled_from([key for key in CASE if key not in {"documentCount", "changedBy"}]),
    st.integers() | st.text() | st.lists(st.text()),
)
def test_whatever_stands_in_a_field_is_read_or_told(key: str, value: object) -> None:
    try:
        path = f"{key} was read as {to_case({**CASE, key: value}).case_id}"
    except MappingError as error:
        path = error.path
    assert path.startswith(key)


def test_a_page_keeps_its_cases_unread() -> None:
    page = to_page({"items": [1, None], "nextCursor": "abc", "more": False})
    assert (page.items, page.next_cursor, page.more) == ([1, None], "abc", False)


@pytest.mark.parametrize(
    "page",
    [
        {"items": [], "nextCursor": "a"},
        {"items": [], "nextCursor": "", "more": True},
        {"items": [], "nextCursor": "a b", "more": True},
        {"items": [], "nextCursor": "a", "more": "no"},
        {"items": {}, "nextCursor": "a", "more": True},
        {"items": [None] * 501, "nextCursor": "a", "more": True},
    ],
)
def test_a_page_against_the_contract_is_refused(page: dict[str, object]) -> None:
    with pytest.raises(InvalidRecordError):
        to_page(page)


def test_a_mirror_facet_alone() -> None:
    answer = {"facet": "keyword", "value": {"present": "yes"}, "version": 3, "changedBy": "cii-sync"}
    assert to_mirrored(answer, Facet.KEYWORD_STATE) == Mirrored(3, {"present": "yes"}, "cii-sync")
    assert to_mirrored({"facet": "keyword", "value": {}, "version": 0}, Facet.KEYWORD_STATE) == Mirrored(0)


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({"facet": "registration", "value": {}, "version": 1, "changedBy": "a"}, "facet"),
        ({"facet": "future", "value": {}, "version": 1, "changedBy": "a"}, "facet"),
        ({"facet": "keyword", "value": {}, "version": 1}, "changedBy"),
        ({"facet": "keyword", "value": {"present": None}, "version": 1, "changedBy": "a"}, "value"),
        ({"facet": "keyword", "value": {}, "version": -1}, "version"),
    ],
)
def test_a_mirror_facet_against_the_contract_is_refused(answer: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        to_mirrored(answer, Facet.KEYWORD_STATE)
    assert caught.value.path == path


def test_health_is_of_our_contract() -> None:
    check_health({"status": "ok", "contract": "cii-v1"})
    with pytest.raises(InvalidRecordError):
        check_health({"status": "ok", "contract": "cii-v2"})
