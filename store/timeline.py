"""The timeline of a case: what was done about it, when and under which reference. No values, no names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.people import CaseId
from store.case_tables import bindings, cases, decisions, quarantine, views
from store.transactions import Store
from store.work_tables import attempts, changes, inbox, intents, work_items

BY_PEOPLE = {
    "retry": "offered_again",
    "withdraw": "withdrawn",
    "restore": "restored",
    "arrived": "arrived_by_word",
    "not_arrived": "not_arrived_by_word",
}
"""What people say to an intent, as the log of changes has it, and as the timeline tells it (without their reason)."""


@dataclass(frozen=True, slots=True, order=True)
class TimelineEntry:
    """One thing that happened. ``source`` says in which book it stands, ``reference`` under which id.

    ``what`` is a code (a state, an outcome), ``about`` the kind of effect or task it concerns, or where a record
    cannot be read: the console has the sentences.
    """

    at: datetime
    source: str
    what: str
    reference: str
    about: str = ""


def timeline(store: Store, case_id: CaseId) -> Sequence[TimelineEntry]:
    """Everything about a case, oldest first; empty for a case that we do not know."""

    def work(connection: Connection) -> list[TimelineEntry]:
        entries: list[TimelineEntry] = []
        for book in (_documents, _bindings, _intents, _by_people, _attempts, _work_items, _requests):
            entries += book(connection, case_id)
        return sorted(entries)

    return store.reading(work)


def _documents(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(cases).where(cases.c.case_id == case_id)):
        yield TimelineEntry(row.first_seen_at, "case", "first_seen", case_id)
        yield TimelineEntry(row.read_at, "case", "read", row.run_id)
    for row in connection.execute(select(views).where(views.c.case_id == case_id)):
        yield TimelineEntry(row.read_at, "view", "read", row.run_id, row.sight)
    for row in connection.execute(select(decisions).where(decisions.c.case_id == case_id)):
        yield TimelineEntry(row.decided_at, "decision", "decided", row.run_id)
    for row in connection.execute(select(quarantine).where(quarantine.c.reference == case_id)):
        yield TimelineEntry(row.since, "quarantine", "noted", row.run_id, f"{row.system}: {row.path}: {row.reason}")


def _bindings(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(bindings).where(bindings.c.case_id == case_id)):
        yield TimelineEntry(row.bound_at, "binding", "bound", row.binding_id)
        if row.ended_at is not None:
            yield TimelineEntry(row.ended_at, "binding", "ended", row.binding_id)


def _intents(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(intents).where(intents.c.case_id == case_id)):
        yield TimelineEntry(row.created_at, "intent", "wanted", row.intent_id, row.kind)


def _by_people(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    statement = (
        select(changes, intents.c.kind)
        .join_from(changes, intents, changes.c.about == intents.c.intent_id)
        .where(intents.c.case_id == case_id, changes.c.what.in_(sorted(BY_PEOPLE)))
    )
    for row in connection.execute(statement):
        yield TimelineEntry(row.at, "intent", BY_PEOPLE[row.what], row.about, row.kind)


def _attempts(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    statement = (
        select(attempts, intents.c.kind)
        .join_from(attempts, intents, attempts.c.intent_id == intents.c.intent_id)
        .where(intents.c.case_id == case_id)
    )
    for row in connection.execute(statement):
        at = row.ended_at or row.started_at
        yield TimelineEntry(at, "attempt", row.outcome or "running", row.intent_id, row.kind)


def _work_items(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(work_items).where(work_items.c.case_id == case_id)):
        yield TimelineEntry(row.opened_at, "work_item", "opened", row.item_id, row.kind)
        if row.ended_at is not None:
            yield TimelineEntry(row.ended_at, "work_item", row.state, row.item_id, row.kind)


def _requests(connection: Connection, case_id: CaseId) -> Iterator[TimelineEntry]:
    for row in connection.execute(select(inbox).where(inbox.c.case_id == case_id)):
        yield TimelineEntry(row.received_at, "request", "accepted", row.message_id, row.kind)
        if row.answered_at is not None:
            yield TimelineEntry(row.answered_at, "request", "answered", row.message_id, row.kind)
