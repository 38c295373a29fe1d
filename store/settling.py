"""What an effect that is there changes in our own picture: the agreement, and the documents of both systems.

The documents are read again inside the transaction, so that nothing that was read meanwhile is lost. Their content
changes, so the case is undecided again: that is how the decision that follows from an effect comes about.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, select, update

from domain.facets import FacetValue
from domain.intents import Result
from domain.people import CaseId
from domain.settlement import settled_case, settled_view
from store.agreeing import Settled, agree
from store.case_tables import cases, views
from store.case_writing import replace_case
from store.codec import CASE, VIEW
from store.transactions import Store
from store.view_writing import replace_view


def settle(store: Store, connection: Connection, results: Sequence[Result]) -> None:
    """Settle what these proven effects settle; those that settle nothing change nothing."""
    settling = [(one, one.claim.intent.wish.settles) for one in results]
    proven = [(one, value) for one, value in settling if value is not None]
    if not proven:
        return
    latest = max(one.ended_at for one, _ in proven)
    case_ids = sorted({one.claim.intent.wish.case_id for one, _ in proven})
    stored = _documents(connection, case_ids)
    agree(store, connection, [_settled(one, value) for one, value in proven], latest)
    by_case: dict[CaseId, list[Result]] = {case_id: [] for case_id in case_ids}
    for one, _ in proven:
        by_case[one.claim.intent.wish.case_id].append(one)
    _put(connection, _SET_CASE, [row for one in case_ids for row in _case(store, stored[one], by_case[one])])
    _put(connection, _SET_VIEW, [row for one in case_ids for row in _view(store, stored[one], by_case[one])])


def _settled(one: Result, value: FacetValue) -> Settled:
    wish = one.claim.intent.wish
    return Settled(wish.case_id, wish.facet, value)


def _documents(connection: Connection, case_ids: Sequence[CaseId]) -> Mapping[str, Any]:
    statement = (
        select(cases.c.case_id, cases.c.document, cases.c.read_at, views.c.document.label("view"))
        .select_from(cases.outerjoin(views, views.c.case_id == cases.c.case_id))
        .where(cases.c.case_id.in_(case_ids))
        .order_by(cases.c.case_id)
        .with_for_update(of=cases)
    )
    return {row.case_id: row for row in connection.execute(statement)}


def _case(store: Store, row: Row[Any], results: Sequence[Result]) -> list[Mapping[str, Any]]:
    before = CASE.load(store.open(cases.c.document, row.case_id, row.document), row.case_id)
    case = before
    for one in results:
        case = settled_case(case, one.claim.intent.wish, one.detail)
    if case is before:
        return []
    at = max(row.read_at, *(one.ended_at for one in results))
    return [{"case": row.case_id} | {f"new_{name}": value for name, value in replace_case(store, case, at).items()}]


def _view(store: Store, row: Row[Any], results: Sequence[Result]) -> list[Mapping[str, Any]]:
    if row.view is None:
        return []
    before = VIEW.load(store.open(views.c.document, row.case_id, row.view), row.case_id)
    view = before
    for one in results:
        view = settled_view(view, one.claim.intent.wish, max(view.read_at, one.ended_at))
    if view is before:
        return []
    columns = replace_view(store, row.case_id, view)
    return [{"case": row.case_id} | {f"new_{name}": value for name, value in columns.items()}]


_COLUMNS = ("document", "content", "whole", "read_at")
_SET_CASE = (
    update(cases)
    .where(cases.c.case_id == bindparam("case"))
    .values({name: bindparam(f"new_{name}", type_=cases.c[name].type) for name in _COLUMNS})
)
_SET_VIEW = (
    update(views)
    .where(views.c.case_id == bindparam("case"))
    .values({name: bindparam(f"new_{name}", type_=views.c[name].type) for name in _COLUMNS})
)


def _put(connection: Connection, statement: Update, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)
