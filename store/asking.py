"""Asks of decisions become work items, and those that are not repeated end as moot: their cause went away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from domain.decision import Decision
from domain.work_items import Ask, WorkItemState
from store.codec import SUBSTANCE
from store.decision_frame import Deciding
from store.transactions import Store, chunks
from store.upserts import insert_new
from store.work_item_rows import PENDING, ask_columns
from store.work_tables import work_items

GONE = "cause_gone"
"""Why a work item became moot."""


def settle_asks(store: Store, connection: Connection, made: Sequence[Decision], deciding: Deciding) -> None:
    """Open what is asked for the first time, renew what is asked again, end what is asked no more."""
    asks = {ask.key: ask for decision in made for ask in decision.asks}
    pending = _pending(connection, [decision.case_id for decision in made], list(asks))
    _end(connection, [row.item_id for row in pending.values() if row.decided and row.key not in asks], deciding)
    state = WorkItemState.PLANNED if deciding.planned else WorkItemState.OPEN
    born = {"decided": True, "run_id": deciding.run_id}
    new = [{**ask_columns(store, ask, state, deciding.now), **born} for key, ask in asks.items() if key not in pending]
    if new:
        connection.execute(insert(work_items), new)
    _renew(store, connection, [(pending[key], ask) for key, ask in asks.items() if key in pending], deciding)


def open_asks(store: Store, connection: Connection, asked: Sequence[tuple[Ask, datetime]]) -> int:
    """Open work items that are not born of a decision; those whose key is open or planned already count as there."""
    rows = [{**ask_columns(store, ask, WorkItemState.OPEN, at), "decided": False, "run_id": ""} for ask, at in asked]
    return sum(insert_new(connection, work_items, row) for row in rows)


def end_asks(connection: Connection, keys: Sequence[str], now: datetime) -> int:
    """End open work items whose cause went away, by their keys; returns how many were open."""
    moot = {"state": WorkItemState.MOOT.value, "ended_at": now, "end_reason": GONE}
    still_open = work_items.c.state == WorkItemState.OPEN.value
    statements = [update(work_items).where(work_items.c.key.in_(some), still_open) for some in chunks(keys)]
    return sum(connection.execute(statement.values(moot)).rowcount for statement in statements)


def close_asks(connection: Connection, keys: Sequence[str], reason: str, by: str, now: datetime) -> int:
    """End open work items by a person who dealt with their cause, by their keys; returns how many were open."""
    done = {"state": WorkItemState.DONE.value, "ended_at": now, "end_reason": reason, "ended_by": by}
    still_open = work_items.c.state == WorkItemState.OPEN.value
    statements = [update(work_items).where(work_items.c.key.in_(some), still_open) for some in chunks(keys)]
    return sum(connection.execute(statement.values(done)).rowcount for statement in statements)


def _pending(connection: Connection, case_ids: Sequence[str], keys: Sequence[str]) -> Mapping[str, Any]:
    """Open and planned work items of these cases, or under these keys."""
    columns = [work_items.c[name] for name in ("item_id", "key", "state", "decided", "opened_at")]
    found: dict[str, Any] = {}
    for chosen, values in ((work_items.c.case_id, case_ids), (work_items.c.key, keys)):
        for chunk in chunks(values):
            statement = select(*columns).where(chosen.in_(chunk), work_items.c.state.in_(PENDING))
            found |= {row.key: row for row in connection.execute(statement)}
    return found


def _end(connection: Connection, item_ids: Sequence[str], deciding: Deciding) -> None:
    for chunk in chunks(item_ids):
        moot = {"state": WorkItemState.MOOT.value, "ended_at": deciding.now, "end_reason": GONE}
        connection.execute(update(work_items).where(work_items.c.item_id.in_(chunk)).values(moot))


def _renew(store: Store, connection: Connection, again: Sequence[tuple[Any, Ask]], deciding: Deciding) -> None:
    """The values of today, the due day of the first time; a planned one opens when it is decided for good."""
    if not again:
        return
    rows = []
    for before, ask in again:
        opens = before.state == WorkItemState.PLANNED.value and not deciding.planned
        substance = store.seal(work_items.c.substance, before.item_id, SUBSTANCE.dump((ask.about, ask.values)))
        state = WorkItemState.OPEN.value if opens else before.state
        opened_at = deciding.now if opens else before.opened_at
        rows.append({"item": before.item_id, "s": substance, "new_state": state, "opened": opened_at})
    statement = (
        update(work_items)
        .where(work_items.c.item_id == bindparam("item"))
        .values(
            substance=bindparam("s", type_=work_items.c.substance.type),
            state=bindparam("new_state"),
            opened_at=bindparam("opened", type_=work_items.c.opened_at.type),
        )
    )
    connection.execute(statement, rows)
