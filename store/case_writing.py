"""Storing case files: a case whose content is unchanged costs no write, and no older answer hides our own effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from domain.cases import CaseFile
from domain.people import CaseId
from store.case_tables import cases
from store.codec import CASE
from store.content import Hashes, hashes_of_case
from store.sealing import Sealed
from store.transactions import Store, chunks
from store.upserts import upsert

PERSONAL_NUMBER = "personal_number"
AVS_NUMBER = "avs_number"
"""Kinds of look-up hashes: the same digits as another kind of number give another hash."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where documents come from: when they were asked for, in which run, and the present."""

    read_at: datetime
    run_id: str
    now: datetime


def write_cases(store: Store, connection: Connection, page: Sequence[CaseFile], reading: Reading) -> int:
    """Store the cases of a page; returns how many are new or changed in content (these are to be looked up again)."""
    latest = {case.case_id: case for case in page}
    changed = 0
    for chunk in chunks(list(latest.values())):
        hashes = {case.case_id: hashes_of_case(store.keyring, case) for case in chunk}
        stored = _whole(connection, chunk)
        moved = [case for case in chunk if hashes[case.case_id].whole != stored.get(case.case_id)]
        changed += _write(store, connection, moved, hashes, reading)
    return changed


def replace_case(store: Store, case: CaseFile, at: datetime) -> Mapping[str, Any]:
    """The columns of a stored case that an effect of ours changes; nothing needs to be looked up for it."""
    hashes = hashes_of_case(store.keyring, case)
    document = store.seal(cases.c.document, case.case_id, CASE.dump(case))
    return {"document": document, "content": hashes.content, "whole": hashes.whole, "read_at": at}


def _whole(connection: Connection, page: Sequence[CaseFile]) -> Mapping[CaseId, bytes]:
    """The hashes that tell which cases of a page need a write at all."""
    wanted = cases.c.case_id.in_([case.case_id for case in page])
    return {row.case_id: row.whole for row in connection.execute(select(cases.c.case_id, cases.c.whole).where(wanted))}


def _write(
    store: Store,
    connection: Connection,
    moved: Sequence[CaseFile],
    hashes: Mapping[CaseId, Hashes],
    reading: Reading,
) -> int:
    """Write these cases, locked meanwhile, so that no effect that settles between reading and writing is lost."""
    wanted = cases.c.case_id.in_([case.case_id for case in moved])
    found = connection.execute(select(cases).where(wanted).order_by(cases.c.case_id).with_for_update())
    known = {row.case_id: row for row in found}
    rows: list[Mapping[str, Any]] = []
    changed = 0
    for told in moved:
        before = known.get(told.case_id)
        overtaken = before is not None and reading.read_at < before.read_at
        case = _merged(store, told, before.document) if before is not None and overtaken else told
        now = hashes_of_case(store.keyring, case) if overtaken else hashes[case.case_id]
        renewed = before is None or now.content != before.content
        changed += renewed
        rows.append(_row(store, case, now, before, reading, renewed=renewed))
    upsert(connection, cases, rows, keep=frozenset({"first_seen_at"}))
    return changed


def _merged(store: Store, case: CaseFile, document: Sealed) -> CaseFile:
    """A case that was asked for before our last write-back, told after it: the newer mirror of each facet stays."""
    stored = CASE.load(store.open(cases.c.document, case.case_id, document), case.case_id)
    if case.version < stored.version:
        return stored
    mirror = dict(case.mirror)
    for facet, ours in stored.mirror.items():
        if facet not in mirror or mirror[facet].version < ours.version:
            mirror[facet] = ours
    return replace(case, mirror=mirror)


def _row(
    store: Store,
    case: CaseFile,
    hashes: Hashes,
    before: "Row[Any] | None",
    reading: Reading,
    *,
    renewed: bool,
) -> Mapping[str, Any]:
    person, avs = case.beneficiary.personal_number, case.beneficiary.avs_number
    return {
        "case_id": case.case_id,
        "document": store.seal(cases.c.document, case.case_id, CASE.dump(case)),
        "content": hashes.content,
        "whole": hashes.whole,
        "person": store.keyring.lookup(PERSONAL_NUMBER, person) if person else None,
        "avs": store.keyring.lookup(AVS_NUMBER, avs) if avs else None,
        "read_at": max(reading.read_at, before.read_at) if before else reading.read_at,
        "look_wanted_at": before.look_wanted_at if before and not renewed else reading.now,
        "first_seen_at": reading.now,
        "run_id": reading.run_id,
    }
