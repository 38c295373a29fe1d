"""JSON as the contracts mean it: UTF-8, each name once, finite numbers, bounded depth (F39, S2).

The standard parser takes the last of two equal names and accepts NaN; two readers of one body could then disagree.
"""

import json
import math
from typing import Any, NoReturn

from connectors.failures import ForeignError, UnreadableError

_LONGEST_NUMBER = 18
"""Digits of the longest whole number taken: every id and version of the contracts fits into 64 bits."""


def read_object(body: bytes) -> dict[str, Any]:
    """The one object of a body; raises ``UnreadableError`` (perhaps cut) or ``ForeignError`` (against the contract)."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise ForeignError("the answer is not UTF-8", code="ENCODING") from None
    if not text.strip():
        raise UnreadableError("the answer is empty", code="EMPTY")
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole, parse_float=_finite
        )
    except json.JSONDecodeError:
        raise UnreadableError("the answer is not whole JSON", code="NOT_JSON") from None
    except RecursionError:
        raise ForeignError("the answer is nested too deeply", code="TOO_DEEP") from None
    if not isinstance(value, dict):
        raise ForeignError("the answer is not a JSON object", code="NOT_AN_OBJECT")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ForeignError("the answer gives a name twice", code="REPEATED_NAME")
    return value


def _no_constant(_text: str) -> NoReturn:
    raise ForeignError("the answer holds a number that is none", code="NOT_A_NUMBER")


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > _LONGEST_NUMBER:
        raise ForeignError("the answer holds a number beyond all bounds", code="NUMBER_TOO_LONG")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ForeignError("the answer holds a number beyond all bounds", code="NUMBER_TOO_LONG")
    return value
