"""One id for everything that follows from one cause: in each log line, and in the calls to other systems.

A context variable: a thread pool does not inherit it, so work handed to threads is wrapped by :func:`correlated`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def new_correlation_id() -> str:
    """A fresh id: 32 hexadecimal digits without any meaning."""
    return uuid4().hex


def correlation_id() -> str:
    """The id of what runs here; empty outside of any :func:`correlated` block."""
    return _current.get()


@contextmanager
def correlated(given: str | None = None) -> Iterator[str]:
    """Everything inside carries this id (or a fresh one); the former id returns at the end.

    An id that comes from elsewhere must be letters, digits and dashes, at most 64: else :class:`ValueError`.
    """
    chosen = new_correlation_id() if given is None else given
    if not _FORM.fullmatch(chosen):
        raise ValueError("a correlation id has 1 to 64 letters, digits and dashes")
    token = _current.set(chosen)
    try:
        yield chosen
    finally:
        _current.reset(token)
