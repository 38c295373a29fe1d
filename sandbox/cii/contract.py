"""Requests judged by the OpenAPI document itself: which operation, and whether path, query, headers and body fit it.

The document is read from `contracts/cii` as data. Only what the stand-in needs of OpenAPI 3.1 is understood: path
templates, parameters with a schema, one JSON body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from sandbox.http_server import Request

_DOCUMENT = "urn:contract:cii"
_METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
_formats = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_formats.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class RequestInvalidError(Exception):
    """The request does not fit the contract. `path` names the field, never its value."""

    def __init__(self, path: str, status: int = 400, code: str = "REQUEST_INVALID") -> None:
        super().__init__(path)
        self.path = path
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation, with the validator of its schema."""

    name: str
    place: str
    required: bool
    integer: bool
    validator: Draft202012Validator

    def accept(self, text: str) -> None:
        """Judge the text that was sent; `RequestInvalidError` when it does not fit."""
        value: object = text
        if self.integer:
            if not re.fullmatch(r"-?[0-9]{1,9}", text):
                raise RequestInvalidError(f"{self.place}.{self.name}")
            value = int(text)
        if not self.validator.is_valid(value):
            raise RequestInvalidError(f"{self.place}.{self.name}")


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    name: str
    method: str
    path: re.Pattern[str]
    parameters: tuple[Parameter, ...]
    body: Draft202012Validator | None
    public: bool

    def accept(self, request: Request, path_values: Mapping[str, str]) -> dict[str, Any]:
        """Judge the whole request and give its body; `RequestInvalidError` names the first field that does not fit."""
        known = {parameter.name for parameter in self.parameters if parameter.place == "query"}
        for name in sorted(set(request.query) - known):
            raise RequestInvalidError(f"query.{name[:40]}" if name.isascii() and name.isprintable() else "query")
        for parameter in self.parameters:
            sent = _sent(parameter, request, path_values)
            if sent is not None:
                parameter.accept(sent)
            elif parameter.required:
                raise RequestInvalidError(f"{parameter.place}.{parameter.name}", 428, "VERSION_REQUIRED")
        return {} if self.body is None else _body(request, self.body)


@dataclass(frozen=True)
class Contract:
    """All operations of the document."""

    operations: tuple[Operation, ...]
    schemas: Mapping[str, Draft202012Validator]

    def match(self, method: str, path: str) -> tuple[Operation | None, Mapping[str, str], tuple[str, ...]]:
        """The operation with the values in its path, and the methods that this path has at all."""
        allowed: list[str] = []
        found: tuple[Operation, Mapping[str, str]] | None = None
        for operation in self.operations:
            if hit := operation.path.fullmatch(path):
                allowed.append(operation.method)
                if operation.method == method:
                    found = operation, hit.groupdict()
        return (found[0], found[1], tuple(allowed)) if found else (None, {}, tuple(allowed))


def document_text() -> str:
    """The OpenAPI document as it is shipped."""
    return files("contracts.cii").joinpath("cii-v1.openapi.yaml").read_text(encoding="utf-8")


@cache
def contract() -> Contract:
    """The contract, read once."""
    reader = _Reader(yaml.safe_load(document_text()))
    return Contract(tuple(reader.operations()), reader.schemas())


class _Reader:
    """Builds operations out of the document; every schema is validated where it stands, by its JSON pointer."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._resource: Resource[Any] = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, self._resource)

    def operations(self) -> Iterator[Operation]:
        for template, methods in self._document["paths"].items():
            place = f"#/paths/{_escaped(template)}"
            for method in sorted(_METHODS & set(methods)):
                stated = methods[method]
                parameters = (
                    *self._parameters(methods, place),
                    *self._parameters(stated, f"{place}/{method}"),
                )
                body = f"{place}/{method}/requestBody/content/application~1json/schema"
                yield Operation(
                    stated["operationId"],
                    method.upper(),
                    re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", template)),
                    parameters,
                    self._validator(body) if "requestBody" in stated else None,
                    public=stated.get("security") == [],
                )

    def schemas(self) -> dict[str, Draft202012Validator]:
        names = self._document["components"]["schemas"]
        return {name: self._validator(f"#/components/schemas/{name}") for name in names}

    def _parameters(self, holder: Mapping[str, Any], place: str) -> tuple[Parameter, ...]:
        return tuple(
            self._parameter(item.get("$ref", f"{place}/parameters/{index}"))
            for index, item in enumerate(holder.get("parameters", []))
        )

    def _parameter(self, pointer: str) -> Parameter:
        stated = self._registry.resolver(_DOCUMENT).lookup(pointer).contents
        return Parameter(
            stated["name"],
            stated["in"],
            stated.get("required", False),
            stated["schema"].get("type") == "integer",
            self._validator(f"{pointer}/schema"),
        )

    def _validator(self, pointer: str) -> Draft202012Validator:
        schema = {"$ref": f"{_DOCUMENT}{pointer}"}
        return Draft202012Validator(schema, registry=self._registry, format_checker=_formats)


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _sent(parameter: Parameter, request: Request, path_values: Mapping[str, str]) -> str | None:
    match parameter.place:
        case "path":
            return path_values[parameter.name]
        case "query":
            return request.query.get(parameter.name)
        case _:
            return request.headers.get(parameter.name.lower())


def _body(request: Request, validator: Draft202012Validator) -> dict[str, Any]:
    if request.header("content-type").split(";")[0].strip().lower() != "application/json":
        raise RequestInvalidError("header.Content-Type", 415, "MEDIA_TYPE_UNSUPPORTED")
    try:
        value: dict[str, Any] = json.loads(
            request.body.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise RequestInvalidError("body") from error
    fault = best_match(validator.iter_errors(value))
    if fault is not None:
        raise RequestInvalidError(".".join(["body", *(str(part)[:40] for part in fault.absolute_path)]))
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(f"not JSON: {name}")
