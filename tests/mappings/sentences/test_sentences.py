"""Both languages are whole, say the same with the same fields, and are plain to read."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from string import Formatter

import pytest

from domain.books import RunState
from domain.cases import CoachingState, ExitReason, ProcedureKind, TeamRole
from domain.compare import Finding
from domain.consent import Reason
from domain.errors import MappingError
from domain.facets import Facet, Language, System, Target
from domain.intents import IntentKind, IntentState, Outcome
from domain.registrations import Sight
from domain.work_items import Role, WorkItemKind, WorkItemState
from mappings.sentences import keys, known, say, word
from mappings.sentences.say import texts
from pipelines.registration_check import Answer

BLOCKS = ("found", "done", "to_do")

TOTAL: dict[str, tuple[type[StrEnum], tuple[str, ...]]] = {
    "answer": (Answer, BLOCKS),
    "work": (WorkItemKind, ("title", "to_do")),
    "conflict": (Facet, ("question", "what")),
    "system": (Target, ()),
    "System": (Target, ()),
    "column": (System, ()),
    "work_state": (WorkItemState, ()),
    "finding": (Finding, ()),
    "intent_kind": (IntentKind, ()),
    "intent_state": (IntentState, ()),
    "intent_told": (IntentState, ()),
    "mail_told": (IntentState, ()),
    "timeline.attempt": (Outcome, ()),
    "outcome": (Outcome, ()),
    "run_state": (RunState, ()),
    "sight": (Sight, ()),
    "denial": (Reason, ()),
    "role": (Role, ()),
    "team_role": (TeamRole, ()),
    "facet": (Facet, ()),
    "value": (ExitReason, ()),
    "procedure": (ProcedureKind, ()),
    "coaching_state": (CoachingState, ()),
}
"""Table to the closed list that it must cover, with the parts that each entry has."""

EVERY = sorted(keys(Language.FR) | keys(Language.DE))

ENGLISH = re.compile(
    r"\b(the|and|or|not|is|are|were|with|without|for|from|to|of|this|that|has|have|error|failed|done|case|retry|"
    r"found|keyword|case|work|item|run|pending|unknown|open|closed|check|please|we|you|it|no|yes|by|be|been|will)\b",
    re.IGNORECASE,
)
ALSO_FRENCH_OR_GERMAN = {"Case Management", "--reveal"}
"""Terms that the canton's own papers use, or that the reader types."""


def raw(language: Language, key: str) -> str:
    return texts(language)[key]


def fields_of(language: Language, key: str) -> set[tuple[str, str]]:
    parts = Formatter().parse(raw(language, key))
    return {(name, spec or "") for _, name, spec, _ in parts if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert keys(Language.FR) == keys(Language.DE)


@pytest.mark.parametrize(("table", "wanted"), TOTAL.items(), ids=list(TOTAL))
def test_every_word_of_a_closed_list_has_its_sentences(
    table: str, wanted: tuple[type[StrEnum], tuple[str, ...]]
) -> None:
    words, parts = wanted
    missing = [
        key
        for one in words
        for key in ([f"{table}.{one}.{part}" for part in parts] or [f"{table}.{one}"])
        if not known(key)
    ]

    assert missing == []


@pytest.mark.parametrize("key", EVERY)
def test_both_languages_name_the_same_fields(key: str) -> None:
    assert fields_of(Language.FR, key) == fields_of(Language.DE, key)


@pytest.mark.parametrize("language", Language)
def test_no_sentence_has_more_than_twenty_words(language: Language) -> None:
    long = [
        sentence
        for key in EVERY
        for sentence in re.split(r"(?<=[.!?])\s+", raw(language, key))
        if len(re.findall(r"[\w{}'-]+", sentence)) > 20
    ]

    assert long == []


@pytest.mark.parametrize("language", Language)
def test_no_english_is_left(language: Language) -> None:
    told = {key: raw(language, key) for key in EVERY}
    for term in ALSO_FRENCH_OR_GERMAN:
        told = {key: text.replace(term, "") for key, text in told.items()}
    told = {key: re.sub(r"\{[^}]*\}", "", text) for key, text in told.items()}

    assert {key: text for key, text in told.items() if ENGLISH.search(text)} == {}


@pytest.mark.parametrize("language", Language)
def test_swiss_spelling(language: Language) -> None:
    told = [raw(language, key) for key in EVERY]

    assert not [text for text in told if re.search('[ßẞ“”„"]', text)]
    wrong_system = "AVAM" if language is Language.FR else "PLASTA"
    assert not [text for text in told if wrong_system in text]
    inner = re.compile(r"«\S|\S»") if language is Language.FR else re.compile(r"«\s|\s»")
    assert not [text for text in told if inner.search(text)]


def test_french_colons_stand_apart_and_german_ones_do_not() -> None:
    assert not [key for key in EVERY if re.search(r"\w[:;?!](\s|$)", re.sub(r"\{.*?\}", "x", raw(Language.FR, key)))]
    assert not [key for key in EVERY if re.search(r"\s[:;?!](\s|$)", raw(Language.DE, key))]


def test_the_official_word_of_c2() -> None:
    assert "Dossier PLASTA ok et mot-clé indiqué." in raw(Language.FR, "answer.ok.found")
    assert "Dossier PLASTA ok et mot-clé indiqué." in raw(Language.FR, "answer.keyword_set.done")


def test_times_are_those_of_the_clocks_in_valais() -> None:
    winter = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
    summer = datetime(2026, 7, 1, 7, 14, tzinfo=UTC)

    assert "à 09 h 14." in say(Language.FR, "answer.ok.found", read_at=winter)
    assert "Um 09.14 Uhr " in say(Language.DE, "answer.ok.found", read_at=summer)


def test_days_are_written_the_swiss_way() -> None:
    ahead = say(Language.FR, "answer_extra.deregistration_ahead", day=date(2026, 11, 30))

    assert ahead.startswith("Annulation annoncée pour le 30.11.2026.")


def test_a_day_told_by_an_instant_is_the_day_in_valais() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)

    assert say(Language.DE, "answer_extra.deregistered", day=late) == "In AVAM abgemeldet per 01.12.2026."


def test_an_unknown_key_and_a_missing_field_are_errors_with_their_place() -> None:
    with pytest.raises(MappingError, match=r"^sentences: answer\.nonsense: "):
        say(Language.FR, "answer.nonsense")
    with pytest.raises(MappingError, match="the field read_at is missing"):
        say(Language.FR, "answer.ok.found")


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        say(Language.FR, "answer.ok.found", read_at=datetime(2026, 11, 22, 8, 14))  # noqa: DTZ001 - the point


def test_a_value_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(TypeError):
        say(Language.FR, "answer.ok.found", read_at="09:14")


def test_a_field_cannot_reach_into_its_value() -> None:
    told = say(Language.FR, "case_extra.head", case="{case.__class__}")

    assert told == "Dossier {case.__class__}"


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert word(Language.DE, "office", "VSO10") == "RAV Sitten"
    assert word(Language.DE, "office", "BEX01") == "BEX01"
