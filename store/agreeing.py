"""Agreements: what the systems last agreed on, per case and facet. The revision rises only with the value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from domain.facets import Facet, FacetValue
from domain.people import CaseId
from store.case_tables import agreements
from store.codec import VALUE
from store.content import hash_of_value
from store.transactions import Store, chunks
from store.upserts import upsert


@dataclass(frozen=True, slots=True)
class Settled:
    """One facet on which both systems say the same now."""

    case_id: CaseId
    facet: Facet
    value: FacetValue


def agree(store: Store, connection: Connection, settled: Sequence[Settled], now: datetime) -> None:
    """Keep what was agreed; an agreement that says the same already is not written."""
    latest = {(one.case_id, one.facet): one for one in settled}
    for chunk in chunks(list(latest.values())):
        known = _known(connection, [one.case_id for one in chunk])
        rows: list[Mapping[str, Any]] = []
        for one in chunk:
            before = known.get((one.case_id, one.facet))
            content = hash_of_value(store.keyring, one.value)
            if before is None or before[1] != content:
                rows.append(_row(store, one, content, before[0] + 1 if before else 1, now))
        upsert(connection, agreements, rows)


def remember(store: Store, connection: Connection, inferred: Sequence[Settled], now: datetime) -> None:
    """Keep what was agreed on before our memory, at revision 0, where nothing is remembered yet."""
    rows: list[Mapping[str, Any]] = []
    for chunk in chunks(inferred):
        known = _known(connection, [one.case_id for one in chunk])
        rows += [
            _row(store, one, hash_of_value(store.keyring, one.value), 0, now)
            for one in chunk
            if (one.case_id, one.facet) not in known
        ]
    upsert(connection, agreements, rows)


def _known(connection: Connection, case_ids: Sequence[CaseId]) -> Mapping[tuple[str, str], tuple[int, bytes]]:
    columns = (agreements.c.case_id, agreements.c.facet, agreements.c.revision, agreements.c.content)
    rows = connection.execute(select(*columns).where(agreements.c.case_id.in_(set(case_ids))))
    return {(row.case_id, row.facet): (row.revision, row.content) for row in rows}


def _row(store: Store, one: Settled, content: bytes, revision: int, now: datetime) -> Mapping[str, Any]:
    place = f"{one.case_id}/{one.facet.value}"
    return {
        "case_id": one.case_id,
        "facet": one.facet.value,
        "value": store.seal(agreements.c.value, place, VALUE.dump(one.value)),
        "content": content,
        "revision": revision,
        "agreed_at": now,
    }
