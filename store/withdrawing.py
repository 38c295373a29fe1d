"""Withdrawing an intent, and taking that back: by a person, with a reason, for thirty days (F75)."""

from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select, update

from domain.causes import RESTORED, UNDO_WITHIN
from domain.intents import IntentState
from domain.work_items import Ask, WorkItemKind
from store.asking import close_asks, open_asks
from store.change_log import Change, is_noted, note
from store.transactions import Store
from store.work_tables import changes, intents

WITHDRAW, RESTORE = "withdraw", "restore"
"""How the log of changes calls the two."""

_IN_NOBODYS_HANDS = or_(
    intents.c.state.in_((IntentState.PARKED.value, IntentState.READY.value)),
    and_(intents.c.state == IntentState.UNKNOWN.value, intents.c.held),
)
_ABOUT = (WorkItemKind.LOOK_AT_PARKED, WorkItemKind.SETTLE_UNKNOWN)


def withdraw(connection: Connection, intent_id: str, now: datetime, by: str, reason: str) -> bool:
    """End a parked, ready or held intent and the work items about it; a doubt is kept for whoever takes this back."""
    said = Change(now, WITHDRAW, intent_id, reason, by)
    over = {"state": IntentState.WITHDRAWN.value, "held": False, "due_at": now}
    concerned = update(intents).where(intents.c.intent_id == intent_id, _IN_NOBODYS_HANDS)
    if connection.execute(concerned.values(over)).rowcount == 0:
        return is_noted(connection, said)
    close_asks(connection, [f"{kind}:{intent_id}" for kind in _ABOUT], reason, by, now)
    note(connection, said)
    return True


def restore(
    store: Store, connection: Connection, ask: Ask, intent_id: str, now: datetime, by: str, reason: str
) -> bool:
    """Park what was withdrawn at most thirty days ago and ask a person; the next try looks first if there was a doubt.

    Its code is its own, so that no decision takes a consent that came meanwhile for the word of that person.
    """
    said = Change(now, RESTORE, intent_id, reason, by)
    parked = {
        "state": IntentState.PARKED.value,
        "due_at": now,
        "last_code": RESTORED,
        "last_family": RESTORED,
        "last_message": "its withdrawal was taken back",
    }
    withdrawn_at = (
        select(func.max(changes.c.at, type_=changes.c.at.type))
        .where(changes.c.about == intent_id, changes.c.what == WITHDRAW)
        .scalar_subquery()
    )
    concerned = update(intents).where(
        intents.c.intent_id == intent_id,
        intents.c.state == IntentState.WITHDRAWN.value,
        withdrawn_at >= now - UNDO_WITHIN,
    )
    if connection.execute(concerned.values(parked)).rowcount == 0:
        return is_noted(connection, said)
    open_asks(store, connection, [(ask, now)])
    note(connection, said)
    return True
