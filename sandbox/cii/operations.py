"""The work behind each operation of the contract, once token and request are found good.

Each write-back that took effect is one ledger entry. Its business key is `caseId/facet#n`, where n counts the times
that the facet's value really became another one: a second entry under one key is a doubled write-back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias

from sandbox.cii.contract import contract
from sandbox.cii.cursors import cursor_for, sequence_of
from sandbox.cii.problems import problem
from sandbox.cii.state import CiiState, CursorAheadError, StaleVersionError
from sandbox.cii.wire import case_json, document_json, encoded, facet_json
from sandbox.http_server import Request, Response
from sandbox.ledger import Ledger

PAGE_DEFAULT = 100
_FACET_SCHEMAS = MappingProxyType(
    {"registration": "RegistrationValue", "deregistration": "DeregistrationValue", "keyword": "KeywordValue"}
)


@dataclass(frozen=True, slots=True)
class Call:
    """One good request: the values in its path, its JSON body if the operation has one, and the account that asks."""

    request: Request
    values: Mapping[str, str]
    body: dict[str, Any]
    caller: str


Work: TypeAlias = Callable[[Call], Response]


class CaseOperations:
    """The operations over one state. `UnknownCaseError` passes through them; every other refusal is a response."""

    def __init__(self, state: CiiState, ledger: Ledger) -> None:
        self._state = state
        self._ledger = ledger
        self._schemas = contract().schemas

    def by_name(self) -> Mapping[str, Work]:
        """Each operation under its `operationId`."""
        return MappingProxyType(
            {
                "getHealth": self.health,
                "listCases": self.list_cases,
                "getCase": self.get_case,
                "listDocuments": self.list_documents,
                "getMirrorFacet": self.get_facet,
                "putMirrorFacet": self.put_facet,
            }
        )

    def health(self, _call: Call) -> Response:
        """It answers, so it is well."""
        return _ok(encoded({"status": "ok", "contract": "cii-v1"}))

    def list_cases(self, call: Call) -> Response:
        """One page of changes since the cursor."""
        query = call.request.query
        try:
            since = sequence_of(query["since"]) if "since" in query else 0
            page = self._state.page(since, int(query.get("limit", PAGE_DEFAULT)))
        except (CursorAheadError, ValueError):  # opaque: not made here, or made before this server was reset
            return problem(410, "CURSOR_UNKNOWN", "query.since")
        more = b"true" if page.more else b"false"
        cursor = cursor_for(page.last).encode()
        return _ok(b'{"items":[%b],"nextCursor":"%b","more":%b}' % (b",".join(page.items), cursor, more))

    def get_case(self, call: Call) -> Response:
        """One case, its version as ETag."""
        case = self._state.case(call.values["caseId"])
        return _ok(encoded(case_json(case)), case.version)

    def list_documents(self, call: Call) -> Response:
        """What is filed in one case."""
        documents = self._state.case(call.values["caseId"]).documents
        return _ok(encoded({"items": [document_json(document) for document in documents]}))

    def get_facet(self, call: Call) -> Response:
        """What stands in one facet of the mirror, its version as ETag."""
        entry = self._state.case(call.values["caseId"]).mirror.get(call.values["facet"])
        return _ok(encoded(facet_json(call.values["facet"], entry)), entry.version if entry else 0)

    def put_facet(self, call: Call) -> Response:
        """Write one facet on top of the version that the caller saw."""
        case_id, facet, value = call.values["caseId"], call.values["facet"], call.body["value"]
        self._state.case(case_id)  # an unknown case is told before a wrong value
        if not self._schemas[_FACET_SCHEMAS[facet]].is_valid(value):
            return problem(422, "FACET_VALUE_INVALID", "body.value")
        seen = int(call.request.header("if-match").strip('"'))
        observed_at = datetime.fromisoformat(call.body["observedAt"])
        try:
            written = self._state.write_mirror(
                case_id, facet, value, seen=seen, observed_at=observed_at, by=call.caller
            )
        except StaleVersionError as stale:
            return problem(412, "VERSION_CONFLICT", ETag=f'"{stale.current}"')
        self._ledger.record(
            "putMirrorFacet",
            f"{case_id}/{facet}#{written.entry.generation}",
            caller=call.caller,
            correlation_id=call.request.header("x-correlation-id"),
            detail={
                "version": str(written.entry.version),
                "repeated": "yes" if written.repeated else "no",
                "value": json.dumps(value, sort_keys=True),
            },
        )
        return _ok(encoded(facet_json(facet, written.entry)), written.entry.version)


def _ok(body: bytes, version: int | None = None) -> Response:
    etag = {} if version is None else {"ETag": f'"{version}"'}
    return Response(200, {"Content-Type": "application/json", "Cache-Control": "no-store", **etag}, body)
