"""Committing decisions: findings, agreements, wishes, asks and the mark of what was decided on, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from domain.decision import Decision
from domain.people import CaseId
from store.agreeing import Settled, agree, remember
from store.asking import settle_asks
from store.case_reading import contents_of, mark_of
from store.case_tables import cases, decisions, views
from store.decision_frame import Deciding
from store.finding import replace_findings
from store.transactions import Store, chunks
from store.upserts import upsert
from store.wishing import enqueue


def commit(store: Store, connection: Connection, made: Sequence[Decision], deciding: Deciding) -> int:
    """Store decisions; returns how many wishes are new.

    A decision about facts that have moved since is left out: its case is undecided still and comes again. One
    without the mark of its facts is a fault of the caller (``ValueError``).
    """
    for decision in made:
        contents_of(decision.seen)
    new = 0
    for chunk in chunks(made):
        current = _marks(connection, [decision.case_id for decision in chunk])
        fresh = [decision for decision in chunk if current.get(decision.case_id) == decision.seen]
        replace_findings(store, connection, fresh, deciding.run_id, deciding.now)
        remember(store, connection, _inferred(fresh), deciding.now)
        agree(store, connection, _settled(fresh), deciding.now)
        new += enqueue(store, connection, [wish for one in fresh for wish in one.wishes], deciding)
        settle_asks(store, connection, fresh, deciding)
        upsert(connection, decisions, [_row(decision, deciding) for decision in fresh])
    return new


def _marks(connection: Connection, case_ids: Sequence[CaseId]) -> Mapping[CaseId, str]:
    """The marks of the documents as they stand; the cases are locked until their decisions are stored."""
    statement = (
        select(cases.c.case_id, cases.c.content, views.c.content.label("view_content"))
        .select_from(cases.outerjoin(views, views.c.case_id == cases.c.case_id))
        .where(cases.c.case_id.in_(case_ids))
        .order_by(cases.c.case_id)
        .with_for_update(of=cases)
    )
    return {row.case_id: mark_of(row.content, row.view_content) for row in connection.execute(statement)}


def _settled(made: Iterable[Decision]) -> list[Settled]:
    return [Settled(one.case_id, facet, value) for one in made for facet, value in one.settled.items()]


def _inferred(made: Iterable[Decision]) -> list[Settled]:
    """What was inferred and is not settled by the same decision."""
    return [
        Settled(one.case_id, facet, value)
        for one in made
        for facet, value in one.inferred.items()
        if facet not in one.settled
    ]


def _row(decision: Decision, deciding: Deciding) -> Mapping[str, Any]:
    content, view_content = contents_of(decision.seen)
    return {
        "case_id": decision.case_id,
        "case_content": content,
        "view_content": view_content,
        "rules": deciding.rules,
        "recheck_on": decision.recheck_on,
        "decided_at": deciding.now,
        "run_id": deciding.run_id,
    }
