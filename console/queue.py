"""Intents: what is meant to take effect elsewhere, and what a person does about one. For operators, in English."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from console.doors import House
from console.endings import end_tasks
from console.exit_codes import ExitCode
from console.json_output import Json, emit, instant
from console.screen import err, heading, line, table
from console.session import AsJson, Reason, reason_given, session_of, wrong_usage
from domain.errors import NotFoundError
from domain.intents import Attempt, Intent, IntentState
from domain.people import CaseId
from domain.work_items import WorkItemKind

app = typer.Typer()

IntentId = Annotated[str, typer.Argument(help="Id of the intent, from: cii-sync intents")]


@app.command(short_help="Effects meant for other systems and people, newest first.")
def intents(
    context: typer.Context,
    intent: Annotated[str, typer.Argument(help="One intent, with all its attempts.")] = "",
    state: Annotated[list[IntentState] | None, typer.Option(help="Only in this state; may be given again.")] = None,
    case: Annotated[str, typer.Option(help="Only of this case.")] = "",
    run: Annotated[str, typer.Option(help="Only of this run.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, newest first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Effects that we mean to have in another system or on a person, newest first; one with its attempts."""
    with session_of(context).doors.house() as house:
        if intent:
            _one(house, intent, as_json)
            return
        states = frozenset(state) if state else None
        found = house.needs.intents.listed(states, CaseId(case) if case else None, run, limit)
        counts = house.needs.intents.counts(run)
    totals = Counter[str]()
    for (_, _, stands), number in counts.items():
        totals[stands.value] += number
    if as_json:
        emit("intents/1", {"totals": dict(totals), "intents": [intent_json(one) for one in found]})
        return
    _show(found, totals)


def _show(found: Sequence[Intent], totals: Mapping[str, int]) -> None:
    """Totals of everything, then the rows that were asked for."""
    if totals:
        line("In all: " + ", ".join(f"{number} {state}" for state, number in sorted(totals.items())))
    if not found:
        line("No intent fits.")
        return
    table(
        ("intent", "case", "target", "effect", "tries", "state"),
        (_row(one) for one in found),
        numbers=("tries",),
    )


def _row(one: Intent) -> list[object]:
    """The cells of an intent, without its payload."""
    state = f"{one.state} ({one.last_code})" if one.last_code else one.state
    return [one.intent_id, one.wish.case_id, one.wish.target, one.wish.kind, one.attempts, state]


def _one(house: House, intent_id: str, as_json: bool) -> None:
    """One intent and its attempts."""
    found = _found(house, intent_id)
    attempts = house.needs.intents.attempts(intent_id)
    if as_json:
        emit("intent/1", {**intent_json(found), "attempts": [attempt_json(one) for one in attempts]})
        return
    heading(f"{found.wish.kind} to {found.wish.target} for {found.wish.case_id}: {found.state}")
    line(f"why: {found.wish.why}")
    line(f"legal basis: {found.wish.basis}")
    if found.last_message:
        line(f"last: {found.last_message}")
    table(
        ("attempt", "started (UTC)", "outcome", "worker", "code"),
        (
            (one.number, f"{one.started_at:%Y-%m-%d %H:%M:%S}", one.outcome or "no end recorded", one.worker, one.code)
            for one in attempts
        ),
    )


def _found(house: House, intent_id: str) -> Intent:
    """The intent; ``NotFoundError`` when there is none of that id."""
    found = house.needs.intents.find(intent_id)
    if found is None:
        raise NotFoundError("there is no intent of this id", system="cii-sync", reference=intent_id)
    return found


@app.command(short_help="End a doubt about an effect: it arrived, or it did not.")
def answer(
    context: typer.Context,
    intent: IntentId,
    reason: Reason,
    arrived: Annotated[bool, typer.Option("--arrived", help="It took effect: never repeat it.")] = False,
    again: Annotated[bool, typer.Option("--again", help="It did not take effect: send it again.")] = False,
) -> None:
    """End a doubt, after looking at the target yourself: the effect is there, or it is not."""
    if arrived is again:
        raise wrong_usage("Say either --arrived or --again.")
    words = reason_given(reason)
    doors = session_of(context).doors
    with doors.house() as house:
        found = _found(house, intent)
        now = house.needs.clock()
        if not house.needs.intents.answer_unknown(intent, now, doors.who(), words, arrived=arrived):
            line(f"Refused: the intent is {found.state}; there is no doubt about it.", console=err())
            raise typer.Exit(ExitCode.REFUSED)
        end_tasks(house, [f"{WorkItemKind.SETTLE_UNKNOWN}:{intent}"], words, doors.who())
    line("Recorded as done." if arrived else "Ready again. Send it now with: cii-sync send")


def intent_json(one: Intent) -> Mapping[str, Json]:
    """An intent without its payload, which may be personal."""
    return {
        "id": one.intent_id,
        "case": one.wish.case_id,
        "target": one.wish.target.value,
        "kind": one.wish.kind.value,
        "facet": one.wish.facet.value,
        "state": one.state.value,
        "order": one.order,
        "attempts_counted": one.attempts,
        "due_at": instant(one.due_at),
        "created_at": instant(one.created_at),
        "run": one.run_id or None,
        "why": one.wish.why,
        "basis": one.wish.basis,
        "last_code": one.last_code,
        "last_message": one.last_message,
    }


def attempt_json(one: Attempt) -> Mapping[str, Json]:
    """One try."""
    return {
        "number": one.number,
        "started_at": instant(one.started_at),
        "ended_at": instant(one.ended_at),
        "outcome": one.outcome.value if one.outcome else None,
        "worker": one.worker,
        "code": one.code,
        "message": one.message,
    }
