"""``mode``, ``pause`` and ``resume``: what may be written where, and what stands still. For operators, in English."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from console.doors import House
from console.endings import end_tasks
from console.exit_codes import ExitCode
from console.json_output import Json, day, emit, instant
from console.screen import heading, line, table
from console.session import AsJson, Reason, reason_given, session_of, wrong_usage
from domain.books import Bar
from domain.compare import OWNERSHIP
from domain.decision import Mode
from domain.facets import Facet, Target
from domain.work_items import WorkItemKind

app = typer.Typer()

SWITCHES: Mapping[tuple[Facet, Target], str] = {
    (Facet.REGISTRATION, Target.CII): "show PLASTA's registration in the CII software (C1)",
    (Facet.DEREGISTRATION, Target.CII): "show PLASTA's de-registration in the CII software",
    (Facet.KEYWORD, Target.PLASTA): "set the keyword in PLASTA (C2), remove it where the setting says so (C13)",
    (Facet.KEYWORD_STATE, Target.CII): "show in the CII software whether PLASTA has the keyword (C2)",
    (Facet.REINSERTION, Target.MAIL): "send the reinsertion mail to the office, copy to the coordinator (C10)",
    (Facet.REGISTRATION, Target.MAIL): "send a mail without personal data to the ORP of a person to register (C3)",
    (Facet.REGISTRATION, Target.PLASTA): "ask PLASTA for a registration, where the setting allows it (C3)",
}
"""Everything that can be switched on; :data:`domain.compare.OWNERSHIP` says which mirrors exist."""


class Position(StrEnum):
    """The two positions of a switch."""

    ACTIVE = "active"
    OBSERVE = "observe"


def targets_named(name: str) -> Target | None:
    """The target of that name; None for ``all``."""
    if name == "all":
        return None
    if name not in set(Target):
        raise wrong_usage(f"There is no target '{name}': {', '.join(Target)}, or all.")
    return Target(name)


TargetName = Annotated[str, typer.Argument(help=f"One of {', '.join(Target)}, or all.", metavar="TARGET")]


@app.command(short_help="What may be written where; switch to active or observe.")
def mode(
    context: typer.Context,
    facet: Annotated[Facet | None, typer.Argument(help="What is written.")] = None,
    target: Annotated[Target | None, typer.Argument(help="Where.")] = None,
    position: Annotated[Position | None, typer.Argument(help="Write, or only observe.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with your name and the time.")] = "",
    since: Annotated[
        str, typer.Option("--from", help="First day that counts, yyyy-mm-dd. [default for mails: today]")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """What may be written where. Without arguments: the list; nothing is written until it is switched to active."""
    doors = session_of(context).doors
    if facet is None:
        with doors.house() as house:
            _list(house, as_json)
        return
    if target is None or position is None:
        raise wrong_usage("Say what, where and how: cii-sync mode keyword plasta active --reason '...'")
    if (facet, target) not in SWITCHES:
        known = ", ".join(f"{one} {where}" for one, where in SWITCHES)
        raise wrong_usage(f"Nothing is ever written from {facet} to {target}. The switches are: {known}.")
    words = reason_given(reason)
    first = _day(since)
    with doors.house() as house:
        now = house.needs.clock()
        if first is None and target is Target.MAIL and position is Position.ACTIVE:
            first = house.needs.calendar.today(now)
        chosen = Mode(active=position is Position.ACTIVE, since=first)
        house.needs.switches.set_mode(facet, target, chosen, reason=words, by=doors.who(), now=now)
    line(_told(facet, target, chosen))


def _day(text: str) -> date | None:
    """A day as yyyy-mm-dd or dd.mm.yyyy."""
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise wrong_usage("--from takes a day such as 2026-11-22.")


def _told(facet: Facet, target: Target, chosen: Mode) -> str:
    """What holds from now on."""
    if not chosen.active:
        return f"{facet} to {target}: only observed from now on."
    first = f", for what happens from {chosen.since.isoformat()} on" if chosen.since else ""
    return f"{facet} to {target}: active{first}. Pending cases are decided again by the next run."


def _list(house: House, as_json: bool) -> None:
    """All switches, and what is paused or halted."""
    modes, bars = house.needs.switches.modes(), house.needs.switches.bars()
    if as_json:
        rows = [_mode_json(facet, target, modes.get((facet, target), Mode())) for facet, target in SWITCHES]
        emit("mode/1", {"modes": rows, "bars": [bar_json(bar) for bar in bars]})
        return
    table(("facet", "target", "mode", "from", "what it does"), (_row(pair, modes) for pair in SWITCHES))
    show_bars(bars)


def _row(pair: tuple[Facet, Target], modes: Mapping[tuple[Facet, Target], Mode]) -> tuple[str, ...]:
    """One switch."""
    chosen = modes.get(pair, Mode())
    position = Position.ACTIVE if chosen.active else Position.OBSERVE
    return *pair, position, chosen.since.isoformat() if chosen.since else "", SWITCHES[pair]


def _mode_json(facet: Facet, target: Target, chosen: Mode) -> Mapping[str, Json]:
    """One switch by its codes."""
    position = Position.ACTIVE if chosen.active else Position.OBSERVE
    return {"facet": facet.value, "target": target.value, "mode": position.value, "from": day(chosen.since)}


def show_bars(bars: Sequence[Bar]) -> None:
    """What stands still, and how to set it going."""
    if not bars:
        return
    heading("Standing still (cii-sync resume TARGET --reason '...')")
    table(("target", "effect", "why", "by", "since (UTC)"), (_bar_row(bar) for bar in bars))


def _bar_row(bar: Bar) -> tuple[str, ...]:
    """One pause or halt."""
    word = "halted" if bar.halted else "paused"
    by = f"{word} by {bar.by}"
    return bar.target or "all", bar.kind or "all", bar.reason, by, f"{bar.since:%Y-%m-%d %H:%M}"


def bar_json(bar: Bar) -> Mapping[str, Json]:
    """One pause or halt by its codes."""
    return {
        "target": bar.target.value if bar.target else None,
        "kind": bar.kind.value if bar.kind else None,
        "halted": bar.halted,
        "reason": bar.reason,
        "by": bar.by,
        "since": instant(bar.since),
    }


@app.command(short_help="Stop a target, or everything, at once.")
def pause(context: typer.Context, target: TargetName, reason: Reason) -> None:
    """Stop a target, or everything, at once: nothing more is sent there; reading and deciding go on."""
    where, words, doors = targets_named(target), reason_given(reason), session_of(context).doors
    with doors.house() as house:
        house.needs.switches.pause(where, reason=words, by=doors.who(), now=house.needs.clock())
    line(f"Paused: {target}. What waits there keeps its place. Go on with: cii-sync resume {target} --reason '...'")


@app.command(short_help="Lift the pauses and halts of a target, or all of them.")
def resume(context: typer.Context, target: TargetName, reason: Reason) -> None:
    """Lift the pauses and halts of a target, or all of them."""
    where, words, doors = targets_named(target), reason_given(reason), session_of(context).doors
    with doors.house() as house:
        barred = [bar for bar in house.needs.switches.bars() if where in (None, bar.target)]
        lifted = house.needs.switches.resume(where, reason=words, by=doors.who(), now=house.needs.clock())
        keys = [f"{WorkItemKind.TARGET_HALTED}:{bar.target}:{bar.kind or 'all'}" for bar in barred if bar.halted]
        end_tasks(house, keys, words, doors.who())
        left = [] if where is None else [bar for bar in house.needs.switches.bars() if bar.target is None]
    line(f"Lifted: {lifted}." if lifted else "Nothing was paused or halted there.")
    if left:
        line("Everything is still paused: cii-sync resume all --reason '...'")
    raise typer.Exit(ExitCode.DONE)


MIRRORS = frozenset((facet, Target.CII) for facet, row in OWNERSHIP.items() if row.writes_cii)
"""Switches that must be in :data:`SWITCHES`, for a test."""
