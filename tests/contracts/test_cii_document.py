"""The OpenAPI document of the CII software: valid, honest about being a stand-in, and bounded everywhere."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sandbox.cii.records import CATEGORIES, EXIT_REASONS, FACETS, STATES


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    text = files("contracts.cii").joinpath("cii-v1.openapi.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def schemas(node: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema object that states a type, with its place."""
    if isinstance(node, dict):
        if isinstance(node.get("type"), str) and node["type"] != "http":
            yield path, node
        for name, child in node.items():
            yield from schemas(child, f"{path}/{name}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from schemas(child, f"{path}/{index}")


def test_it_says_that_it_is_a_stand_in(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert "stand-in" in document["info"]["title"]
    assert "**This is a stand-in.**" in document["info"]["description"]


def test_every_schema_is_a_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_text_and_every_list_is_bounded(document: dict[str, Any]) -> None:
    unbounded = [
        path
        for path, schema in schemas(document)
        if (schema["type"] == "string" and "maxLength" not in schema and schema.get("format") != "date")
        or (schema["type"] == "array" and "maxItems" not in schema)
    ]

    assert unbounded == []


def test_what_is_sent_is_closed_and_what_is_answered_is_open(document: dict[str, Any]) -> None:
    written = {"MirrorWrite", "RegistrationValue", "DeregistrationValue", "KeywordValue"}
    closed = {
        name
        for name, schema in document["components"]["schemas"].items()
        if schema.get("additionalProperties") is False
    }

    assert closed == written


def test_every_answer_but_the_webhooks_is_described(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method in {"get", "put", "post", "delete"} & set(methods):
            answers = methods[method]["responses"]
            assert "default" in answers, f"{method} {path}"
            assert methods[method].get("security") == [] or {"401", "403", "429"} <= set(answers), f"{method} {path}"


def test_writing_needs_the_version_that_was_seen(document: dict[str, Any]) -> None:
    put = document["paths"]["/v1/cases/{caseId}/mirror/{facet}"]["put"]
    (match,) = [one for one in put["parameters"] if one.get("name") == "If-Match"]

    assert match["required"] is True
    assert {"412", "428"} <= set(put["responses"])


def test_the_stand_in_knows_the_documents_code_lists(document: dict[str, Any]) -> None:
    known = document["components"]["schemas"]
    procedure = known["Procedure"]["properties"]

    assert set(procedure["kind"]["x-extensible-enum"]) == set(STATES)
    assert set(procedure["state"]["x-extensible-enum"]) == {state for states in STATES.values() for state in states}
    assert tuple(known["Exit"]["properties"]["reason"]["x-extensible-enum"]) == EXIT_REASONS
    assert tuple(known["Procuration"]["properties"]["categories"]["items"]["x-extensible-enum"]) == CATEGORIES
    assert tuple(known["Facet"]["enum"]) == FACETS


def test_the_exit_reasons_bear_their_official_words(document: dict[str, Any]) -> None:
    told = document["components"]["schemas"]["Exit"]["properties"]["reason"]["description"]

    for words in ("Reprise d'emploi", "Manque de coopération", "Autres (maladie, déménagement)", "Suivi réseau"):
        assert words in told
