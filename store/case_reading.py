"""Reading cases: their facts, which ones are to be looked up, which ones are undecided. Set-based, in chunks.

Each chunk is a transaction of its own that is over before the chunk is handed out; the next one goes on behind the
last case id. Nothing is open while a caller talks to a network.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, or_, select, true

from domain.books import LookUp
from domain.decision import Agreed, CaseFacts
from domain.facets import Facet
from domain.intents import IntentState
from domain.people import CaseId, PersonalNumber
from domain.registrations import Sight
from store.case_tables import agreements, bindings, cases, decisions, views
from store.codec import CASE, VALUE, VIEW
from store.transactions import Store, chunks
from store.work_tables import attempts, intents

Condition: TypeAlias = ColumnElement[bool]

_EVERYTHING = (
    cases.outerjoin(views, views.c.case_id == cases.c.case_id)
    .outerjoin(decisions, decisions.c.case_id == cases.c.case_id)
    .outerjoin(bindings, (bindings.c.case_id == cases.c.case_id) & bindings.c.ended_at.is_(None))
)

_FACTS: Select[Any] = select(
    cases.c.case_id,
    cases.c.document,
    cases.c.content,
    views.c.document.label("view"),
    views.c.content.label("view_content"),
    bindings.c.binding_id,
    bindings.c.number,
).select_from(_EVERYTHING)


def mark_of(content: bytes, view_content: bytes | None) -> str:
    """What facts are recognised by: the content of both documents (``CaseFacts.seen``)."""
    return f"{content.hex()}.{view_content.hex() if view_content else ''}"


def contents_of(mark: str) -> tuple[bytes, bytes | None]:
    """The two hashes of a mark; ``ValueError`` for what is none, such as the empty mark of facts not from a store."""
    content, dot, view_content = mark.partition(".")
    if not content or not dot:
        raise ValueError("a decision must carry the mark of its facts (CaseFacts.seen)")
    return bytes.fromhex(content), bytes.fromhex(view_content) or None


def to_look_up(on: date, *, everything: bool) -> Condition:
    """Never looked up, marked since, not bound to a person, or due by the passing of time."""
    if everything:
        return true()
    return or_(
        views.c.case_id.is_(None),
        cases.c.look_wanted_at.is_not(None),
        views.c.sight != Sight.BOUND.value,
        decisions.c.recheck_on <= on,
    )


def undecided(rules: str, on: date) -> Condition:
    """Looked up, and never decided, or not on these documents, under these rules, or before this day."""
    return views.c.case_id.is_not(None) & or_(
        decisions.c.case_id.is_(None),
        decisions.c.case_content != cases.c.content,
        decisions.c.view_content.is_distinct_from(views.c.content),
        decisions.c.rules != rules,
        decisions.c.recheck_on <= on,
    )


def unfollowed() -> Condition:
    """Changed by an effect of ours after the last decision: whoever had to take the next one was lost before it."""
    last_try = (attempts.c.intent_id == intents.c.intent_id) & (attempts.c.token == intents.c.token)
    settled = exists(
        select(intents.c.intent_id)
        .join_from(intents, attempts, last_try)
        .where(
            intents.c.case_id == cases.c.case_id,
            intents.c.state.in_([IntentState.DONE.value, IntentState.ALREADY_SO.value]),
            attempts.c.ended_at > decisions.c.decided_at,
        )
    )
    moved = or_(decisions.c.case_content != cases.c.content, decisions.c.view_content.is_distinct_from(views.c.content))
    return and_(moved, settled)


def in_chunks(store: Store, condition: Condition, size: int) -> Iterator[Sequence[LookUp]]:
    """Cases that fulfil a condition when their chunk is read, in the order of their ids."""
    last = ""
    while True:
        statement = _FACTS.where(condition, cases.c.case_id > last).order_by(cases.c.case_id).limit(size)
        found = store.reading(lambda connection, one=statement: _look_ups(store, connection, one))  # type: ignore[misc]
        if not found:
            return
        yield found
        last = found[-1].facts.case.case_id


def facts_of(store: Store, connection: Connection, case_ids: Sequence[CaseId]) -> Mapping[CaseId, CaseFacts]:
    """The facts of these cases, as far as we know them."""
    found: dict[CaseId, CaseFacts] = {}
    for chunk in chunks(case_ids):
        rows = _look_ups(store, connection, _FACTS.where(cases.c.case_id.in_(chunk)))
        found |= {one.facts.case.case_id: one.facts for one in rows}
    return found


def _look_ups(store: Store, connection: Connection, statement: Select[Any]) -> Sequence[LookUp]:
    rows = connection.execute(statement).all()
    agreed = _agreed(store, connection, [row.case_id for row in rows])
    return [LookUp(_facts(store, row, agreed.get(row.case_id, {})), _number(store, row)) for row in rows]


def _facts(store: Store, row: Row[Any], agreed: Mapping[Facet, Agreed]) -> CaseFacts:
    case = CASE.load(store.open(cases.c.document, row.case_id, row.document), row.case_id)
    view = None if row.view is None else VIEW.load(store.open(views.c.document, row.case_id, row.view), row.case_id)
    return CaseFacts(case, view, agreed, mark_of(row.content, row.view_content))


def _number(store: Store, row: Row[Any]) -> PersonalNumber | None:
    if row.number is None:
        return None
    return PersonalNumber(store.open(bindings.c.number, row.binding_id, row.number).decode())


def _agreed(
    store: Store, connection: Connection, case_ids: Sequence[CaseId]
) -> Mapping[CaseId, Mapping[Facet, Agreed]]:
    columns = (agreements.c.case_id, agreements.c.facet, agreements.c.value, agreements.c.revision)
    agreed: dict[CaseId, dict[Facet, Agreed]] = {}
    for chunk in chunks(case_ids):
        for row in connection.execute(select(*columns).where(agreements.c.case_id.in_(chunk))):
            place = f"{row.case_id}/{row.facet}"
            value = VALUE.load(store.open(agreements.c.value, place, row.value), place)
            agreed.setdefault(row.case_id, {})[Facet(row.facet)] = Agreed(value, row.revision)
    return agreed
