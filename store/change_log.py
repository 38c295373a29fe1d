"""Who changed how the engine works, when and why: append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from store.work_tables import changes


@dataclass(frozen=True, slots=True)
class Change:
    """One change by a person (or a halt by the dispatcher), with its reason as it was given."""

    at: datetime
    what: str
    about: str
    reason: str
    by: str


def note(connection: Connection, change: Change) -> None:
    """Append one change, in the transaction that makes it."""
    row = {"at": change.at, "what": change.what, "about": change.about, "reason": change.reason, "by": change.by}
    connection.execute(insert(changes), row)


def is_noted(connection: Connection, change: Change) -> bool:
    """Whether this very change stands in the log: its unit runs again when the answer to COMMIT was lost (F24)."""
    same = [changes.c[name] == getattr(change, name) for name in ("at", "what", "about", "reason", "by")]
    return connection.execute(select(changes.c.change_id).where(*same).limit(1)).first() is not None


def listed(connection: Connection, about: str | None = None, limit: int = 200) -> Sequence[Change]:
    """Changes, newest first; ``about`` one thing only."""
    statement = select(changes).order_by(changes.c.change_id.desc()).limit(limit)
    if about is not None:
        statement = statement.where(changes.c.about == about)
    return [Change(row.at, row.what, row.about, row.reason, row.by) for row in connection.execute(statement)]
