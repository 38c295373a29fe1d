"""Recording how attempts ended: the attempt, the intent, what an effect settles and what a person is asked, at once.

Only the holder of the last token may record (fencing); a result that was recorded before, its answer lost, counts
again and changes nothing (F24).
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, assert_never

from sqlalchemy import Connection, Row, bindparam, select, update

from domain.breaker import Limits
from domain.facets import Target
from domain.intents import IntentState, Outcome, Result
from store.asking import end_asks, open_asks
from store.codec import VALUE
from store.guarding import note_results, shut_targets
from store.settling import settle
from store.transactions import Store, chunks
from store.work_tables import attempts, intents

_THERE = (Outcome.DONE, Outcome.ALREADY_SO)
_OVER = frozenset({IntentState.DONE, IntentState.ALREADY_SO, IntentState.OVERTAKEN})


def record(store: Store, connection: Connection, results: Sequence[Result], paced: Mapping[Target, Limits]) -> int:
    """Record results; returns how many were ours to record."""
    counted = 0
    for chunk in chunks(results):
        current = _current(connection, [one.claim.intent.intent_id for one in chunk])
        ours = [one for one in chunk if _is_ours(current.get((one.claim.intent.intent_id, one.claim.token)))]
        again = [one for one in chunk if _is_recorded(current.get((one.claim.intent.intent_id, one.claim.token)), one)]
        if ours:
            connection.execute(_END_ATTEMPT, [_attempt_end(store, one) for one in ours])
            away = shut_targets(connection)
            connection.execute(_MOVE, [_move(one, away) for one in ours])
            settle(store, connection, [one for one in ours if one.outcome in _THERE])
            open_asks(store, connection, [(one.ask, one.ended_at) for one in ours if one.ask is not None])
            end_asks(connection, [key for one in ours for key in one.moots], ours[-1].ended_at)
            note_results(connection, ours, paced)
        counted += len(ours) + len(again)
    return counted


def _current(connection: Connection, intent_ids: Sequence[str]) -> Mapping[tuple[str, int], Any]:
    """The intents with their last attempt, locked."""
    statement = (
        select(intents.c.intent_id, intents.c.token, intents.c.state, attempts.c.outcome, attempts.c.ended_at)
        .join_from(
            intents, attempts, (attempts.c.intent_id == intents.c.intent_id) & (attempts.c.token == intents.c.token)
        )
        .where(intents.c.intent_id.in_(intent_ids))
        .order_by(intents.c.intent_id)
        .with_for_update(of=intents)
    )
    return {(row.intent_id, row.token): row for row in connection.execute(statement)}


def _is_ours(row: Row[Any] | None) -> bool:
    return row is not None and IntentState(row.state) is IntentState.CLAIMED


def _is_recorded(row: Row[Any] | None, one: Result) -> bool:
    return row is not None and (row.outcome, row.ended_at) == (one.outcome.value, one.ended_at)


def state_after(one: Result) -> IntentState:
    """Where an outcome leaves the intent."""
    match one.outcome:
        case Outcome.DONE:
            return IntentState.DONE
        case Outcome.ALREADY_SO:
            return IntentState.ALREADY_SO
        case Outcome.OVERTAKEN:
            return IntentState.OVERTAKEN
        case Outcome.PARKED | Outcome.REFUSED:
            return IntentState.PARKED
        case Outcome.RETRY_AT | Outcome.HALTED:
            return IntentState.READY
        case Outcome.UNKNOWN:
            return IntentState.UNKNOWN
        case _:
            assert_never(one.outcome)


def doubt_after(one: Result) -> bool:
    """Whether the next attempt must look first.

    A doubt lasts until the intent is over: a look that failed, or a write that was refused after it, proves nothing
    about the attempt before. Looking once more costs one read.
    """
    if state_after(one) in _OVER:
        return False
    return one.outcome is Outcome.UNKNOWN or one.claim.look_first


_END_ATTEMPT = (
    update(attempts)
    .where(attempts.c.intent_id == bindparam("intent"), attempts.c.token == bindparam("claimed"))
    .values(
        started_at=bindparam("began", type_=attempts.c.started_at.type),
        ended_at=bindparam("ended", type_=attempts.c.ended_at.type),
        outcome=bindparam("came"),
        code=bindparam("said"),
        message=bindparam("told"),
        proof=bindparam("shown", type_=attempts.c.proof.type),
    )
)

_MOVE = (
    update(intents)
    .where(intents.c.intent_id == bindparam("intent"), intents.c.token == bindparam("claimed"))
    .values(
        state=bindparam("new_state"),
        due_at=bindparam("next", type_=intents.c.due_at.type),
        lease_until=None,
        doubt=bindparam("doubtful", type_=intents.c.doubt.type),
        held=bindparam("on_hold", type_=intents.c.held.type),
        attempts=intents.c.attempts - bindparam("uncounted"),
        last_code=bindparam("said"),
        last_message=bindparam("told"),
        last_family=bindparam("kin"),
    )
)


def _attempt_end(store: Store, one: Result) -> Mapping[str, Any]:
    intent_id = one.claim.intent.intent_id
    place = f"{intent_id}/{one.claim.token}"
    return {
        "intent": intent_id,
        "claimed": one.claim.token,
        "began": one.started_at,
        "ended": one.ended_at,
        "came": one.outcome.value,
        "said": one.code,
        "told": one.message,
        "shown": store.seal(attempts.c.proof, place, VALUE.dump(one.detail)) if one.detail else None,
    }


def _move(one: Result, away: AbstractSet[Target]) -> Mapping[str, Any]:
    """A halted attempt does not count, nor does a probe that a target which is away did not answer.

    An unknown one that nobody can look at is held for a person.
    """
    probe = one.outcome is Outcome.RETRY_AT and one.claim.intent.wish.target in away
    return {
        "intent": one.claim.intent.intent_id,
        "claimed": one.claim.token,
        "new_state": state_after(one).value,
        "next": one.due_at or one.ended_at,
        "doubtful": doubt_after(one),
        "on_hold": one.outcome is Outcome.UNKNOWN and one.due_at is None,
        "uncounted": 1 if probe or one.outcome is Outcome.HALTED else 0,
        "kin": one.family,
        "said": one.code,
        "told": one.message,
    }
