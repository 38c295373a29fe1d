"""``causes``: everything that stands still, by cause, with what happens by itself and what a person does next."""

import shlex
from collections.abc import Mapping, Sequence

import typer

from console.advice import STATE_WORDS, advice_on, bars_on, by_itself, offers_retry, shown, to_do
from console.json_output import Json, emit, instant
from console.screen import heading, line
from console.session import AsJson, session_of
from domain.books import Bar
from domain.causes import Cause, CauseCount, Standing

app = typer.Typer()


@app.command(short_help="Why effects stand still, by cause, and what to do next.")
def causes(context: typer.Context, as_json: AsJson = False) -> None:
    """Parked effects, doubts, and effects that failed and wait: by cause, with what to do next about each."""
    with session_of(context).doors.house() as house:
        found = house.needs.intents.causes()
        bars = house.needs.switches.bars()
    total = sum(sum(one.standings.values()) for one in found)
    if as_json:
        emit("causes/1", {"total": total, "causes": [cause_json(one, bars) for one in found]})
        return
    if not found:
        line("No effect is parked, in doubt, or waiting after a failure.")
        return
    stops = "1 cause stops" if len(found) == 1 else f"{len(found)} causes stop"
    line(f"{stops} {total} effect{'' if total == 1 else 's'}.")
    for one in found:
        _show(one, bars)


def _show(one: CauseCount, bars: Sequence[Bar]) -> None:
    """One cause in five lines at most."""
    cause, state = one.cause, shown(one, bars)
    heading(f"{sum(one.standings.values())} {cause.kind} to {cause.target}: {cause.family or 'unknown'} ({cause.code})")
    numbers = ", ".join(f"{one.standings[each]} {each}" for each in Standing if each in one.standings)
    line(f"  {STATE_WORDS[state]} ({numbers}); oldest from {one.oldest:%Y-%m-%d %H:%M} UTC")
    line(f"  {advice_on(cause.family).means}")
    line(f"  By itself: {by_itself(state, cause.family)}")
    line(f"  You: {to_do(state, cause.family)}")
    if (named := offered_as(one, bars)) is not None:
        line(f"  Retry: cii-sync retry --cause {shlex.quote(named)}")


def named_cause(cause: Cause) -> str:
    """A cause as ``retry --cause`` takes it: target, kind and code."""
    return f"{cause.target}/{cause.kind}/{cause.code}"


def offered_as(one: CauseCount, bars: Sequence[Bar]) -> str | None:
    """The name to retry a cause by; None where no retry is offered."""
    on_it = bars_on(one.cause, bars)
    offers = any(offers_retry(standing, one.cause.family, on_it) for standing in one.standings)
    return named_cause(one.cause) if offers else None


def cause_json(one: CauseCount, bars: Sequence[Bar]) -> Mapping[str, Json]:
    """One cause by its codes, with its sentences."""
    state = shown(one, bars)
    return {
        "target": one.cause.target.value,
        "kind": one.cause.kind.value,
        "family": one.cause.family,
        "code": one.cause.code,
        "count": sum(one.standings.values()),
        "standings": {standing.value: number for standing, number in one.standings.items()},
        "state": state.value,
        "oldest": instant(one.oldest),
        "next_due": instant(one.next_due),
        "means": advice_on(one.cause.family).means,
        "by_itself": by_itself(state, one.cause.family),
        "to_do": to_do(state, one.cause.family),
        "retry": offered_as(one, bars),
    }
