"""Stop at once where going on does harm: a wrong login locks the account, a broken contract misleads.

A halt stops every call to its target, reads included, until a person lifts it; a pause stops effects only.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.books import Bar
from domain.errors import HALTING, HaltKind, HaltTarget, SyncError, UnavailableError
from domain.facets import Target
from domain.failpoints import failpoint
from domain.intents import IntentKind
from domain.work_items import Ask, Role, WorkItemKind
from pipelines.needs import Needs


@contextmanager
def careful(target: Target, needs: Needs) -> Iterator[None]:
    """Ask a target something, unless it is halted; a failure that must stop everything halts it, and is raised on."""
    demand_open(target, needs)
    try:
        yield
    except HALTING as error:
        halt(HaltTarget(), error, target, None, needs)
        raise


def demand_open(target: Target, needs: Needs) -> None:
    """Raise ``UnavailableError`` when a target is halted: nobody asks it anything until the halt is lifted."""
    for bar in needs.switches.bars():
        if bar.halted and bar.target is target and bar.kind is None:
            raise UnavailableError(
                f"halted since {bar.since:%Y-%m-%d %H:%M} UTC: {bar.reason}", system=target.value, code="halted"
            )


def halt(move: HaltKind | HaltTarget, error: SyncError, target: Target, kind: IntentKind | None, needs: Needs) -> None:
    """Record a halt of a target, or of one kind of intent there, and tell operations once."""
    now = needs.clock()
    bar = Bar(target, kind if isinstance(move, HaltKind) else None, error.message, "cii-sync", now, halted=True)
    mark = f"{target}:{bar.kind or 'all'}"
    due = needs.calendar.add_working_days(needs.calendar.today(now), 1)
    ask = Ask(f"{WorkItemKind.TARGET_HALTED}:{mark}", WorkItemKind.TARGET_HALTED, Role.OPS, None, due, bar.reason)
    needs.work.open(ask, now)  # first, so that no halt ever stands untold; its key keeps it from being told twice
    failpoint("halt.told")
    needs.switches.halt(bar)
