"""Cursors: where each source was read up to. They move in the transaction of what was read, never before it."""

from datetime import datetime

from sqlalchemy import Connection, select

from store.case_tables import cursors
from store.upserts import upsert


def cursor_of(connection: Connection, source: str) -> str | None:
    """The position of a source; None before its first page."""
    return connection.execute(select(cursors.c.position).where(cursors.c.source == source)).scalar_one_or_none()


def move_cursor(connection: Connection, source: str, position: str, now: datetime) -> None:
    """Move a cursor; one that stands there already is not written."""
    if cursor_of(connection, source) != position:
        upsert(connection, cursors, [{"source": source, "position": position, "moved_at": now}])
