"""A work item as a row, and back. What it is about and its values are sealed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from domain.people import CaseId
from domain.work_items import Ask, Role, WorkItem, WorkItemKind, WorkItemState
from store.codec import SUBSTANCE
from store.ids import new_id
from store.transactions import Store
from store.work_tables import work_items

PENDING = (WorkItemState.OPEN.value, WorkItemState.PLANNED.value)
"""States in which the key of a work item is taken."""


def ask_columns(store: Store, ask: Ask, state: WorkItemState, now: datetime) -> Mapping[str, Any]:
    """A new work item; the caller adds whether it is born of a decision, and of which run."""
    item_id = new_id("W", now)
    return {
        "item_id": item_id,
        "key": ask.key,
        "kind": ask.kind.value,
        "role": ask.role.value,
        "case_id": ask.case_id,
        "due_on": ask.due_on,
        "substance": store.seal(work_items.c.substance, item_id, SUBSTANCE.dump((ask.about, ask.values))),
        "state": state.value,
        "opened_at": now,
        "ended_at": None,
        "end_reason": "",
        "ended_by": "",
    }


def work_item_of(store: Store, row: Row[Any]) -> WorkItem:
    """A stored work item, opened."""
    about, values = SUBSTANCE.load(store.open(work_items.c.substance, row.item_id, row.substance), row.item_id)
    case_id = None if row.case_id is None else CaseId(row.case_id)
    ask = Ask(row.key, WorkItemKind(row.kind), Role(row.role), case_id, row.due_on, about, values)
    return WorkItem(row.item_id, ask, WorkItemState(row.state), row.opened_at, row.ended_at, row.end_reason)
