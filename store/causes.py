"""Failed intents grouped by cause, and the parked ones of one cause, for people to work on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select

from domain.causes import Cause, CauseCount, Standing, Stretch
from domain.facets import Target
from domain.intents import Intent, IntentKind, IntentState
from store.intent_rows import intent_of
from store.transactions import Store
from store.work_tables import intents

_PARKED = intents.c.state == IntentState.PARKED.value
_UNKNOWN = intents.c.state == IntentState.UNKNOWN.value
_NO_FAILURE = ("", "consent")
"""A waiting intent without an error; or one that a basis, which it lacked before, has brought back."""

_FAILED_AND_WAITS = and_(intents.c.state == IntentState.READY.value, intents.c.last_family.not_in(_NO_FAILURE))

_STANDING = case(
    (_PARKED, Standing.PARKED.value),
    (and_(_UNKNOWN, intents.c.held), Standing.HELD.value),
    (_UNKNOWN, Standing.UNKNOWN.value),
    else_=Standing.WAITING.value,
)
_CAUSE = (intents.c.target, intents.c.kind, intents.c.last_family, intents.c.last_code)


def causes(connection: Connection) -> Sequence[CauseCount]:
    """Parked, doubtful, and waiting ones that failed, by cause; the largest number first."""
    moves = case((or_(_PARKED, intents.c.held), None), else_=intents.c.due_at)
    statement = (
        select(
            *_CAUSE,
            _STANDING.label("standing"),
            func.count().label("number"),
            func.min(intents.c.created_at, type_=intents.c.created_at.type).label("oldest"),
            func.min(moves, type_=intents.c.due_at.type).label("next_due"),
        )
        .where(or_(_PARKED, _UNKNOWN, _FAILED_AND_WAITS))
        .group_by(*_CAUSE, _STANDING)
    )
    found: dict[Cause, list[Row[Any]]] = {}
    for row in connection.execute(statement):
        cause = Cause(Target(row.target), IntentKind(row.kind), row.last_family, row.last_code)
        found.setdefault(cause, []).append(row)
    counted = [_counted(cause, rows) for cause, rows in found.items()]
    return sorted(counted, key=lambda one: (-sum(one.standings.values()), one.oldest, str(one.cause)))


def _counted(cause: Cause, rows: Sequence[Row[Any]]) -> CauseCount:
    dues = [row.next_due for row in rows if row.next_due is not None]
    standings = {Standing(row.standing): row.number for row in rows}
    return CauseCount(cause, standings, min(row.oldest for row in rows), min(dues, default=None))


def parked_for(
    store: Store, connection: Connection, target: Target, kind: IntentKind, code: str, stretch: Stretch
) -> Sequence[Intent]:
    """The parked intents of a cause, oldest first. One that is parked is due since the instant that parked it."""
    here = [_PARKED, intents.c.target == target.value, intents.c.kind == kind.value, intents.c.last_code == code]
    if stretch.since is not None:
        here.append(intents.c.due_at >= stretch.since)
    if stretch.until is not None:
        here.append(intents.c.due_at < stretch.until)
    statement = select(intents).where(*here).order_by(intents.c.created_at, intents.c.intent_id)
    return [intent_of(store, row) for row in connection.execute(statement)]
