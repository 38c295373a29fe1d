"""The timeline of a case: what was done about it, when and under which reference. No values, no names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.people import CaseId
from store.case_tables import bindings, cases, decisions, quarantine, views
from store.transactions import Store
from store.work_tables import attempts, inbox, intents, work_items


@dataclass(frozen=True, slots=True, order=True)
class TimelineEntry:
    """One thing that happened. ``source`` says in which book it stands, ``reference`` under which id."""

    at: datetime
    source: str
    what: str
    reference: str


def timeline(store: Store, case_id: CaseId) -> Sequence[TimelineEntry]:
    """Everything about a case, oldest first; empty for a case that we do not know."""

    def work(connection: Connection) -> list[TimelineEntry]:
        entries: list[TimelineEntry] = []
        for book in (_documents, _bindings, _intents, _attempts, _work_items, _requests):
            entries += book(connection, case_id)
        return sorted(entries)

    return store.reading(work)


def _documents(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(cases).where(cases.c.case_id == case_id)):
        yield TimelineEntry(row.first_seen_at, "case", "first seen", case_id)
        yield TimelineEntry(row.read_at, "case", "content as of", row.run_id)
    for row in connection.execute(select(views).where(views.c.case_id == case_id)):
        yield TimelineEntry(row.read_at, "view", f"registry: {row.sight}", row.run_id)
    for row in connection.execute(select(decisions).where(decisions.c.case_id == case_id)):
        yield TimelineEntry(row.decided_at, "decision", "decided", row.run_id)
    for row in connection.execute(select(quarantine).where(quarantine.c.reference == case_id)):
        yield TimelineEntry(row.since, "quarantine", f"{row.system}: {row.path}: {row.reason}", row.run_id)


def _bindings(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(bindings).where(bindings.c.case_id == case_id)):
        yield TimelineEntry(row.bound_at, "binding", "bound", row.binding_id)
        if row.ended_at is not None:
            yield TimelineEntry(row.ended_at, "binding", "ended", row.binding_id)


def _intents(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(intents).where(intents.c.case_id == case_id)):
        what = f"{row.kind} ({row.facet}) to {row.target}: {row.why}"
        yield TimelineEntry(row.created_at, "intent", what, row.intent_id)


def _attempts(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    statement = (
        select(attempts, intents.c.kind)
        .join_from(attempts, intents, attempts.c.intent_id == intents.c.intent_id)
        .where(intents.c.case_id == case_id)
    )
    for row in connection.execute(statement):
        ending = "not ended" if row.outcome is None else " ".join(part for part in (row.outcome, row.code) if part)
        yield TimelineEntry(row.ended_at or row.started_at, "attempt", f"{row.kind}: {ending}", row.intent_id)


def _work_items(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(work_items).where(work_items.c.case_id == case_id)):
        yield TimelineEntry(row.opened_at, "work item", f"{row.kind} for {row.role}", row.item_id)
        if row.ended_at is not None:
            yield TimelineEntry(row.ended_at, "work item", f"{row.kind}: {row.state}", row.item_id)


def _requests(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(inbox).where(inbox.c.case_id == case_id)):
        yield TimelineEntry(row.received_at, "request", row.kind, row.message_id)
        if row.answered_at is not None:
            yield TimelineEntry(row.answered_at, "request", f"{row.kind} answered", row.message_id)
