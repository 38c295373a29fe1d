"""Quarantine: records that could not be read, each with its path and reason, until they can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from domain.facets import System
from domain.ports import BadRecord
from store.case_tables import quarantine
from store.case_writing import Reading
from store.transactions import Store, chunks
from store.upserts import upsert


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record in quarantine as operators see it: where it is wrong and why, never what it says."""

    system: str
    reference: str
    path: str
    reason: str
    since: datetime


def put_aside(
    store: Store, connection: Connection, system: System, bad: Sequence[tuple[str, BadRecord]], reading: Reading
) -> None:
    """Keep bad records under their reference; one that came in the same way before is not written again."""
    hashed = [(record, store.keyring.fingerprint(record.raw), reference) for reference, record in bad]
    named = [(record, content, _name(reference, content)) for record, content, reference in hashed]
    for chunk in chunks(named):
        known = _known(connection, system, [reference for *_, reference in chunk])
        rows: dict[str, Mapping[str, Any]] = {}
        for record, content, reference in chunk:
            before = known.get(reference)
            if before is None or (before.path, before.reason, before.content) != (record.path, record.reason, content):
                rows[reference] = {
                    "system": system.value,
                    "reference": reference,
                    "path": record.path,
                    "reason": record.reason,
                    "raw": store.seal(quarantine.c.raw, f"{system.value}/{reference}", record.raw),
                    "content": content,
                    "since": before.since if before else reading.now,
                    "run_id": reading.run_id,
                }
        upsert(connection, quarantine, list(rows.values()))


def _name(reference: str, content: bytes) -> str:
    """An id as it is; a mere place ("item 3 of its page") with a mark of the record, since every page has one."""
    return f"{reference} #{content.hex()[:8]}" if " " in reference else reference


def release(connection: Connection, system: System, references: Sequence[str]) -> None:
    """These can be read again."""
    for chunk in chunks(references):
        readable = quarantine.c.reference.in_(chunk)
        connection.execute(delete(quarantine).where(quarantine.c.system == system.value, readable))


def listed(connection: Connection) -> Sequence[Quarantined]:
    """All of them, the oldest first."""
    columns = (quarantine.c.system, quarantine.c.reference, quarantine.c.path, quarantine.c.reason, quarantine.c.since)
    rows = connection.execute(select(*columns).order_by(quarantine.c.since, quarantine.c.reference))
    return [Quarantined(row.system, row.reference, row.path, row.reason, row.since) for row in rows]


def raw(store: Store, connection: Connection, system: System, reference: str) -> bytes | None:
    """The record as it came, for support; None when it is not in quarantine."""
    place = (quarantine.c.system == system.value, quarantine.c.reference == reference)
    sealed = connection.execute(select(quarantine.c.raw).where(*place)).scalar_one_or_none()
    return None if sealed is None else store.open(quarantine.c.raw, f"{system.value}/{reference}", sealed)


def _known(connection: Connection, system: System, references: Sequence[str]) -> Mapping[str, Any]:
    wanted = (quarantine.c.system == system.value, quarantine.c.reference.in_(references))
    return {row.reference: row for row in connection.execute(select(quarantine).where(*wanted))}
