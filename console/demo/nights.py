"""A nightly of the demonstration: the plan with its reasons, applied and sent, and its table."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from console import planned
from console.demo.tally import Done, ours
from console.doors import House
from console.progress import shown
from console.screen import heading, line, table
from domain.books import Run, RunState
from domain.errors import UnavailableError
from scheduler.runner import NightlyOrder

PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Night:
    """One nightly: its run, what became of its effects, our numbers before and after, and how long it took."""

    run: Run
    outcomes: Counter[str]
    before: Done
    after: Done
    seconds: float


def night(house: House, *, explain: bool) -> Night:
    """Plan, show the plan where asked, apply, send."""
    before, started = ours(house), time.monotonic()
    with shown(quiet=False) as progress:
        run = house.runner.nightly(NightlyOrder(house.needs.clock(), apply=False), progress)
    if run is None or run.state is not RunState.PLANNED:
        message = run.message if run else "another run of the nightly is open"
        raise UnavailableError(message, system="cii-sync", operation="nightly")
    planning = time.monotonic() - started
    if explain:
        planned.show_plan(planned.read_plan(house, run.run_id))
    started = time.monotonic()
    house.runner.apply(run.run_id)
    with shown(quiet=False) as progress:
        sent = house.runner.send(PATIENCE, progress)
    seconds = planning + time.monotonic() - started
    return Night(run, Counter(sent.outcomes), before, ours(house), seconds)


def show(title: str, done: Night) -> None:
    """The table of the issue: seen, agreed, changed, conflicts, quarantined, keywords, registrations, mails."""
    heading(title)
    table(("what", "number"), rows(done), numbers=("number",))
    if strange := [outcome for outcome in done.outcomes if outcome not in {"done", "already_so"}]:
        line("Not everything went through: " + ", ".join(sorted(strange)) + " (cii-sync intents)")


def rows(done: Night) -> Sequence[tuple[str, str]]:
    """Its rows. What was done in this night is the difference of our numbers before and after."""
    counts = done.run.counts
    effects = done.after.effects - done.before.effects
    numbers = {
        "cases seen": counts.get("seen", 0),
        "compared": counts.get("decided", 0),
        "agreed": counts.get("agreed", 0),
        "changed": counts.get("changed", 0),
        "conflicts": counts.get("conflicts", 0),
        "left to a person": counts.get("to_a_person", 0),
        "not allowed to know (no legal basis)": counts.get("not_allowed", 0),
        "quarantined": counts.get("quarantined", 0),
        "keywords set": effects["keywords set"],
        "write-backs": effects["write-backs"],
        "registrations asked for": counts.get("registrations_asked", 0),
        "mails sent": done.after.messages - done.before.messages,
    }
    return [*((what, str(number)) for what, number in numbers.items()), ("seconds", f"{done.seconds:.1f}")]
