"""What a person may say to an intent: try again, it arrived, it did not. Each is kept with its author."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from domain.intents import IntentState
from store.case_tables import cases
from store.change_log import Change, is_noted, note
from store.work_tables import intents

ARRIVED = "arrived_by_word"
"""The code of an intent that a person says has taken effect."""

RETRY = "retry"
"""How the log of changes calls an intent that is offered again."""


FORGOTTEN: Mapping[str, Any] = {"last_code": "", "last_message": "", "last_family": ""}
"""What is offered again has no failure any more; those before stay with its attempts."""


def offered(now: datetime) -> dict[str, Any]:
    """Ready, its tries counted anew. A doubt stays: looking first costs one read."""
    return {"state": IntentState.READY.value, "due_at": _its_turn(now), "attempts": 0, **FORGOTTEN}


def _its_turn(now: datetime) -> ColumnElement[datetime]:
    """Now; or when the lease ends of a later one of its lane, which it let pass while it waited for a person.

    So there is one of a lane at once, and claiming, which is asked all the time, has nothing more to look at.
    """
    other = intents.alias("other")
    lease_end = select(func.max(other.c.lease_until, type_=other.c.lease_until.type)).where(
        other.c.lane == intents.c.lane, other.c.state == IntentState.CLAIMED.value, other.c.lease_until > now
    )
    return func.coalesce(lease_end.correlate(intents).scalar_subquery(), bindparam(None, now, intents.c.due_at.type))


def offer_again(connection: Connection, intent_id: str, now: datetime, by: str) -> bool:
    """Parked to ready."""
    said = Change(now, RETRY, intent_id, "", by)
    if not _move(connection, intent_id, IntentState.PARKED, offered(now)):
        return is_noted(connection, said)
    note(connection, said)
    return True


def answer_unknown(
    connection: Connection, intent_id: str, now: datetime, by: str, reason: str, *, arrived: bool
) -> bool:
    """Unknown to done, or to ready without the doubt. What arrived by word is looked up at the next occasion."""
    over: dict[str, Any] = {"doubt": False, "held": False}
    arrival = {**FORGOTTEN, "state": IntentState.DONE.value, "due_at": now, "last_code": ARRIVED}
    over |= arrival if arrived else offered(now)
    said = Change(now, "arrived" if arrived else "not_arrived", intent_id, reason, by)
    if not _move(connection, intent_id, IntentState.UNKNOWN, over):
        return is_noted(connection, said)
    if arrived:
        concerned = select(intents.c.case_id).where(intents.c.intent_id == intent_id)
        connection.execute(update(cases).where(cases.c.case_id.in_(concerned)).values(look_wanted_at=now))
    note(connection, said)
    return True


def _move(connection: Connection, intent_id: str, state: IntentState, values: dict[str, Any]) -> bool:
    concerned = (intents.c.intent_id == intent_id, intents.c.state == state.value)
    return connection.execute(update(intents).where(*concerned).values(values)).rowcount == 1
