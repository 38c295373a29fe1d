"""What the CII software can do wrong beyond the transport: pages, cursors and records that a client must not trust.

Each kind is switched on by name in the fault plan (`sandbox.faults`). Faults of a record hit the case named in option
`case`, else the first of the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from sandbox.cii.cursors import cursor_for, sequence_of
from sandbox.cii.problems import problem
from sandbox.faults import Fault
from sandbox.http_server import Request, Response

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "token_refused": "401, the token is not accepted (any more)",
        "forbidden": "403, the account may not do this",
        "cursor_unknown": "410, the server does not know the cursor any more",
        "second_page_fails": "503 for every page but the first",
        "page_repeats": "the page is right, but its cursor leads back to the same page, for ever",
        "cursor_regress": "the page's cursor leads back to the very beginning",
        "case_on_two_pages": "the last case of the page before is given once more",
        "unknown_state": "a case's procedure is in a state that no list knows",
        "unknown_exit_reason": "a case was left for a reason that no list knows",
        "unknown_language": "a beneficiary speaks a language that no list knows",
        "invalid_record": "a case's birth date is no day, and its region is missing",
        "wrong_avs": "a case's AVS number has a wrong check digit",
        "extra_fields": "every object has one field more than the contract names",
        "odd_json": "option `what`: nan, deep, huge_number, repeated_name, byte_order_mark, latin_1, not_json",
    }
)

_REFUSALS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "token_refused": (401, "TOKEN_INVALID"),
        "forbidden": (403, "FORBIDDEN"),
        "cursor_unknown": (410, "CURSOR_UNKNOWN"),
    }
)


def refusal(hits: Sequence[Fault], request: Request) -> Response | None:
    """The refusal that a fault asks for instead of the call's work, if one does."""
    for fault in hits:
        if fault.kind in _REFUSALS:
            status, code = _REFUSALS[fault.kind]
            return problem(status, code, **({"WWW_Authenticate": "Bearer"} if status == 401 else {}))  # noqa: PLR2004
        if fault.kind == "second_page_fails" and "since" in request.query:
            return problem(503, "UNAVAILABLE")
    return None


JsonObject: TypeAlias = dict[str, Any]


def distorted(hits: Sequence[Fault], request: Request, response: Response, earlier: Callable[[int], bytes]) -> Response:
    """The answer as the faults leave it. `earlier` gives the encoded case that stands last before a place in the feed,
    empty when there is none.
    """
    ours = [fault for fault in hits if fault.kind in KINDS]
    if not ours or response.status != 200:  # noqa: PLR2004
        return response
    content: JsonObject = json.loads(response.body)
    for fault in ours:
        if fault.kind in _PAGES and "nextCursor" in content:
            _PAGES[fault.kind](content, request, earlier)
        if fault.kind in _RECORDS and (record := _record(content, fault)) is not None:
            _RECORDS[fault.kind](record)
    body = json.dumps(content, ensure_ascii=False).encode()
    for fault in ours:
        if fault.kind == "odd_json":
            body = _ODDITIES[fault.options.get("what", "not_json")](body)
    return Response(response.status, response.headers, body, response.delay)


def _record(content: JsonObject, fault: Fault) -> JsonObject | None:
    records: list[JsonObject] = content.get("items", [content])
    wanted = fault.options.get("case")
    return next((record for record in records if wanted in (None, record.get("caseId"))), None)


def _same_page_again(page: JsonObject, request: Request, _earlier: Callable[[int], bytes]) -> None:
    page["nextCursor"] = request.query.get("since", cursor_for(0))
    page["more"] = True


def _back_to_the_start(page: JsonObject, _request: Request, _earlier: Callable[[int], bytes]) -> None:
    page["nextCursor"] = cursor_for(0)


def _one_case_again(page: JsonObject, request: Request, earlier: Callable[[int], bytes]) -> None:
    before = earlier(sequence_of(request.query["since"])) if "since" in request.query else b""
    if before:
        page["items"].insert(0, json.loads(before))


def _unknown_state(record: JsonObject) -> None:
    record["procedures"][0]["state"] = "waiting_for_godot"


def _unknown_exit_reason(record: JsonObject) -> None:
    record["exit"] = {"reason": "left_for_mars", "on": record["changedAt"][:10]}


def _unknown_language(record: JsonObject) -> None:
    record["beneficiary"]["language"] = "rm"


def _invalid(record: JsonObject) -> None:
    record["beneficiary"]["birthDate"] = "1990-02-31"
    record.pop("region", None)


def _wrong_avs(record: JsonObject) -> None:
    number = record["beneficiary"].get("avsNumber", "7560000000002")
    record["beneficiary"]["avsNumber"] = number[:-1] + str((int(number[-1]) + 1) % 10)


def _extra_fields(record: JsonObject) -> None:
    record["futureField"] = {"added": "later"}
    record["beneficiary"]["futureField"] = 1


_PAGES = {"page_repeats": _same_page_again, "cursor_regress": _back_to_the_start, "case_on_two_pages": _one_case_again}
_RECORDS: Mapping[str, Callable[[JsonObject], None]] = {
    "unknown_state": _unknown_state,
    "unknown_exit_reason": _unknown_exit_reason,
    "unknown_language": _unknown_language,
    "invalid_record": _invalid,
    "wrong_avs": _wrong_avs,
    "extra_fields": _extra_fields,
}
_ODDITIES: Mapping[str, Callable[[bytes], bytes]] = {
    "nan": lambda body: body[:-1] + b',"odd":NaN}',
    "deep": lambda body: body[:-1] + b',"odd":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "huge_number": lambda body: body[:-1] + b',"odd":1' + b"0" * 400 + b"}",
    "repeated_name": lambda body: body[:-1] + b',"items":[],"caseId":"CII-1999-000001"}',
    "byte_order_mark": lambda body: b"\xef\xbb\xbf" + body,
    "latin_1": lambda body: body.decode().encode("latin-1", "replace"),
    "not_json": lambda body: body.replace(b'"', b"'"),
}
