"""What a plan would do to which system, and why: the planned effects, grouped. Also what is only observed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.doors import House
from console.json_output import Json
from console.screen import heading, line, table
from domain.compare import Treatment
from domain.intents import IntentState
from domain.work_items import WorkItemState

ALL = 1_000_000
"""More than a plan holds: a plan is shown whole."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Groups with their numbers: effects by (target, effect, why), tasks by (task, role), observed by (facet, ...)."""

    effects: Counter[tuple[str, ...]]
    tasks: Counter[tuple[str, ...]]
    observed: Counter[tuple[str, ...]]


def read_plan(house: House, run_id: str) -> Plan:
    """The plan of a run that waits, and every write that the modes do not allow yet."""
    planned = house.needs.intents.listed(frozenset({IntentState.PLANNED}), None, run_id, ALL)
    tasks = house.needs.work.listed(frozenset({WorkItemState.PLANNED}), None, ALL)
    writes = house.records.findings(None, frozenset({Treatment.WRITE_CII, Treatment.WRITE_PLASTA}))
    return Plan(
        Counter((one.wish.target.value, one.wish.kind.value, one.wish.why) for one in planned),
        Counter((item.ask.kind.value, item.ask.role.value) for item in tasks),
        Counter(
            (one.finding.facet.value, one.finding.proposed or "", one.finding.why)
            for one in writes
            if not one.finding.active
        ),
    )


def show_plan(plan: Plan) -> None:
    """Three tables; an empty one is a sentence."""
    heading("What would be done to which system, and why")
    if plan.effects:
        _counted(("target", "effect", "why"), plan.effects)
    else:
        line("Nothing: no effect is planned.")
    if plan.tasks:
        heading("What people would be asked")
        _counted(("task", "role"), plan.tasks)
    if plan.observed:
        heading("Only observed: the mode of these does not allow writing (cii-sync mode)")
        _counted(("facet", "target", "why"), plan.observed)


def plan_json(plan: Plan) -> Mapping[str, Json]:
    """The plan under the names of its columns."""
    return {
        "effects": _rows(("target", "effect", "why"), plan.effects),
        "tasks": _rows(("task", "role"), plan.tasks),
        "observed": _rows(("facet", "target", "why"), plan.observed),
    }


def _counted(names: Sequence[str], groups: Mapping[tuple[str, ...], int]) -> None:
    """A table of groups, its numbers first."""
    table(("number", *names), ((groups[group], *group) for group in sorted(groups)), numbers=("number",))


def _rows(names: Sequence[str], groups: Mapping[tuple[str, ...], int]) -> list[Mapping[str, Json]]:
    """One object per group."""
    return [{**dict(zip(names, group, strict=True)), "number": groups[group]} for group in sorted(groups)]
