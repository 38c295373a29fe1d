"""What a piece of work writes: every statement that is no reading, as the database was given it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def statements_that_write(engine: Engine) -> Iterator[list[str]]:
    """The first words of each writing statement inside the block."""
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - the event's shape
        if statement.lstrip().startswith(_WRITES):
            written.append(" ".join(statement.split()[:3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", note)
