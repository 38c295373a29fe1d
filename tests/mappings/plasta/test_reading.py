"""PLASTA's answers as our types: days in both spellings, required values, codes, persons and hits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plasta.factory import plasta_wsdl
from domain.errors import InvalidRecordError, MappingError, SyncError
from domain.facets import Language
from domain.people import PersonalNumber
from domain.registrations import Deregistration
from mappings.plasta import codes
from mappings.plasta.dates import read_day, write_day
from mappings.plasta.fields import Fields
from mappings.plasta.people import to_deregistration, to_person, to_registration, to_row

ANMELDUNG: dict[str, object] = {
    "stesIdAvam": "AD000001",
    "status": "1",
    "ravCode": "VSO10",
    "anmeldedatum": "2026-02-02-00.00.00.0",
    "schlagwortArray": {"schlagwortArrayItem": [{"schlagwortId": "KW000101", "bezeichnungFr": "CII LIAS-LEMC"}]},
    "abmeldung": None,
    "ojbVersion": 3,
}
ABMELDUNG: dict[str, object] = {
    "wirksamAm": "31.08.2026",
    "stelleGefunden": True,
    "grundDomain": "ABMELDEGRUND",
    "grundCode": "101",
    "stellenantritt": "2026-09-01-00.00.00.0",
    "ojbVersion": 1,
}
PERSON: dict[str, object] = {
    "personenNr": "80000001",
    "svNr": "7569217076985",
    "name": " Bonvin ",
    "vorname": "Zoé",
    "geburtsdatum": "1979-05-17-00.00.00.0",
}
STES = {"person": PERSON, "anmeldungArray": {"anmeldungArrayItem": [ANMELDUNG]}}
ASKED = PersonalNumber("80000001")


@given(st.dates())
def test_a_day_written_is_the_day_read(day: date) -> None:
    assert read_day(write_day(day), "tag") == day


@given(st.dates())
def test_the_older_spelling_is_read(day: date) -> None:
    assert read_day(f"{day.day:02}.{day.month:02}.{day.year:04}", "tag") == day


@pytest.mark.parametrize("text", ["2026-02-02-23.59.59.999", " 2026-02-02-00.00.00.0 ", "02.02.2026"])
def test_the_time_of_a_local_day_does_not_move_it(text: str) -> None:
    assert read_day(text, "tag") == date(2026, 2, 2)


@pytest.mark.parametrize(
    "text", ["1979-02-30-00.00.00.0", "30.02.1979", "2026-02-02", "2.2.2026", "0000-01-01-00.00.00.0", ""]
)
def test_what_is_no_day_is_an_error_with_its_path_and_without_the_value(text: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        read_day(text, "person.geburtsdatum")
    assert caught.value.path == "person.geburtsdatum"
    assert not text or text not in str(caught.value)


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_an_error_of_ours(text: str) -> None:
    try:
        assert isinstance(read_day(text, "tag"), date)
    except InvalidRecordError as error:
        assert error.path == "tag"  # noqa: PT017 (either end is right)


def test_a_whole_person() -> None:
    person = to_person(Fields(STES), ASKED, "KW000101", None)
    assert (person.personal_number, person.avs_number) == ("80000001", "7569217076985")
    assert (person.family_name, person.first_name, person.birth_date) == ("Bonvin", "Zoé", date(1979, 5, 17))
    (registration,) = person.registrations
    assert (registration.registration_id, registration.active, registration.office) == ("AD000001", True, "VSO10")
    assert (registration.has_keyword, registration.version) == (True, 3)
    assert (registration.registered_on, registration.deregistration) == (date(2026, 2, 2), None)


def test_another_keyword_of_the_same_name_is_not_ours() -> None:
    assert to_registration(Fields(ANMELDUNG), "KW999999").has_keyword is False


def test_a_deregistration_in_plastas_own_words() -> None:
    assert to_deregistration(Fields(ABMELDUNG)) == Deregistration(
        date(2026, 8, 31), True, "ABMELDEGRUND", "101", date(2026, 9, 1)
    )
    assert to_registration(Fields({**ANMELDUNG, "abmeldung": ABMELDUNG}), "x").deregistration is not None


def test_a_merged_person_stands_under_the_number_asked() -> None:
    person = to_person(Fields(STES), PersonalNumber("80000009"), "KW000101", ASKED)
    assert (person.personal_number, person.merged_into) == ("80000009", "80000001")


def test_a_person_without_registrations_or_avs_number() -> None:
    bare = to_person(Fields({"person": {**PERSON, "svNr": None}, "anmeldungArray": None}), ASKED, "x", None)
    assert (bare.registrations, bare.avs_number) == ((), None)


@pytest.mark.parametrize("name", ["personenNr", "name", "vorname", "geburtsdatum"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_what_we_need_of_a_person_must_be_there(name: str, value: str | None) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        to_person(Fields({**STES, "person": {**PERSON, name: value}}), ASKED, "x", None)
    assert caught.value.path == f"person.{name}"


@pytest.mark.parametrize("name", ["stesIdAvam", "status", "ravCode", "anmeldedatum", "ojbVersion"])
def test_what_we_need_of_a_registration_must_be_there(name: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        to_person(
            Fields({"person": PERSON, "anmeldungArray": {"anmeldungArrayItem": [{**ANMELDUNG, name: None}]}}),
            ASKED,
            "x",
            None,
        )
    assert caught.value.path == f"anmeldungArray[0].{name}"


@pytest.mark.parametrize("name", ["wirksamAm", "stelleGefunden", "grundDomain", "grundCode"])
def test_what_we_need_of_a_deregistration_must_be_there(name: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        to_deregistration(Fields({**ABMELDUNG, name: None}, "abmeldung"))
    assert caught.value.path == f"abmeldung.{name}"


@pytest.mark.parametrize(
    ("part", "name"), [(ANMELDUNG, "status"), (ABMELDUNG, "grundDomain")], ids=["status", "grundDomain"]
)
def test_an_unknown_code_is_reported_and_never_guessed(part: dict[str, object], name: str) -> None:
    fields = Fields({**part, name: "97"})
    with pytest.raises(MappingError) as caught:
        _ = to_registration(fields, "x") if part is ANMELDUNG else to_deregistration(fields)
    assert type(caught.value) is MappingError
    assert (caught.value.path, caught.value.reason) == (name, "is a code that no table knows")


def test_a_wrong_check_digit_and_another_person_are_errors() -> None:
    with pytest.raises(InvalidRecordError) as digit:
        to_person(Fields({**STES, "person": {**PERSON, "svNr": "7569217076986"}}), ASKED, "x", None)
    with pytest.raises(InvalidRecordError) as other:
        to_person(Fields(STES), PersonalNumber("80000002"), "x", None)
    assert (digit.value.path, other.value.path) == ("person.svNr", "person.personenNr")


def test_a_row_of_a_search() -> None:
    row = to_row(Fields({**PERSON, "stesIdAvam": "AD000001"}))
    assert (row.hit.family_name, row.avs_number, row.registration_id) == ("Bonvin", "7569217076985", "AD000001")
    assert to_row(Fields(PERSON)).registration_id is None


@pytest.mark.parametrize(
    ("value", "ask"),
    [
        ({"a": 1}, "optional"),
        ({"a": "x\x85y"}, "optional"),
        ({"a": "1"}, "number"),
        ({"a": True}, "number"),
        ({"a": 1}, "truth"),
        ({"a": "x"}, "inner"),
        ({"a": {"aItem": "x"}}, "rows"),
        ({"a": {"aItem": ["x"]}}, "rows"),
        ({}, "needed"),
    ],
)
def test_a_part_of_another_kind_is_an_error_with_its_path(value: dict[str, object], ask: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        getattr(Fields(value, "row[3]"), ask)("a")
    assert caught.value.path == "row[3].a"


def test_every_key_of_the_contract_has_its_meaning() -> None:
    prose = plasta_wsdl().decode().split("Message keys:")[1].split("</wsdl:documentation>")[0]
    keys = {
        word.strip(" .,\n")
        for part in prose.split("Every object")[0].split("Fault errors:")
        for word in part.split(",")
    }
    assert keys <= set(codes.FAMILIES) | codes.HINTS
    assert all(issubclass(family, SyncError) for family in codes.FAMILIES.values())


def test_languages_in_both_directions() -> None:
    assert {codes.LANGUAGES[code]: code for code in codes.LANGUAGES} == dict(codes.LANGUAGE_CODES)
    assert set(codes.LANGUAGE_CODES) == set(Language)
