"""Send until nothing is due: dispatch, decide again what was touched, and wait a little for what falls due soon."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from domain.failpoints import failpoint
from domain.intents import OPEN
from pipelines.deciding import decide_again, decide_what_follows
from pipelines.dispatch import dispatch
from pipelines.needs import Needs, Progress
from scheduler.runner import Sent

Item = TypeVar("Item")
Answer = TypeVar("Answer")

SHORTEST_WAIT = 0.05
"""Seconds; so that a due time a moment ahead is not asked for in a tight loop."""


class Wait(Protocol):
    """Waits some seconds, or less when it is asked to stop."""

    def __call__(self, seconds: float, /) -> object:
        """Return when the time is over; a true answer means that the process is to end (``threading.Event.wait``)."""
        ...


@dataclass(frozen=True, slots=True)
class ThreadSpread:
    """Runs work over items on a pool of threads; the calls wait for the network, so threads are enough."""

    pool: ThreadPoolExecutor

    def __call__(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> Sequence[Answer]:
        """Every answer, in the order of the items; each thread carries the correlation id of whoever asked."""
        if len(items) == 1:
            return [work(items[0])]
        contexts = [copy_context() for _ in items]
        return list(self.pool.map(lambda item, context: context.run(work, item), items, contexts))


def send_all(needs: Needs, worker: str, patience: timedelta, progress: Progress, wait: Wait) -> Sent:
    """Send everything due, and all that follows from it.

    After ``patience`` what only fails and falls due again is left to the next round; what succeeds is carried on.
    Asked to stop, it ends between two rounds: what was claimed is finished, the rest stays due.
    """
    deadline = needs.clock() + patience
    decide_what_follows(needs)
    outcomes: Counter[str] = Counter()
    while not wait(0):
        began = needs.clock()
        report = dispatch(needs, worker)
        decide_again(sorted(report.touched), needs)
        failpoint("sending.followed_up")
        outcomes.update({outcome.value: count for outcome, count in report.outcomes.items()})
        progress("send", outcomes.total(), None)
        if report.touched or (report.claimed and needs.clock() < deadline):
            continue
        due = needs.intents.next_due()
        if due is None or not _soon(due, began, deadline):
            break
        wait(max(SHORTEST_WAIT, (due - needs.clock()).total_seconds()))
    return Sent(dict(outcomes), _waiting(needs))


def _soon(due: datetime, began: datetime, deadline: datetime) -> bool:
    """Due within our patience; what was due when the round began and was not claimed waits for something else."""
    return began < due <= deadline


def _waiting(needs: Needs) -> int:
    """How many intents are still open."""
    return sum(count for (_, _, state), count in needs.intents.counts().items() if state in OPEN)
