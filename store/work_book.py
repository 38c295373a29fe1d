"""The book of work items (``domain.books.WorkBook``): what people have to do, wherever it came from."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from domain.people import CaseId
from domain.work_items import Ask, WorkItem, WorkItemState
from store.asking import end_asks, open_asks
from store.change_log import Change, note
from store.transactions import Store
from store.work_item_rows import work_item_of
from store.work_tables import work_items


class SqlWorkBook:
    """Work items that are not born of a decision, and all of them for reading."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, ask: Ask, now: datetime) -> bool:
        """Open a work item; False when one with its key is open or planned already."""
        return self._store.writing(lambda connection: open_asks(self._store, connection, [(ask, now)])) == 1

    def close(self, item_id: str, reason: str, by: str, now: datetime) -> bool:
        """End a work item by a person; False when it is not open."""
        done = {"state": WorkItemState.DONE.value, "ended_at": now, "end_reason": reason, "ended_by": by}
        concerned = (work_items.c.item_id == item_id, work_items.c.state == WorkItemState.OPEN.value)

        def work(connection: Connection) -> bool:
            if connection.execute(update(work_items).where(*concerned).values(done)).rowcount == 0:
                return False
            note(connection, Change(now, "close", item_id, reason, by))
            return True

        return self._store.writing(work)

    def moot(self, keys: Sequence[str], now: datetime) -> int:
        """End work items whose cause went away, by their keys; returns how many were open."""
        return self._store.writing(lambda connection: end_asks(connection, keys, now)) if keys else 0

    def listed(
        self, states: frozenset[WorkItemState], case_id: CaseId | None = None, limit: int = 500
    ) -> Sequence[WorkItem]:
        """Work items, soonest due first."""
        statement = select(work_items).where(work_items.c.state.in_(sorted(states)))
        if case_id is not None:
            statement = statement.where(work_items.c.case_id == case_id)
        statement = statement.order_by(work_items.c.due_on, work_items.c.item_id).limit(limit)
        return self._store.reading(lambda one: [work_item_of(self._store, row) for row in one.execute(statement)])
