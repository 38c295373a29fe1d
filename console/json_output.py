"""Results for machines: one JSON document on standard output, its shape described in ``shapes.json``.

Instants are UTC in ISO 8601 with ``Z``, days are ISO dates, codes are our own words, never a sentence alone.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def instant(value: datetime | None) -> str | None:
    """``2026-11-22T08:14:00Z``; :class:`ValueError` for a naive one."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant without a zone")
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def day(value: date | None) -> str | None:
    """``2026-11-22``."""
    return value.isoformat() if value else None


def emit(shape: str, document: Mapping[str, Json]) -> None:
    """Print a document under the name and version of its shape."""
    sys.stdout.write(json.dumps({"shape": shape, **document}, ensure_ascii=False, indent=2, default=_code) + "\n")


def _code(value: object) -> str:
    """Enumerations as their word; anything else has no business in a document."""
    if isinstance(value, Enum):
        return str(value.value)
    raise TypeError(f"no JSON form for {type(value).__name__}")
