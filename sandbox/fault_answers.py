"""Turns the transport faults that hit a call into what the client sees, and decides whether the effect happens."""

import time
from collections.abc import Callable, Sequence

from sandbox.faults import Fault
from sandbox.http_server import Response, Wire, text_response

PROXY_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Service indisponible</title></head>"
    "<body><h1>Service momentanément indisponible</h1><p>Proxy cantonal, réf. 0x1F</p></body></html>\n"
)
_BEFORE = {"cut_before_effect", "stall", "retry_after"}
_EITHER = {"http_status", "html_page_200", "empty_body"}
_AFTER = {"cut_after_effect", "stall_after_effect", "truncated_body", "drip", "slow"}


def answer_with_faults(
    hits: Sequence[Fault], perform: Callable[[], Response], pause: Callable[[float], object] = time.sleep
) -> Response | Wire:
    """Perform the call unless a fault stops it before its effect; then spoil the answer as the first fault says.

    `pause` waits for `late_effect`. Kinds of the system itself are left to the system.
    """
    for fault in hits:
        if fault.kind in _BEFORE or (fault.kind in _EITHER and not fault.after_effect):
            return spoiled(fault, Response())
    for fault in hits:
        if fault.kind == "late_effect":
            pause(fault.seconds)
    response = perform()
    for fault in hits:
        if fault.kind in _AFTER or fault.kind in _EITHER:
            return spoiled(fault, response)
    return response


def spoiled(fault: Fault, response: Response) -> Response | Wire:  # noqa: PLR0911 (one line per kind of fault)
    """Return what the client gets instead of `response`."""
    match fault.kind:
        case "cut_before_effect" | "cut_after_effect":
            return Wire.reset_at_once()
        case "stall" | "stall_after_effect":
            return Wire.stall(fault.seconds)
        case "slow":
            return Response(response.status, response.headers, response.body, delay=fault.seconds)
        case "drip":
            return Wire.drip(response, fault.seconds)
        case "http_status":
            return text_response("", fault.status)
        case "retry_after":
            return Response(fault.status, {"Retry-After": f"{fault.seconds:.0f}"})
        case "html_page_200":
            return text_response(PROXY_PAGE, 200, "text/html")
        case "empty_body":
            return Response(200, response.headers)
        case "truncated_body":
            return _truncated(response, fault.options.get("length", "full"))
        case _:
            return response


def _truncated(response: Response, length: str) -> Wire:
    keep = len(response.body) // 2
    announced = {"full": len(response.body), "none": None, "cut": keep}[length]
    return Wire.cut(response, keep, length=announced)
