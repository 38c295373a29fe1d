"""Targets guarded: the breaker of each, how many calls at once and how many a second, shared by all workers.

Read and written in the very transaction that claims or records, on rows that are locked for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from domain.breaker import Breaker, Limits, Passage, answered, failed, passage, probing, told_to_wait
from domain.facets import Target
from domain.intents import IntentState, Outcome, Result
from store.upserts import upsert
from store.work_tables import guards, intents

SECOND = timedelta(seconds=1)

NO_ANSWER = frozenset({"unavailable", "unknown"})
"""Families after which it is not sure that the target is there at all."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The row of a target."""

    breaker: Breaker = field(default_factory=Breaker)
    window_from: datetime | None = None
    window_calls: int = 0


def guards_of(connection: Connection, *, lock: bool = True) -> Mapping[Target, Guard]:
    """All targets' guards, locked until the transaction ends; a target without a row was never in trouble."""
    statement = select(guards).order_by(guards.c.target)
    rows = connection.execute(statement.with_for_update() if lock else statement)
    return {Target(row.target): _guard(row) for row in rows}


def shut_targets(connection: Connection) -> frozenset[Target]:
    """The targets that are taken to be away now."""
    return frozenset(target for target, guard in guards_of(connection).items() if guard.breaker.is_shut)


def allowances(
    connection: Connection, known: Mapping[Target, Guard], limits: Mapping[Target, Limits], now: datetime
) -> Mapping[Target, int | None]:
    """How many intents of each target may be taken now; None where nothing limits it."""
    return {
        target: _allowance(connection, target, known.get(target, Guard()), limits.get(target, Limits()), now)
        for target in Target
    }


def _allowance(connection: Connection, target: Target, guard: Guard, limits: Limits, now: datetime) -> int | None:
    match passage(guard.breaker, now):
        case Passage.SHUT:
            return 0
        case Passage.PROBE:
            return 1
        case Passage.FREE:
            return _pace(connection, target, guard, limits, now)


def _pace(connection: Connection, target: Target, guard: Guard, limits: Limits, now: datetime) -> int | None:
    """What the caps of a target that answers leave."""
    caps: list[int] = []
    if limits.at_once is not None:
        caps.append(limits.at_once - _under_way(connection, target, now))
    if limits.per_second is not None:
        caps.append(limits.per_second - (guard.window_calls if _in_window(guard, now) else 0))
    return max(0, min(caps)) if caps else None


def opens_at(guard: Guard, limits: Limits) -> datetime | None:
    """Before which instant nothing can be taken of a target; None where nothing stands in the way."""
    instants = [guard.breaker.shut_until] if guard.breaker.shut_until else []
    spent = limits.per_second is not None and guard.window_calls >= limits.per_second
    if spent and guard.window_from is not None:
        instants.append(guard.window_from + SECOND)
    return max(instants, default=None)


def _under_way(connection: Connection, target: Target, now: datetime) -> int:
    """Claims that hold; one whose lease is over counts no more."""
    held = (intents.c.state == IntentState.CLAIMED.value, intents.c.lease_until >= now)
    statement = select(func.count()).select_from(intents).where(intents.c.target == target.value, *held)
    return int(connection.execute(statement).scalar_one())


def _in_window(guard: Guard, now: datetime) -> bool:
    return guard.window_from is not None and now - guard.window_from < SECOND


def note_taken(
    connection: Connection,
    known: Mapping[Target, Guard],
    taken: Mapping[Target, int],
    limits: Mapping[Target, Limits],
    lease_until: datetime,
    now: datetime,
) -> None:
    """Count calls in the second's window, and let nobody follow a probe before its lease is over."""
    changed: dict[Target, Guard] = {}
    for target, count in taken.items():
        guard = known.get(target, Guard())
        if passage(guard.breaker, now) is Passage.PROBE:
            changed[target] = Guard(probing(guard.breaker, lease_until), guard.window_from, guard.window_calls)
        elif limits.get(target, Limits()).per_second is not None:
            calls = guard.window_calls if _in_window(guard, now) else 0
            start = guard.window_from if _in_window(guard, now) else now
            changed[target] = Guard(guard.breaker, start, calls + count)
    _save(connection, changed)


def note_results(connection: Connection, results: Sequence[Result], limits: Mapping[Target, Limits]) -> None:
    """Move the breakers by what came back; a target that answers again has its waiting work due at once."""
    concerned = {one.claim.intent.wish.target for one in results}
    known = guards_of(connection)
    changed: dict[Target, Guard] = {}
    for target in sorted(concerned):
        before = known.get(target, Guard())
        ended = sorted((one for one in results if one.claim.intent.wish.target is target), key=lambda one: one.ended_at)
        breaker = _after(before.breaker, ended, limits.get(target, Limits()))
        if breaker != before.breaker:
            changed[target] = Guard(breaker, before.window_from, before.window_calls)
        if before.breaker.is_shut and not breaker.is_shut:
            _release(connection, target, ended[-1].ended_at)
    _save(connection, changed)


def _after(breaker: Breaker, ended: Iterable[Result], limits: Limits) -> Breaker:
    for one in ended:
        if one.outcome in (Outcome.OVERTAKEN, Outcome.HALTED):
            continue  # nobody was called
        if one.family == "throttled" and one.due_at is not None:
            breaker = told_to_wait(breaker, one.ended_at, one.due_at)
        elif one.family in NO_ANSWER and one.outcome in (Outcome.RETRY_AT, Outcome.UNKNOWN, Outcome.PARKED):
            breaker = failed(breaker, limits, one.started_at, one.ended_at)
        else:
            breaker = answered()
    return breaker


def _release(connection: Connection, target: Target, now: datetime) -> None:
    """Back-off was for a target that is away: what waited for it alone is due now."""
    waiting = (
        intents.c.target == target.value,
        intents.c.state == IntentState.READY.value,
        intents.c.due_at > now,
        intents.c.last_family == "unavailable",
    )
    connection.execute(update(intents).where(*waiting).values(due_at=now))


def _guard(row: Any) -> Guard:  # noqa: ANN401 - a row of the table
    return Guard(Breaker(row.failures, row.probes, row.shut_at, row.shut_until), row.window_from, row.window_calls)


def _save(connection: Connection, changed: Mapping[Target, Guard]) -> None:
    rows = [
        {
            "target": target.value,
            "failures": guard.breaker.failures,
            "probes": guard.breaker.probes,
            "shut_at": guard.breaker.shut_at,
            "shut_until": guard.breaker.shut_until,
            "window_from": guard.window_from,
            "window_calls": guard.window_calls,
        }
        for target, guard in changed.items()
    ]
    upsert(connection, guards, rows)
