"""``retry``: one parked intent, or all parked ones of a cause as they were looked at before. In English."""

from collections.abc import Mapping
from typing import Annotated

import typer

from console.endings import end_tasks
from console.exit_codes import ExitCode
from console.json_output import Json, emit, instant
from console.pinning import Chosen, cause_given, chosen, stretch_given
from console.screen import err, line
from console.session import AsJson, reason_given, session_of, wrong_usage
from domain.causes import Batch, Cause, Stretch
from domain.errors import NotFoundError
from domain.intents import IntentState
from domain.work_items import WorkItemKind

app = typer.Typer()


@app.command(short_help="Offer a parked intent, or those of a cause, again.")
def retry(  # noqa: PLR0913, PLR0917 - each option is a parameter to Typer
    context: typer.Context,
    intent: Annotated[str, typer.Argument(help="Id of one intent, from: cii-sync intents")] = "",
    cause: Annotated[str, typer.Option(help="All parked ones of a cause, TARGET/KIND/CODE from: cii-sync causes")] = "",
    since: Annotated[str, typer.Option(help="Parked on this day or later, yyyy-mm-dd.")] = "",
    until: Annotated[str, typer.Option(help="Parked on this day or earlier.")] = "",
    yes: Annotated[bool, typer.Option("--yes/--preview", help="Do it, for exactly the list of a preview.")] = False,
    pinned: Annotated[str, typer.Option(help="The mark that the preview gave its list.")] = "",
    reason: Annotated[str, typer.Option(help="Why; kept with your name and the time.")] = "",
    as_json: AsJson = False,
) -> None:
    """Offer a parked intent again once its cause is corrected, or all parked ones of a cause after a preview.

    Each is decided on again just before it is sent: what is not wanted or not allowed any more does not go.
    """
    if bool(intent) == bool(cause):
        raise wrong_usage("Name one intent, or a cause with --cause TARGET/KIND/CODE (see: cii-sync causes).")
    if intent:
        if yes or pinned or reason or since or until or as_json:
            raise wrong_usage("--yes, --pinned, --since, --until, --reason and --json belong to --cause.")
        _one(context, intent)
        return
    named, stretch = cause_given(cause), stretch_given(since, until)
    if not yes:
        from console import previewing  # late: --help needs no pipelines

        with session_of(context).doors.house() as house:
            previewing.show(chosen(house, named, stretch), house.needs, as_json)
        return
    if not pinned:
        raise wrong_usage("--yes acts on a list that was looked at: give its mark with --pinned, from the preview.")
    _act(context, named, stretch, pinned, reason_given(reason), as_json)


def _one(context: typer.Context, intent: str) -> None:
    """One intent, in whatever cause."""
    doors = session_of(context).doors
    with doors.house() as house:
        found = house.needs.intents.find(intent)
        if found is None:
            raise NotFoundError("there is no intent of this id", system="cii-sync", reference=intent)
        now = house.needs.clock()
        if not house.needs.intents.retry(intent, now, doors.who()):
            line(f"Refused: the intent is {found.state}, and only a parked one is retried.", console=err())
            if found.state is IntentState.UNKNOWN:
                line("Look whether it arrived, then: cii-sync answer ID --arrived | --again", console=err())
            raise typer.Exit(ExitCode.REFUSED)
        end_tasks(house, [f"{WorkItemKind.LOOK_AT_PARKED}:{intent}"], "retried", doors.who())
    line("Ready again. Send it now with: cii-sync send")


def _act(context: typer.Context, cause: Cause, stretch: Stretch, pin: str, reason: str, as_json: bool) -> None:
    """Offer the list of the preview again, if it still is that list; a list that was offered is not offered twice."""
    doors = session_of(context).doors
    with doors.house() as house:
        batch = house.needs.intents.batch(pin)
        number = len(batch.offered) if batch else 0
        if batch is None:
            list_now = chosen(house, cause, stretch)
            _demand_same(list_now, pin)
            number = len(list_now.pinned)
            batch = house.needs.intents.retry_pinned(list_now.pinned, house.needs.clock(), doors.who(), reason)
    left = max(number - len(batch.offered), 0)
    if as_json:
        emit("retry_batch/1", batch_json(batch, left))
        return
    if batch.before:
        line(f"Already done on {batch.at:%Y-%m-%d %H:%M} UTC by {batch.by}; nothing is done a second time.")
    line(f"{len(batch.offered)} ready again (reference {batch.pin}). Send them now with: cii-sync send")
    if left:
        line(f"{left} left out: somebody moved them, or they were tried, while this was done.")


def _demand_same(list_now: Chosen, pin: str) -> None:
    """End with a clear word when the list is another one than was looked at, or its target is halted."""
    if list_now.halted is not None:
        line(f"Refused: halted ({list_now.halted.reason}). First: cii-sync resume TARGET.", console=err())
        raise typer.Exit(ExitCode.REFUSED)
    if list_now.pin != pin or not list_now.pinned:
        line("Refused: the list is not the one of that preview any more; nothing was done.", console=err())
        line(f"It has {len(list_now.pinned)} intents now. Look again with --preview, or bound it with --until.")
        raise typer.Exit(ExitCode.REFUSED)


def batch_json(batch: Batch, left: int) -> Mapping[str, Json]:
    """What was done, by its codes."""
    return {
        "pinned": batch.pin,
        "at": instant(batch.at),
        "by": batch.by,
        "reason": batch.reason,
        "done": list(batch.offered),
        "left_out": left,
        "before": batch.before,
    }
