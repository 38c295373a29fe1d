"""Storing what the registry says: views, the bindings that follow from them, and which cases need no new look."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from domain.people import CaseId, PersonalNumber
from domain.registrations import RegistryView, Sight
from store.binding_writing import bind
from store.case_tables import cases, views
from store.case_writing import Reading
from store.codec import VIEW
from store.content import Hashes, hashes_of_view
from store.transactions import Store, chunks
from store.upserts import upsert


def write_views(store: Store, connection: Connection, seen: Mapping[CaseId, RegistryView], reading: Reading) -> int:
    """Store views; returns how many changed in content.

    A view asked for before our last effect is left out, and the case is to be looked up again: what else it told
    must not be lost.
    """
    changed = 0
    for chunk in chunks(sorted(seen)):
        hashes = {case_id: hashes_of_view(store.keyring, seen[case_id]) for case_id in chunk}
        stored = connection.execute(_STORED.where(cases.c.case_id.in_(chunk)))
        moved = [row.case_id for row in stored if row.look_wanted_at or row.whole != hashes[row.case_id].whole]
        changed += _write(store, connection, {case_id: seen[case_id] for case_id in moved}, hashes, reading)
    return changed


def replace_view(store: Store, case_id: CaseId, view: RegistryView) -> Mapping[str, Any]:
    """The columns of a stored view that an effect of ours changes."""
    hashes = hashes_of_view(store.keyring, view)
    document = store.seal(views.c.document, case_id, VIEW.dump(view))
    return {"document": document, "content": hashes.content, "whole": hashes.whole, "read_at": view.read_at}


def want_looks(connection: Connection, marks: Sequence[Mapping[str, Any]]) -> None:
    """Set or clear the mark of cases (``at`` by ``case``) that are to be looked up again."""
    if marks:
        statement = update(cases).where(cases.c.case_id == bindparam("case")).values(look_wanted_at=bindparam("at"))
        connection.execute(statement, marks)


_STORED = select(cases.c.case_id, cases.c.look_wanted_at, views.c.content, views.c.whole, views.c.read_at).select_from(
    cases.outerjoin(views, views.c.case_id == cases.c.case_id)
)


def _write(
    store: Store,
    connection: Connection,
    moved: Mapping[CaseId, RegistryView],
    hashes: Mapping[CaseId, Hashes],
    reading: Reading,
) -> int:
    """Write these views with the bindings and marks that follow; their cases are locked meanwhile."""
    locked = _STORED.where(cases.c.case_id.in_(list(moved))).order_by(cases.c.case_id).with_for_update(of=cases)
    rows: list[Mapping[str, Any]] = []
    numbers: dict[CaseId, PersonalNumber | None] = {}
    marks: list[Mapping[str, Any]] = []
    changed = 0
    for before in connection.execute(locked).all():
        case_id, view, now = before.case_id, moved[before.case_id], hashes[before.case_id]
        stale = before.read_at is not None and view.read_at < before.read_at and now.whole != before.whole
        marks += _mark(case_id, before.look_wanted_at, view.read_at, reading.now, stale=stale)
        if stale or now.whole == before.whole:
            continue
        changed += now.content != before.content
        rows.append(_row(store, case_id, view, now, reading))
        if view.sight is not Sight.NOT_ALLOWED:
            numbers[case_id] = _number(view)
    upsert(connection, views, rows)
    bind(store, connection, numbers, reading.now)
    want_looks(connection, marks)
    return changed


def _mark(
    case_id: CaseId, wanted_at: datetime | None, read_at: datetime, now: datetime, *, stale: bool
) -> list[Mapping[str, Any]]:
    """A look that was asked for after the mark was set answers it; a stale one asks for another."""
    if stale:
        return [] if wanted_at else [{"case": case_id, "at": now}]
    return [{"case": case_id, "at": None}] if wanted_at and wanted_at <= read_at else []


def _number(view: RegistryView) -> PersonalNumber | None:
    """Who the case is bound to by this view: the number that lives on, or nobody."""
    if view.sight is not Sight.BOUND or view.person is None:
        return None
    return view.person.merged_into or view.person.personal_number


def _row(store: Store, case_id: CaseId, view: RegistryView, hashes: Hashes, reading: Reading) -> Mapping[str, Any]:
    return {
        "case_id": case_id,
        "document": store.seal(views.c.document, case_id, VIEW.dump(view)),
        "content": hashes.content,
        "whole": hashes.whole,
        "sight": view.sight.value,
        "read_at": view.read_at,
        "run_id": reading.run_id,
    }
