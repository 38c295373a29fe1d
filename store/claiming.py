"""Claiming: which intents can be worked on now, and the lease that goes with them.

An intent waits for every earlier one of its lane that can still move, and for one about the same facet that waits for
a person.
Rows that another worker is claiming are skipped (PostgreSQL); on SQLite the write lock is taken first (M9).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    and_,
    bindparam,
    exists,
    false,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from domain.breaker import Limits
from domain.facets import Target
from domain.intents import BEGINNING_NOTED, OPEN, Claim, IntentKind, IntentState
from store.guarding import Guard, allowances, guards_of, note_taken, opens_at
from store.intent_rows import intent_of
from store.transactions import Store
from store.work_tables import INTENT_OPEN, attempts, bars, intents

Condition: TypeAlias = ColumnElement[bool]
Paced: TypeAlias = Mapping[Target, Limits]

_IS_OPEN = literal_column(INTENT_OPEN, Boolean)
_CLAIMED = intents.c.state == IntentState.CLAIMED.value


@dataclass(frozen=True, slots=True)
class Lease:
    """Who takes intents, when, and for how long."""

    worker: str
    now: datetime
    length: timedelta


def claim(
    store: Store, connection: Connection, lease: Lease, limit: int, ids: Sequence[str] | None, paced: Paced
) -> Sequence[Claim]:
    """Take at most ``limit`` intents, oldest due first, with an open attempt each; of each target what it bears."""
    known = guards_of(connection)
    allowed = allowances(connection, known, paced, lease.now)
    conditions = [*_claimable(connection, lease.now), *([intents.c.intent_id.in_(ids)] if ids is not None else [])]
    rows: list[Row[Any]] = []
    for targets, share in _shares(allowed, limit):
        statement = select(intents).where(*conditions, intents.c.target.in_(targets))
        statement = statement.order_by(intents.c.due_at, intents.c.intent_id).limit(min(share, limit - len(rows)))
        rows += connection.execute(statement.with_for_update(skip_locked=True)).all()
    taken = [_claim(store, row, lease) for row in rows]
    if taken:
        connection.execute(_TAKE, [_taken(one) for one in taken])
        connection.execute(insert(attempts), [_attempt(one, lease) for one in taken])
        counts = Counter(one.intent.wish.target for one in taken)
        note_taken(connection, known, counts, paced, lease.now + lease.length, lease.now)
    return taken


def _shares(allowed: Mapping[Target, int | None], limit: int) -> Iterator[tuple[list[str], int]]:
    """Targets in groups with what may be taken of each: those without a limit of their own together."""
    if free := sorted(target.value for target, share in allowed.items() if share is None):
        yield free, limit
    for target, share in sorted(allowed.items()):
        if share:
            yield [target.value], share


def due(connection: Connection, now: datetime, limit: int, paced: Paced) -> Mapping[Target, Sequence[str]]:
    """Ids that could be claimed now, at most ``limit`` of each target, so that no target hides another."""
    claimable = _claimable(connection, now)
    found: dict[Target, Sequence[str]] = {}
    for target, share in allowances(connection, guards_of(connection, lock=False), paced, now).items():
        statement = (
            select(intents.c.intent_id)
            .where(*claimable, intents.c.target == target.value)
            .order_by(intents.c.due_at, intents.c.intent_id)
            .limit(limit if share is None else min(limit, share))
        )
        if ids := list(connection.execute(statement).scalars()):
            found[target] = ids
    return found


def next_due(connection: Connection, paced: Paced) -> datetime | None:
    """When the next intent can be claimed if nothing else happens; barred, held and blocked ones cannot."""
    known = guards_of(connection, lock=False)
    instants = []
    for target in Target:
        instant = _next_due_at(connection, target)
        if instant is not None:
            open_from = opens_at(known.get(target, Guard()), paced.get(target, Limits()))
            instants.append(max(instant, open_from) if open_from else instant)
    return min(instants, default=None)


def _next_due_at(connection: Connection, target: Target) -> datetime | None:
    """The same for one target, as far as its intents are concerned."""
    here = (_IS_OPEN, *_unbarred(connection), intents.c.target == target.value)
    waiting = select(func.min(intents.c.due_at, type_=intents.c.due_at.type)).where(
        *here, not_(intents.c.held), not_(_blocked()), not_(_CLAIMED)
    )
    running = select(func.min(intents.c.lease_until, type_=intents.c.lease_until.type)).where(*here, _CLAIMED)
    instants = [connection.execute(one).scalar_one() for one in (waiting, running)]
    return min((instant for instant in instants if instant is not None), default=None)


def renew(connection: Connection, claims: Sequence[Claim], until: datetime, *, beginning: bool) -> Sequence[Claim]:
    """Prolong leases that are still ours; what is about to begin is in doubt until its result is recorded."""
    kept = []
    values = {"lease_until": until, **({"doubt": True} if beginning else {})}
    for one in claims:
        ours = (intents.c.intent_id == one.intent.intent_id, intents.c.token == one.token, _CLAIMED)
        if connection.execute(update(intents).where(*ours).values(values)).rowcount == 1:
            kept.append(Claim(one.intent, one.token, until, one.look_first))
    return kept


def _claimable(connection: Connection, now: datetime) -> tuple[Condition, ...]:
    """Open, due, not in anybody's hands, first in its lane, and neither held nor barred."""
    expired = or_(not_(_CLAIMED), intents.c.lease_until < now)
    return (_IS_OPEN, intents.c.due_at <= now, expired, not_(intents.c.held), not_(_blocked()), *_unbarred(connection))


