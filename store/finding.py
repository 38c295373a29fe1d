"""Findings: what the last decision found about each case, agreement left out. Both sides' values are sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from domain.compare import Finding, Treatment
from domain.decision import Decision, FacetFinding
from domain.facets import Facet, Target
from domain.people import CaseId
from store.case_tables import findings
from store.codec import SIDES
from store.transactions import Store


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding with its case, and since when the same is found."""

    case_id: CaseId
    since: datetime
    finding: FacetFinding


def replace_findings(
    store: Store, connection: Connection, made: Sequence[Decision], run_id: str, now: datetime
) -> None:
    """The findings of these decisions in place of the earlier ones of their cases."""
    concerned = findings.c.case_id.in_([decision.case_id for decision in made])
    columns = (findings.c.case_id, findings.c.facet, findings.c.finding, findings.c.since)
    earlier = connection.execute(select(*columns).where(concerned)).all()
    since = {(row.case_id, row.facet, row.finding): row.since for row in earlier}
    if earlier:
        connection.execute(delete(findings).where(concerned))
    rows = [
        _row(store, decision.case_id, place, one)
        | {"since": since.get((decision.case_id, one.facet, one.finding), now), "run_id": run_id}
        for decision in made
        for place, one in enumerate(decision.findings)
        if one.finding is not Finding.AGREE and one.treatment is not Treatment.SETTLE
    ]
    if rows:
        connection.execute(insert(findings), rows)


def listed(
    store: Store, connection: Connection, case_id: CaseId | None, kinds: frozenset[Treatment] | None
) -> Sequence[StoredFinding]:
    """Findings of a case (None: of all) with these treatments (None: with any), values opened."""
    statement = select(findings).order_by(findings.c.case_id, findings.c.place)
    if case_id is not None:
        statement = statement.where(findings.c.case_id == case_id)
    if kinds is not None:
        statement = statement.where(findings.c.treatment.in_([kind.value for kind in kinds]))
    return [StoredFinding(row.case_id, row.since, _finding(store, row)) for row in connection.execute(statement)]


def _row(store: Store, case_id: CaseId, place: int, one: FacetFinding) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "place": place,
        "facet": one.facet.value,
        "finding": one.finding.value,
        "treatment": one.treatment.value,
        "sides": store.seal(findings.c.sides, f"{case_id}/{place}", SIDES.dump((one.cii, one.plasta))),
        "proposed": one.proposed.value if one.proposed else None,
        "active": one.active,
        "why": one.why,
    }


def _finding(store: Store, row: Row[Any]) -> FacetFinding:
    place = f"{row.case_id}/{row.place}"
    cii, plasta = SIDES.load(store.open(findings.c.sides, place, row.sides), place)
    return FacetFinding(
        Facet(row.facet),
        Finding(row.finding),
        Treatment(row.treatment),
        cii,
        plasta,
        Target(row.proposed) if row.proposed else None,
        row.active,
        row.why,
    )
