"""Plans: intents and work items that wait to be applied, or are dropped so that their cases are decided afresh."""

from datetime import datetime

from sqlalchemy import Connection, case, delete, select, union, update

from domain.books import RunState
from domain.intents import IntentState
from domain.work_items import WorkItemState
from store.case_tables import decisions
from store.wishing import CONSENT
from store.work_tables import intents, runs, work_items

_PLANNED = intents.c.state == IntentState.PLANNED.value
_PLANNED_ITEM = work_items.c.state == WorkItemState.PLANNED.value

DISCARDED = "the plan was not applied; its cases are decided afresh"


def apply_plan(connection: Connection, run_id: str, now: datetime) -> int:
    """Turn a run's plan into intents that are due now and open work items; returns the number of intents."""
    opened = {"state": WorkItemState.OPEN.value, "opened_at": now}
    connection.execute(update(work_items).where(_PLANNED_ITEM, work_items.c.run_id == run_id).values(opened))
    ready = {"state": IntentState.READY.value, "due_at": now}
    return connection.execute(update(intents).where(_PLANNED, intents.c.run_id == run_id).values(ready)).rowcount


def discard_plans(connection: Connection) -> int:
    """Drop every plan; returns the number of intents. One that was tried before returns to how it stood."""
    planned = union(
        select(intents.c.case_id).where(_PLANNED), select(work_items.c.case_id).where(_PLANNED_ITEM)
    ).subquery()
    connection.execute(delete(decisions).where(decisions.c.case_id.in_(select(planned.c.case_id))))
    connection.execute(delete(work_items).where(_PLANNED_ITEM))
    parked_or_overtaken = case(
        (intents.c.last_code == CONSENT, IntentState.PARKED.value), else_=IntentState.OVERTAKEN.value
    )
    tried = update(intents).where(_PLANNED, intents.c.token > 0).values(state=parked_or_overtaken)
    dropped = connection.execute(tried).rowcount
    dropped += connection.execute(delete(intents).where(_PLANNED)).rowcount
    waiting = runs.c.state == RunState.PLANNED.value
    connection.execute(update(runs).where(waiting).values(state=RunState.DONE.value, message=DISCARDED))
    return dropped
