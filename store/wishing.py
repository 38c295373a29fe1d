"""Wishes become intents: once per key for ever, each with its place in line behind those of its case and target."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from domain.intents import IntentState, Wish
from store.decision_frame import Deciding
from store.ids import new_id
from store.intent_rows import wish_columns
from store.transactions import Store, chunks
from store.work_tables import intents

CONSENT = "consent"
"""The code of an intent that is parked for want of a basis: a decision that wants it again brings it back."""


def enqueue(store: Store, connection: Connection, wishes: Sequence[Wish], deciding: Deciding) -> int:
    """Store wishes whose key is new, and bring back those that waited for this decision; returns how many of both.

    The cases are locked by the caller, so that two decisions about one case cannot take the same place in line.
    """
    latest = {wish.key: wish for wish in wishes}
    if not latest:
        return 0
    known = _known(connection, list(latest))
    last = _last_places(connection, sorted({wish.case_id for wish in latest.values()}))
    made: list[Mapping[str, Any]] = []
    again: list[Mapping[str, Any]] = []
    for wish in latest.values():
        before = known.get(wish.key)
        if before is not None and not _comes_back(before, deciding):
            continue
        last[wish.case_id, wish.target.value] += 1
        place = last[wish.case_id, wish.target.value]
        intent_id = before.intent_id if before is not None else new_id("I", deciding.now)
        row = {**wish_columns(store, intent_id, wish), **_offered(deciding, place)}
        made.append({**row, **_NEW, "created_at": deciding.now}) if before is None else again.append(row)
    if made:
        connection.execute(insert(intents), made)
    _bring_back(connection, again)
    return len(made) + len(again)


_NEW: Mapping[str, Any] = {
    "token": 0,
    "lease_until": None,
    "doubt": False,
    "held": False,
    "last_code": "",
    "last_message": "",
    "last_family": "",
}
"""An intent that nobody has tried."""


def _known(connection: Connection, keys: Sequence[str]) -> Mapping[str, Any]:
    columns = (intents.c.key, intents.c.intent_id, intents.c.state, intents.c.last_code)
    found: dict[str, Any] = {}
    for chunk in chunks(keys):
        found |= {row.key: row for row in connection.execute(select(*columns).where(intents.c.key.in_(chunk)))}
    return found


def _comes_back(before: Row[Any], deciding: Deciding) -> bool:
    """Overtaken or without a basis then, wanted now; or planned, and now decided for good."""
    state = IntentState(before.state)
    if state is IntentState.PLANNED:
        return not deciding.planned
    return state is IntentState.OVERTAKEN or (state is IntentState.PARKED and before.last_code == CONSENT)


def _last_places(connection: Connection, case_ids: Sequence[str]) -> defaultdict[tuple[str, str], int]:
    places: defaultdict[tuple[str, str], int] = defaultdict(int)
    for chunk in chunks(case_ids):
        statement = (
            select(intents.c.case_id, intents.c.target, func.max(intents.c.position).label("place"))
            .where(intents.c.case_id.in_(chunk))
            .group_by(intents.c.case_id, intents.c.target)
        )
        places.update({(row.case_id, row.target): row.place for row in connection.execute(statement)})
    return places


def _offered(deciding: Deciding, place: int) -> Mapping[str, Any]:
    state = IntentState.PLANNED if deciding.planned else IntentState.READY
    return {
        "state": state.value,
        "position": place,
        "attempts": 0,
        "due_at": deciding.now,
        "run_id": deciding.run_id,
    }


_REFRESHED = ("basis", "why", "effect", "lane", "state", "position", "attempts", "due_at", "run_id")
"""What a decision gives anew to an intent that it brings back; its tries and its doubt stay."""


def _bring_back(connection: Connection, again: Sequence[Mapping[str, Any]]) -> None:
    if again:
        fresh: dict[str, Any] = {name: bindparam(f"new_{name}", type_=intents.c[name].type) for name in _REFRESHED}
        statement = update(intents).where(intents.c.intent_id == bindparam("intent")).values(fresh)
        rows = [{"intent": row["intent_id"]} | {f"new_{name}": row[name] for name in _REFRESHED} for row in again]
        connection.execute(statement, rows)
