"""The control paths of every stand-in, outside the protocol that it stands in for.

`GET|PUT|POST|DELETE /_sandbox/faults` (PUT replaces all, POST adds one), `GET /_sandbox/ledger`,
`GET /_sandbox/state`, `POST /_sandbox/acts/<name>` with the act's arguments as a JSON object. They need no
credentials: a stand-in holds invented persons only and binds to loopback.
"""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import TypeAlias, Union, get_args, get_origin, get_type_hints

from sandbox.faults import FaultPlan, UnknownFaultError, fault_from_json
from sandbox.http_server import Json, Request, Response, json_response
from sandbox.ledger import Ledger

PREFIX = "/_sandbox/"
Act: TypeAlias = Callable[[Mapping[str, Json]], Json]


class ActRefusedError(ValueError):
    """A person's act that is not possible in the stand-in's state, or an argument that is missing or wrong."""


@dataclass(frozen=True, slots=True)
class ControlPaths:
    """Answers the control paths of one stand-in; `state` gets the request, so that it can read the query."""

    ledger: Ledger
    faults: FaultPlan
    state: Callable[[Request], Json]
    acts: Mapping[str, Act]

    def answer(self, request: Request) -> Response | None:
        """Return the answer of a control path, or None when the request is not for one."""
        if not request.path.startswith(PREFIX):
            return None
        try:
            return self._routed(request, request.path.removeprefix(PREFIX))
        except ValueError as refused:
            return json_response({"error": str(refused)}, 400)

    def _routed(self, request: Request, name: str) -> Response:
        match request.method, name.split("/"):
            case "GET", ["ledger"]:
                return json_response(self.ledger.as_json())
            case "GET", ["state"]:
                return json_response(self.state(request))
            case _, ["faults"]:
                return self._faults(request)
            case "POST", ["acts", act] if act in self.acts:
                arguments = request.json() if request.body else {}
                if not isinstance(arguments, Mapping):
                    raise ActRefusedError("arguments are a JSON object")
                return json_response(self.acts[act](arguments))
            case _:
                return json_response({"error": "no such control path", "acts": sorted(self.acts)}, 404)

    def _faults(self, request: Request) -> Response:
        match request.method:
            case "PUT":
                value = request.json()
                listed = value.get("faults") if isinstance(value, Mapping) else value
                if not isinstance(listed, list):
                    raise UnknownFaultError("faults are a list")
                self.faults.replace(fault_from_json(item) for item in listed)
            case "POST":
                self.faults.switch_on(fault_from_json(request.json()))
            case "DELETE":
                self.faults.clear()
            case "GET":
                pass
            case _:
                return json_response({"error": "method not allowed"}, 405)
        return json_response(self.faults.as_json())


def typed_act(method: Callable[..., object]) -> Act:
    """Return a method as an act: JSON arguments are read by its annotations (dates and times in ISO 8601)."""
    parameters = inspect.signature(method).parameters
    hints = get_type_hints(method)

    def act(arguments: Mapping[str, Json]) -> Json:
        strangers = sorted(set(arguments) - set(parameters))
        missing = [name for name, item in parameters.items() if item.default is item.empty and name not in arguments]
        if strangers or missing:
            raise ActRefusedError(f"unknown arguments {strangers}, missing arguments {missing}")
        return as_json(method(**{name: _read(name, hints[name], value) for name, value in arguments.items()}))

    return act


def as_json(value: object) -> Json:
    """Return dataclasses, dates, enums and containers of them as JSON; anything else is a TypeError."""
    if isinstance(value, Enum):
        return as_json(value.value)
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {item.name: as_json(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): as_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(item) for item in value]
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _read(name: str, kind: object, value: Json) -> object:
    if get_origin(kind) in {Union, UnionType}:
        if value is None:
            return None
        kind = next(item for item in get_args(kind) if item is not NoneType)
    if get_origin(kind) in {tuple, list} and isinstance(value, list):
        return tuple(_read(name, get_args(kind)[0], item) for item in value)
    if kind in {date, datetime} and isinstance(value, str):
        try:
            return datetime.fromisoformat(value) if kind is datetime else date.fromisoformat(value)
        except ValueError as wrong:
            raise ActRefusedError(f"{name} is no date in ISO 8601") from wrong
    if isinstance(kind, type) and isinstance(value, kind):
        return value
    raise ActRefusedError(f"{name} has a wrong type")
