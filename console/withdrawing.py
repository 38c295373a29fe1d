"""``withdraw`` and ``restore``: end an intent that shall never be sent, and take that back. In English."""

from typing import Annotated

import typer

from console.doors import House
from console.exit_codes import ExitCode
from console.screen import err, line
from console.session import Reason, reason_given, session_of
from domain.causes import UNDO_WITHIN
from domain.errors import NotFoundError
from domain.intents import Intent, IntentState
from domain.work_items import Ask, Role, WorkItemKind

app = typer.Typer()

IntentId = Annotated[str, typer.Argument(help="Id of the intent, from: cii-sync intents")]


@app.command(short_help="End an effect for good: it is never sent.")
def withdraw(context: typer.Context, intent: IntentId, reason: Reason) -> None:
    """End a parked, ready or held intent for good, with a reason; can be taken back for thirty days."""
    words, doors = reason_given(reason), session_of(context).doors
    with doors.house() as house:
        found = _found(house, intent)
        if not house.needs.intents.withdraw(intent, house.needs.clock(), doors.who(), words):
            line(f"Refused: the intent is {found.state}. {WHY_NOT.get(found.state, OVER)}", console=err())
            raise typer.Exit(ExitCode.REFUSED)
    line(f"Withdrawn. Take it back within {UNDO_WITHIN.days} days with: cii-sync restore {intent} --reason '...'")


@app.command(short_help="Take a withdrawal back, within thirty days.")
def restore(context: typer.Context, intent: IntentId, reason: Reason) -> None:
    """Take a withdrawal back: the intent is parked, and a person decides what becomes of it."""
    words, doors = reason_given(reason), session_of(context).doors
    with doors.house() as house:
        found = _found(house, intent)
        if not house.needs.intents.restore(_ask(house, found), intent, house.needs.clock(), doors.who(), words):
            late = found.state is IntentState.WITHDRAWN
            why = f"it was withdrawn more than {UNDO_WITHIN.days} days ago" if late else f"it is {found.state}"
            line(f"Refused: {why}.", console=err())
            raise typer.Exit(ExitCode.REFUSED)
    line(f"Parked again. Decide: cii-sync retry {intent}, or cii-sync withdraw {intent} --reason '...'")


OVER = "It is over, and cannot be withdrawn."
WHY_NOT = {
    IntentState.CLAIMED: "A worker has it in its hands: wait until this attempt has ended.",
    IntentState.UNKNOWN: "It is looked at by itself; wait, or say: cii-sync answer ID --arrived | --again",
    IntentState.PLANNED: "Its plan is not applied; the next nightly decides it afresh.",
    IntentState.PARKED: "Somebody moved it at this moment. Look again.",
    IntentState.READY: "Somebody took it at this moment. Look again.",
}
"""By state as it was just before; the last two lost a race."""


def _found(house: House, intent_id: str) -> Intent:
    """The intent; ``NotFoundError`` when there is none of that id."""
    found = house.needs.intents.find(intent_id)
    if found is None:
        raise NotFoundError("there is no intent of this id", system="cii-sync", reference=intent_id)
    return found


def _ask(house: House, found: Intent) -> Ask:
    """What operations are asked about an intent that is parked again, as after a failure."""
    needs, kind = house.needs, WorkItemKind.LOOK_AT_PARKED
    due = needs.calendar.add_working_days(needs.calendar.today(needs.clock()), 1)
    about = f"{found.wish.kind}: restored"
    return Ask(f"{kind}:{found.intent_id}", kind, Role.OPS, found.wish.case_id, due, about)
