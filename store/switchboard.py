"""The switchboard (``domain.books.Switchboard``): modes, pauses, halts, each change with its reason and author."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from domain.books import Bar
from domain.decision import Mode
from domain.facets import Facet, Target
from domain.intents import IntentKind
from store import change_log
from store.change_log import Change, note
from store.transactions import Store
from store.upserts import insert_new, upsert
from store.work_tables import bars, modes

EVERYTHING = "everything"
"""How the log names a bar across all targets."""


class SqlSwitchboard:
    """Modes per facet and target, pauses, halts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def modes(self) -> Mapping[tuple[Facet, Target], Mode]:
        """What is switched on; absent means observe."""
        rows = self._store.reading(lambda connection: connection.execute(select(modes)).all())
        return {(Facet(row.facet), Target(row.target)): Mode(row.active, row.since) for row in rows}

    def set_mode(self, facet: Facet, target: Target, mode: Mode, *, reason: str, by: str, now: datetime) -> None:
        """Switch a facet and target to active or back to observe."""
        row = {"facet": facet.value, "target": target.value, "active": mode.active, "since": mode.since}
        word = "active" if mode.active else "observe"

        def work(connection: Connection) -> None:
            upsert(connection, modes, [row])
            note(connection, Change(now, f"mode {word}", f"{facet.value} to {target.value}", reason, by))

        self._store.writing(work)

    def bars(self) -> Sequence[Bar]:
        """What is paused or halted now, the oldest first."""
        statement = select(bars).order_by(bars.c.since, bars.c.target, bars.c.kind)
        return self._store.reading(lambda connection: [_bar(row) for row in connection.execute(statement)])

    def pause(self, target: Target | None, *, reason: str, by: str, now: datetime) -> None:
        """Stop a target, or everything; pausing again renews the reason."""
        bar = Bar(target, None, reason, by, now)

        def work(connection: Connection) -> None:
            upsert(connection, bars, [_row(bar)])
            note(connection, Change(now, "pause", _about(bar), reason, by))

        self._store.writing(work)

    def resume(self, target: Target | None, *, reason: str, by: str, now: datetime) -> int:
        """Lift pauses and halts of a target (None: all of them); returns how many were lifted.

        A pause of everything is not a pause of one target: it is lifted with None only.
        """

        def work(connection: Connection) -> int:
            concerned = [] if target is None else [bars.c.target == target.value]
            lifted = [_bar(row) for row in connection.execute(select(bars).where(*concerned))]
            connection.execute(delete(bars).where(*concerned))
            for bar in lifted:
                note(connection, Change(now, "resume", _about(bar), reason, by))
            return len(lifted)

        return self._store.writing(work)

    def halt(self, bar: Bar) -> bool:
        """Record a halt; True when it is new (so that it is told once)."""

        def work(connection: Connection) -> bool:
            is_new = insert_new(connection, bars, _row(bar))
            if is_new:
                note(connection, Change(bar.since, "halt", _about(bar), bar.reason, bar.by))
            return is_new

        return self._store.writing(work)

    def log(self, limit: int = 200) -> Sequence[Change]:
        """Every change of modes and bars, and what persons said to intents, newest first."""
        return self._store.reading(lambda connection: change_log.listed(connection, limit=limit))


def _about(bar: Bar) -> str:
    place = bar.target.value if bar.target else EVERYTHING
    return f"{place} {bar.kind.value}" if bar.kind else place


def _row(bar: Bar) -> Mapping[str, Any]:
    return {
        "target": bar.target.value if bar.target else "",
        "kind": bar.kind.value if bar.kind else "",
        "halted": bar.halted,
        "reason": bar.reason,
        "by": bar.by,
        "since": bar.since,
    }


def _bar(row: Row[Any]) -> Bar:
    target = Target(row.target) if row.target else None
    kind = IntentKind(row.kind) if row.kind else None
    return Bar(target, kind, row.reason, row.by, row.since, row.halted)
