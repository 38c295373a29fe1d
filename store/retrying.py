"""A pinned list of parked intents offered again, once: whoever presses second gets the first one's batch (F73)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from domain.causes import Batch, pin_of
from domain.intents import Intent, IntentState
from domain.work_items import WorkItemKind
from store.answering import RETRY, offered
from store.asking import close_asks
from store.change_log import Change, note
from store.transactions import chunks
from store.work_tables import changes, intents

BATCH = "retry_pinned"
"""How the log of changes calls the batch itself; its intents stand beside it, each as a retry of its own."""


def retry_pinned(connection: Connection, pinned: Sequence[Intent], now: datetime, by: str, reason: str) -> Batch:
    """Offer what still stands as it was pinned, ends the work items about it; the rows are locked in one order."""
    pin = pin_of(pinned)
    since = {one.intent_id: one.due_at for one in pinned}
    waiting = [intent_id for some in chunks(sorted(since)) for intent_id in _unmoved(connection, some, since)]
    if (before := batch(connection, pin)) is not None:
        return before
    for some in chunks(waiting):
        connection.execute(update(intents).where(intents.c.intent_id.in_(some)).values(offered(now)))
    close_asks(connection, [f"{WorkItemKind.LOOK_AT_PARKED}:{one}" for one in waiting], reason, by, now)
    note(connection, Change(now, BATCH, pin, reason, by))
    rows = [{"at": now, "what": RETRY, "about": one, "reason": reason, "by": by} for one in waiting]
    if rows:
        connection.execute(insert(changes), rows)
    return Batch(pin, now, by, reason, tuple(waiting))


def _unmoved(connection: Connection, intent_ids: Sequence[str], since: dict[str, datetime]) -> list[str]:
    """Those that are parked since the same instant, locked: what failed again since is another matter."""
    statement = (
        select(intents.c.intent_id, intents.c.due_at)
        .where(intents.c.intent_id.in_(intent_ids), intents.c.state == IntentState.PARKED.value)
        .order_by(intents.c.intent_id)
        .with_for_update()
    )
    return [row.intent_id for row in connection.execute(statement) if since[row.intent_id] == row.due_at]


def batch(connection: Connection, pin: str) -> Batch | None:
    """The batch of a pinned list, out of the log of changes."""
    about_it = select(changes).where(changes.c.about == pin, changes.c.what == BATCH)
    row = connection.execute(about_it.order_by(changes.c.change_id).limit(1)).one_or_none()
    if row is None:
        return None
    beside = (changes.c.what == RETRY, changes.c.at == row.at, changes.c.by == row.by, changes.c.reason == row.reason)
    offered_ids = connection.execute(select(changes.c.about).where(*beside).order_by(changes.c.about)).scalars()
    return Batch(pin, row.at, row.by, row.reason, tuple(offered_ids), before=True)
