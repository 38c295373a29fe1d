"""The code tables are total: every word of the contract is known, every member of the domain is reached."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml

from domain.cases import CoachingState, ExitReason, ProcedureKind, TeamRole
from domain.consent_terms import Category
from domain.facets import MIRRORED, Facet, Language
from mappings.cii import words

CONTRACT: dict[str, Any] = yaml.safe_load(
    files("contracts").joinpath("cii", "cii-v1.openapi.yaml").read_text(encoding="utf-8")
)
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]


def lists_in(value: object) -> Iterator[list[str]]:
    """Every code list of a part of the contract."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in {"x-extensible-enum", "enum"}:
                yield part
            else:
                yield from lists_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from lists_in(part)


def codes_in(value: object) -> set[str]:
    return {code for codes in lists_in(value) for code in codes}


@pytest.mark.parametrize(
    ("table", "part"),
    [
        (words.LANGUAGES, SCHEMAS["Language"]),
        (words.REGIONS, SCHEMAS["Region"]),
        (words.PROCEDURE_KINDS, SCHEMAS["Procedure"]["properties"]["kind"]),
        (words.EXIT_REASONS, SCHEMAS["Exit"]),
        (words.TEAM_ROLES, SCHEMAS["Role"]),
        (words.CATEGORIES, SCHEMAS["Procuration"]),
        (words.FACETS, SCHEMAS["Facet"]),
    ],
)
def test_every_word_of_the_contract_is_in_its_table_and_no_other(table: Iterable[str], part: object) -> None:
    assert set(table) == codes_in(part)


def test_every_state_of_the_contract_is_known_for_its_kind() -> None:
    states = {state for table in words.PROCEDURE_STATES.values() for state in table}
    assert states == codes_in(SCHEMAS["Procedure"]["properties"]["state"])
    described = SCHEMAS["Procedure"]["properties"]["state"]["description"].replace("\n", " ")
    for kind, table in words.PROCEDURE_STATES.items():
        listed = described.split(f"{kind.value}: ")[1].split(".")[0]
        assert set(table) == {word.strip() for word in listed.split(",")}


@pytest.mark.parametrize(
    ("table", "members"),
    [
        (words.LANGUAGES, Language),
        (words.PROCEDURE_KINDS, ProcedureKind),
        (words.EXIT_REASONS, ExitReason),
        (words.TEAM_ROLES, TeamRole),
        (words.CATEGORIES, Category),
        (words.PROCEDURE_STATES[ProcedureKind.COACHING], CoachingState),
    ],
)
def test_every_member_of_the_domain_is_reached_once(table: dict[str, object], members: Iterable[object]) -> None:
    assert sorted(map(str, table.values())) == sorted(map(str, members))


def test_both_directions_of_the_facets_agree() -> None:
    assert {words.FACETS[name]: name for name in words.FACETS} == dict(words.FACET_NAMES) == dict(MIRRORED)


def test_the_facets_without_a_mirror_are_named() -> None:
    assert set(Facet) - set(words.FACET_NAMES) == {
        Facet.IDENTITY,
        Facet.KEYWORD,
        Facet.STATUS,
        Facet.REINSERTION,
    }


def test_procedures_that_we_only_watch_are_open_or_closed() -> None:
    for kind in (ProcedureKind.CASE_MANAGEMENT, ProcedureKind.ASSESSMENT):
        assert set(words.PROCEDURE_STATES[kind].values()) == {"open", "closed"}
