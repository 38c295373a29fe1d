"""The nightly by hand, sending, and the history of runs. For operators, in English."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

import typer

from console import planned
from console.doors import House
from console.exit_codes import ExitCode
from console.json_output import Json, emit, instant
from console.progress import shown
from console.run_words import figures, seconds
from console.screen import err, heading, line, table
from console.session import AsJson, session_of, wrong_usage
from domain.books import Run, RunState
from domain.intents import Outcome

app = typer.Typer()

Patience = Annotated[
    int, typer.Option("--patience", min=0, max=3600, help="Seconds to wait for what falls due soon.", show_default=True)
]
FOR_A_PERSON = (Outcome.PARKED, Outcome.REFUSED, Outcome.UNKNOWN, Outcome.HALTED)


@app.command()
def nightly(
    context: typer.Context,
    run: Annotated[str, typer.Argument(help="With --apply: the run whose plan to apply. [default: the newest]")] = "",
    plan: Annotated[bool, typer.Option("--plan", help="Make the plan and show it; write nothing outside.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Apply a plan that waits, then send.")] = False,
    everything: Annotated[
        bool, typer.Option("--everything", help="Look up every case again, changed or not (the weekly sweep).")
    ] = False,
    patience: Patience = 120,
    as_json: AsJson = False,
) -> None:
    """Reconcile the CII software and PLASTA now: plan, apply, send. With --plan nothing is written outside."""
    if plan and apply:
        raise wrong_usage("--plan and --apply are two steps: give one of them, or none for both.")
    if (run and not apply) or (apply and everything):
        raise wrong_usage("RUN goes with --apply, and --everything with a new plan.")
    with session_of(context).doors.house() as house:
        if apply:
            raise typer.Exit(_apply(house, run, patience, as_json))
        raise typer.Exit(_run(house, plan, everything, patience, as_json))


def _run(house: House, plan: bool, everything: bool, patience: int, as_json: bool) -> ExitCode:
    """A new run."""
    from scheduler.runner import NightlyOrder  # late: loads the pipelines

    order = NightlyOrder(house.needs.clock(), apply=not plan, everything=everything)
    with shown(quiet=as_json) as progress:
        run = house.runner.nightly(order, progress)
    if run is None:
        line("Refused: this job is running already. See: cii-sync runs", console=err())
        return ExitCode.REFUSED
    if not as_json:
        show_run(run)
    if run.state is RunState.FAILED:
        return _failed(run, as_json)
    if plan:
        return _planned(house, run, as_json)
    return _sent(house, run, patience, as_json)


def _failed(run: Run, as_json: bool) -> ExitCode:
    """A run that did not come to its end: nothing of it is applied, the next one goes on where it was."""
    if as_json:
        emit("nightly/1", {"run": run_json(run), "plan": None, "sent": None})
    line(f"The run failed: {run.message}", console=err())
    line("Nothing of it is applied; the next run goes on where this one was.", console=err())
    return ExitCode.DIFFERENT_OR_FAILED


def _planned(house: House, run: Run, as_json: bool) -> ExitCode:
    """The plan, and how to apply it."""
    plan = planned.read_plan(house, run.run_id)
    if as_json:
        emit("nightly/1", {"run": run_json(run), "plan": planned.plan_json(plan), "sent": None})
        return ExitCode.DONE
    planned.show_plan(plan)
    line()
    line(f"Nothing was written outside. Apply this plan with: cii-sync nightly --apply {run.run_id}")
    return ExitCode.DONE


def _apply(house: House, run_id: str, patience: int, as_json: bool) -> ExitCode:
    """A plan that waits, made real and sent."""
    waiting = [one for one in house.needs.runs.listed() if one.state is RunState.PLANNED]
    chosen = run_id or (waiting[0].run_id if waiting else "")
    if not chosen:
        line("Refused: no plan waits. Make one with: cii-sync nightly --plan", console=err())
        return ExitCode.REFUSED
    ready = house.runner.apply(chosen)
    run = house.needs.runs.find(chosen)
    if not as_json:
        line(f"Applied: {ready} effect(s) are ready to be sent.")
    return _sent(house, run, patience, as_json)


@app.command()
def send(context: typer.Context, patience: Patience = 60, as_json: AsJson = False) -> None:
    """Send what is due now, and what follows from it."""
    with session_of(context).doors.house() as house:
        raise typer.Exit(_sent(house, None, patience, as_json, "send/1"))


def _sent(house: House, run: Run | None, patience: int, as_json: bool, shape: str = "nightly/1") -> ExitCode:
    """Send, and say what came of it."""
    with shown(quiet=as_json) as progress:
        sent = house.runner.send(timedelta(seconds=patience), progress)
    told: Mapping[str, Json] = {"outcomes": dict(sent.outcomes), "waiting": sent.waiting}
    if as_json:
        emit(shape, told if run is None else {"run": run_json(run), "plan": None, "sent": told})
    else:
        show_sent(sent.outcomes, sent.waiting)
    left = any(sent.outcomes.get(outcome) for outcome in FOR_A_PERSON)
    return ExitCode.WAITS if left else ExitCode.DONE


def show_sent(outcomes: Mapping[str, int], waiting: int) -> None:
    """How the attempts ended."""
    heading("Sent")
    if outcomes:
        table(("outcome", "number"), sorted(outcomes.items()), numbers=("number",))
    else:
        line("Nothing was due.")
    if waiting:
        line(f"{waiting} effect(s) are still open: due later, paused, or held for a person (cii-sync intents).")


@app.command()
def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 30,
    as_json: AsJson = False,
) -> None:
    """The runs of scheduled jobs, newest first."""
    with session_of(context).doors.house() as house:
        found = house.needs.runs.listed("", limit)
    if as_json:
        emit("runs/1", {"runs": [run_json(run) for run in found]})
        return
    if not found:
        line("No run so far. Start one with: cii-sync nightly --plan")
        return
    table(
        ("run", "started (UTC)", "state", "seconds", "seen", "changed", "conflicts"),
        ([*_head(run), *(run.counts.get(key, 0) for key in ("seen", "changed", "conflicts"))] for run in found),
        numbers=("seconds", "seen", "changed", "conflicts"),
    )
    for run in found:
        if run.message:
            line(f"{run.run_id}: {run.message}")


def show_run(run: Run) -> None:
    """One run with its figures."""
    heading(f"Run {run.run_id} ({run.job}): {run.state}")
    table(("what", "number"), figures(run), numbers=("number",))


def _head(run: Run) -> list[object]:
    """Id, time, state and length of a run."""
    took = seconds(run)
    return [run.run_id, f"{run.started_at:%d.%m. %H:%M}", run.state, "" if took is None else f"{took:.0f}"]


def run_json(run: Run) -> Mapping[str, Json]:
    """One run with all its figures."""
    return {
        "id": run.run_id,
        "job": run.job,
        "state": run.state.value,
        "due_at": instant(run.due_at),
        "started_at": instant(run.started_at),
        "ended_at": instant(run.ended_at),
        "counts": dict(run.counts),
        "message": run.message,
    }
