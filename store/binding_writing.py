"""Bindings of a case to a person: at most one at a time, the earlier ones kept with their end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from domain.people import CaseId, PersonalNumber
from store.case_tables import bindings
from store.case_writing import PERSONAL_NUMBER
from store.ids import new_id
from store.transactions import Store


def bind(store: Store, connection: Connection, numbers: Mapping[CaseId, PersonalNumber | None], now: datetime) -> None:
    """Bind cases to these persons; None ends a binding. A binding that stands already is left alone."""
    if not numbers:
        return
    standing = select(bindings).where(bindings.c.case_id.in_(list(numbers)), bindings.c.ended_at.is_(None))
    open_ones = {row.case_id: row for row in connection.execute(standing)}
    ended: list[Mapping[str, Any]] = []
    made: list[Mapping[str, Any]] = []
    for case_id, number in numbers.items():
        person = store.keyring.lookup(PERSONAL_NUMBER, number) if number else None
        before = open_ones.get(case_id)
        if before is not None and before.person != person:
            ended.append({"binding": before.binding_id, "at": now})
        if number and person and (before is None or before.person != person):
            made.append(_row(store, case_id, number, person, now))
    if ended:
        end = update(bindings).where(bindings.c.binding_id == bindparam("binding")).values(ended_at=bindparam("at"))
        connection.execute(end, ended)
    if made:
        connection.execute(insert(bindings), made)


def _row(store: Store, case_id: CaseId, number: PersonalNumber, person: bytes, now: datetime) -> Mapping[str, Any]:
    binding_id = new_id("B", now)
    return {
        "binding_id": binding_id,
        "case_id": case_id,
        "number": store.seal(bindings.c.number, binding_id, number.encode()),
        "person": person,
        "bound_at": now,
        "ended_at": None,
    }
