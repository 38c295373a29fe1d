"""Refusals as the contract writes them: `application/problem+json` (RFC 9457) with a code and no personal data."""

from __future__ import annotations

from http import HTTPStatus

from sandbox.cii.wire import encoded, given
from sandbox.http_server import Response


def problem(status: int, code: str, detail: str | None = None, **headers: str) -> Response:
    """One refusal. `detail` names a field by its path; header names are given with underscores for hyphens."""
    body = given(type="about:blank", title=HTTPStatus(status).phrase, status=status, code=code, detail=detail)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, {"Content-Type": "application/problem+json", **sent}, encoded(body))
