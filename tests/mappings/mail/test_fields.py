"""A mail carries the fields of its kind and no other, each checked, each in the reader's words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases import TeamRole
from domain.errors import InvalidRecordError, MappingError
from mappings.mail.fields import readable
from mappings.mail.kinds import KINDS, REGISTRATION_WANTED, REINSERTION_CONFIRMATION, MailKind, kind_named
from mappings.mail.words import LANGUAGES, codes, word

LEAST = {
    "case_reference": "CII-2026-000123",
    "region": "oberwallis",
    "confirmed_on": "2026-11-20",
    "confirmed_by": "orp_respondent",
}


def test_codes_and_dates_become_the_readers_words() -> None:
    assert readable(REINSERTION_CONFIRMATION, {**LEAST, "start_of_work": "2026-12-01"}, "de") == {
        "case_reference": "CII-2026-000123",
        "region": "Oberwallis",
        "confirmed_on": "20.11.2026",
        "confirmed_by": "das IIZ-Tandem (RAV-Ansprechperson)",
        "start_of_work": "01.12.2026",
        "link": None,
    }
    assert readable(REINSERTION_CONFIRMATION, LEAST, "fr")["region"] == "Haut-Valais"


@pytest.mark.parametrize("missing", LEAST)
@pytest.mark.parametrize("empty", [True, False])
def test_a_missing_fact_is_an_error_with_its_path(missing: str, empty: bool) -> None:
    fields = {name: value for name, value in LEAST.items() if name != missing} | ({missing: ""} if empty else {})
    with pytest.raises(InvalidRecordError) as caught:
        readable(REINSERTION_CONFIRMATION, fields, "fr")
    assert (caught.value.path, caught.value.reason) == (f"fields.{missing}", "missing")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("stranger", ["family_name", "first_name", "avs_number", "birth_date", "reason", "a b\r\n"])
def test_no_kind_can_carry_a_person_or_a_reason(kind: MailKind, stranger: str) -> None:
    with pytest.raises(MappingError) as caught:
        readable(kind, {**{name: LEAST[name] for name in kind.required}, stranger: "canary-Müller"}, "fr")
    assert "canary" not in str(caught.value)
    assert caught.value.path == (f"fields.{stranger}" if stranger.isidentifier() else "fields")


WRONG = {
    "case_reference": [
        "CII-2026-123",
        "cii-2026-000123",
        "CII-2026-000123 Müller",
        "CII-2026-0001234",
        "CII-٢٠٢٦-000123",
    ],
    "confirmed_on": ["20.11.2026", "2026-13-01", "2026-02-30", "20261120", "2026-11-20T00:00", "hier"],
    "start_of_work": ["bientôt", "2027-02-29"],
    "region": ["Sion", "geneve"],
    "confirmed_by": ["Inès Perren", "smr"],
    "link": [
        "javascript:alert(1)",
        "http://cii.example/1",
        "https://user:pw@cii.example/1",
        "https://cii.example/a b",
        "https://cii.example/1\r\n",
        "https:///path",
        "https://[::1/x",
        "ftp://cii.example/",
        "https://cii.example/" + "x" * 500,
    ],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_fact_is_named_and_never_quoted(name: str, value: str) -> None:
    with pytest.raises(MappingError) as caught:
        readable(REINSERTION_CONFIRMATION, {**LEAST, name: value}, "fr")
    assert caught.value.path == f"fields.{name}"
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    "link", ["https://cii.example/c/1?x=y", "http://localhost:8000/c", "http://127.0.0.1/c", "http://[::1]:8/"]
)
def test_links_over_https_and_to_this_machine(link: str) -> None:
    assert readable(REGISTRATION_WANTED, {"case_reference": "CII-2026-000123", "link": link}, "fr")["link"] == link


@given(st.dates())
def test_every_day_is_written_the_swiss_way(day: date) -> None:
    written = readable(REGISTRATION_WANTED, {"case_reference": "CII-2026-000123", "due_on": day.isoformat()}, "de")
    assert written["due_on"] == ".".join(reversed(day.isoformat().split("-")))


@given(text=st.text(max_size=60))
def test_whatever_stands_for_a_date_it_is_a_date_or_an_error(text: str) -> None:
    try:
        written = readable(REGISTRATION_WANTED, {"case_reference": "CII-2026-000123", "due_on": text}, "fr")["due_on"]
    except InvalidRecordError:
        written = None
    assert written is None or date.fromisoformat("-".join(reversed(written.split(".")))).isoformat() == text


def test_every_role_and_region_that_a_case_can_have_has_a_word_in_each_language() -> None:
    assert set(codes("role")) == {role.value for role in TeamRole} | {"tandem", "plasta"}
    assert set(codes("region")) == {"monthey", "martigny", "sierre", "sion", "oberwallis"}
    for table in ("role", "region"):
        for code in codes(table):
            assert all(word(table, code, language, path="x") for language in LANGUAGES)


def test_an_unknown_kind_is_an_error_with_its_path() -> None:
    with pytest.raises(MappingError, match="template"):
        kind_named("welcome")
