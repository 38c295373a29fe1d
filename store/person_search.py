"""Who is who: cases of a person, and the person of a case, by keyed hash. No number is ever compared in clear."""

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from domain.people import AvsNumber, CaseId, PersonalNumber
from store.case_tables import bindings, cases
from store.case_writing import AVS_NUMBER, PERSONAL_NUMBER
from store.transactions import Store, chunks

_BOUND = bindings.c.ended_at.is_(None)


def cases_of(
    store: Store, connection: Connection, number: PersonalNumber | None, avs_number: AvsNumber | None
) -> Sequence[CaseId]:
    """Cases that carry either number, as the CII software tells it or by a binding, in the order of their ids."""
    person = store.keyring.lookup(PERSONAL_NUMBER, number) if number else None
    avs = store.keyring.lookup(AVS_NUMBER, avs_number) if avs_number else None
    conditions = []
    if person is not None:
        bound = select(bindings.c.case_id).where(bindings.c.person == person, _BOUND)
        conditions += [cases.c.person == person, cases.c.case_id.in_(bound)]
    if avs is not None:
        conditions.append(cases.c.avs == avs)
    if not conditions:
        return []
    rows = connection.execute(select(cases.c.case_id).where(or_(*conditions)).order_by(cases.c.case_id))
    return [CaseId(row.case_id) for row in rows]


def bound_number(store: Store, connection: Connection, case_id: CaseId) -> PersonalNumber | None:
    """The person that a case is bound to."""
    statement = select(bindings.c.binding_id, bindings.c.number).where(bindings.c.case_id == case_id, _BOUND)
    row = connection.execute(statement).one_or_none()
    return None if row is None else PersonalNumber(store.open(bindings.c.number, row.binding_id, row.number).decode())


def bound_cases(
    store: Store, connection: Connection, numbers: Sequence[PersonalNumber]
) -> Sequence[tuple[CaseId, bytes]]:
    """The cases bound to any of these persons, each with the hash of its person."""
    found: list[tuple[CaseId, bytes]] = []
    for chunk in chunks(numbers):
        hashes = [store.keyring.lookup(PERSONAL_NUMBER, number) for number in chunk]
        statement = select(bindings.c.case_id, bindings.c.person).where(bindings.c.person.in_(hashes), _BOUND)
        found += [(CaseId(row.case_id), row.person) for row in connection.execute(statement)]
    return found
