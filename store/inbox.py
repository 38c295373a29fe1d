"""The inbox (``domain.books.Inbox``): a request is accepted once per message id and answered once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from domain.books import Request
from domain.people import CaseId
from store.codec import VALUE
from store.transactions import Store
from store.upserts import insert_new
from store.work_tables import inbox


class SqlInbox:
    """Requests from outside, with their answers sealed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def accept(self, request: Request) -> bool:
        """Store a request; False when its message id is known already."""
        row = {
            "message_id": request.message_id,
            "kind": request.kind,
            "case_id": request.case_id,
            "received_at": request.received_at,
            "by": request.by,
            "answer": None,
            "answered_at": None,
        }

        def work(connection: Connection) -> bool:
            if insert_new(connection, inbox, row):
                return True
            # The very same request, unanswered: the answer to an earlier COMMIT of this call was lost.
            same = [inbox.c[name] == row[name] for name in ("message_id", "kind", "case_id", "received_at", "by")]
            return connection.execute(select(inbox.c.kind).where(*same, inbox.c.answer.is_(None))).first() is not None

        return self._store.writing(work)

    def answer(self, message_id: str, answer: Mapping[str, str], now: datetime) -> None:
        """Store the answer; the first one stands."""
        sealed = self._store.seal(inbox.c.answer, message_id, VALUE.dump(answer))
        unanswered = (inbox.c.message_id == message_id, inbox.c.answered_at.is_(None))
        statement = update(inbox).where(*unanswered).values(answer=sealed, answered_at=now)
        self._store.writing(lambda connection: connection.execute(statement))

    def find(self, message_id: str) -> Request | None:
        """One request."""
        statement = select(inbox).where(inbox.c.message_id == message_id)
        row = self._store.reading(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else self._request(row)

    def latest(self, kind: str, case_id: CaseId, since: datetime) -> Request | None:
        """The newest request of a kind about a case since an instant."""
        concerned = (inbox.c.kind == kind, inbox.c.case_id == case_id, inbox.c.received_at >= since)
        newest = (inbox.c.received_at.desc(), inbox.c.message_id)
        statement = select(inbox).where(*concerned).order_by(*newest).limit(1)
        row = self._store.reading(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else self._request(row)

    def unanswered(self, kind: str, before: datetime, limit: int) -> Sequence[Request]:
        """Requests of a kind that were received before an instant and still have no answer, oldest first."""
        concerned = (inbox.c.kind == kind, inbox.c.received_at < before, inbox.c.answered_at.is_(None))
        oldest = (inbox.c.received_at, inbox.c.message_id)
        statement = select(inbox).where(*concerned).order_by(*oldest).limit(limit)
        return self._store.reading(lambda connection: [self._request(row) for row in connection.execute(statement)])

    def _request(self, row: Row[Any]) -> Request:
        answer = None
        if row.answer is not None:
            answer = VALUE.load(self._store.open(inbox.c.answer, row.message_id, row.answer), row.message_id)
        return Request(row.message_id, row.kind, CaseId(row.case_id), row.received_at, row.by, answer, row.answered_at)