def _blocked() -> Condition:
    """Whether an earlier intent of the lane is in the way.

    One that waits for a person stops its own facet. One that can still move stops every facet, unless it is itself
    stopped by such a one: else a parked intent would stop the whole lane by way of what queues behind it.
    """
    earlier = intents.alias("earlier")
    stopper = intents.alias("stopper")
    stopped = and_(earlier.c.state == IntentState.READY.value, _ahead(stopper, earlier, _waits_for_a_person(stopper)))
    movable = and_(earlier.c.state.in_(sorted(state.value for state in OPEN)), not_(earlier.c.held), not_(stopped))
    return exists(
        select(earlier.c.intent_id).where(
            earlier.c.lane == intents.c.lane,
            earlier.c.position < intents.c.position,
            or_(movable, and_(_waits_for_a_person(earlier), earlier.c.facet == intents.c.facet)),
        )
    )


def _waits_for_a_person(one: FromClause) -> Condition:
    return or_(one.c.state == IntentState.PARKED.value, one.c.held)


def _ahead(one: FromClause, other: FromClause, condition: Condition) -> Condition:
    """Whether there is one that fulfils the condition before the other in its lane, about the same facet."""
    places = (one.c.lane == other.c.lane, one.c.position < other.c.position, one.c.facet == other.c.facet)
    return exists(select(one.c.intent_id).where(*places, condition))


def _unbarred(connection: Connection) -> list[Condition]:
    """One condition for each pause and halt that stands."""
    conditions: list[Condition] = []
    for row in connection.execute(select(bars.c.target, bars.c.kind).distinct()):
        parts = [
            column == word for column, word in ((intents.c.target, row.target), (intents.c.kind, row.kind)) if word
        ]
        conditions.append(not_(and_(*parts)) if parts else false())
    return conditions


def _claim(store: Store, row: Row[Any], lease: Lease) -> Claim:
    """A row found claimed has an expired lease: its worker may have sent, unless it would have noted that first."""
    lost = row.state == IntentState.CLAIMED.value and IntentKind(row.kind) not in BEGINNING_NOTED
    look_first = row.doubt or lost or row.state == IntentState.UNKNOWN.value
    intent = replace(intent_of(store, row), state=IntentState.CLAIMED)
    return Claim(intent, row.token + 1, lease.now + lease.length, look_first)


_TAKE = (
    update(intents)
    .where(intents.c.intent_id == bindparam("intent"))
    .values(
        state=IntentState.CLAIMED.value,
        token=bindparam("new_token"),
        lease_until=bindparam("until", type_=intents.c.lease_until.type),
        doubt=bindparam("look_first", type_=intents.c.doubt.type),
        attempts=intents.c.attempts + 1,
    )
)


def _taken(one: Claim) -> Mapping[str, Any]:
    return {
        "intent": one.intent.intent_id,
        "new_token": one.token,
        "until": one.lease_until,
        "look_first": one.look_first,
    }


def _attempt(one: Claim, lease: Lease) -> Mapping[str, Any]:
    return {
        "intent_id": one.intent.intent_id,
        "token": one.token,
        "worker": lease.worker,
        "started_at": lease.now,
        "ended_at": None,
        "outcome": None,
        "code": "",
        "message": "",
        "proof": None,
    }
