"""How a log record becomes one line: JSON or text, with nothing in it that was not meant to be there.

Own records: the message (redacted by pattern) and the extra fields of :data:`FIELDS`, no others. Records of
libraries: their template without arguments, since arguments carry bodies, rows and addresses. Exceptions: types and
places; the sentence only of our own errors, which name no person by rule; never values, never source lines.
"""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType

from config.correlation import correlation_id
from config.guard import ROOMS
from config.redaction import one_line, redact, safe_text
from domain.errors import SyncError

FIELDS = frozenset(
    {
        "attempt", "attempts", "basis", "bytes", "case_id", "chunk", "code", "conflicts", "count", "duration_ms",
        "effect", "facet", "family", "host", "intent_id", "job", "kind", "lease_until", "limit", "mode", "operation",
        "outcome", "page", "path", "port", "queue", "reason", "run_id", "runner", "seconds", "sequence", "state",
        "status", "system", "target", "task_id", "total", "version", "wait_seconds", "work_item_id", "worker",
    }
)  # fmt: skip
"""The extra fields that may be logged: ids of ours, words of ours, numbers. Any other is dropped and counted."""

_OWN_ATTRIBUTES = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {
    "message",
    "asctime",
    "taskName",
}
_MAX_FRAMES = 12
_MAX_CAUSES = 8
_WITHHELD = "text of a library, withheld"


def is_own(logger_name: str) -> bool:
    """Whether a logger belongs to one of our rooms."""
    return logger_name.partition(".")[0] in ROOMS


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """Everything that a line says about a record, in the order in which it is read."""
    told: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": one_line(record.name),
        "message": _message(record),
    }
    if current := correlation_id():
        told["correlation_id"] = current
    if is_own(record.name):
        told.update(_extras(record))
    else:
        told["source"] = f"{one_line(record.module)}:{record.lineno}"
    if record.exc_info and record.exc_info[1] is not None:
        told["error"] = list(_errors(record.exc_info[1]))
        told["trace"] = list(_frames(record.exc_info[2]))
    return told


def _message(record: logging.LogRecord) -> str:
    """Our own sentence; of a library its template, or nothing when the template is already filled in."""
    if is_own(record.name):
        return safe_text(record.getMessage())
    if record.args and isinstance(record.msg, str):
        return safe_text(record.msg)
    return _WITHHELD


def _extras(record: logging.LogRecord) -> dict[str, object]:
    """The allowed extra fields, redacted; the others only as a number, since even a name can tell."""
    given = {name: value for name, value in record.__dict__.items() if name not in _OWN_ATTRIBUTES}
    told = {name: _value(given[name]) for name in sorted(given.keys() & FIELDS)}
    if dropped := len(given) - len(told):
        told["dropped_fields"] = dropped
    return told


def _value(value: object) -> object:
    """A field's value: numbers that hide nothing as they are, text redacted, anything else by its type alone."""
    match value:
        case None | bool():
            return value
        case int() | float():
            return value if redact(str(value)) == str(value) else safe_text(str(value))
        case str():
            return safe_text(str(value))
        case datetime():
            return value.isoformat()
        case _:
            return f"<{type(value).__name__}>"


def _errors(error: BaseException) -> Iterator[str]:
    """The types of an exception and its causes, outermost first; the sentence only of our own."""
    current: BaseException | None = error
    for _ in range(_MAX_CAUSES):
        if current is None:
            return
        kind = f"{type(current).__module__}.{type(current).__qualname__}".removeprefix("builtins.")
        yield f"{kind}: {safe_text(str(current))}" if isinstance(current, SyncError) else one_line(kind)
        hidden = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or hidden


def _frames(trace: TracebackType | None) -> Iterator[str]:
    """Where it happened, innermost last: file, function, line; no source, no values."""
    places: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{_short(code.co_filename)}:{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    yield from places[-_MAX_FRAMES:]


def _short(filename: str) -> str:
    """The last two parts of a path: enough to find the file, nothing about the machine."""
    return one_line("/".join(PurePath(filename).parts[-2:]))


class JsonLines(logging.Formatter):
    """One JSON object per record, ASCII only, so that no reader can be misled by what it prints."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        return json.dumps(fields_of(record), ensure_ascii=True)


class TextLines(logging.Formatter):
    """One line of text per record, for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        told = fields_of(record)
        head = f"{told.pop('time')} {told.pop('level')} {told.pop('logger')} {told.pop('message')}"
        return " ".join([head, *(f"{name}={_plain(value)}" for name, value in told.items())])


def _plain(value: object) -> str:
    """A value of a line: lists joined, blanks kept readable by quotes."""
    text = " < ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return json.dumps(text, ensure_ascii=False) if " " in text else text
