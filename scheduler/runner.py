"""What a runner is: the same jobs, run here in threads or carried to workers by Celery. It only moves ids."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from domain.books import Request, Run
from domain.intents import Intent
from domain.people import CaseId
from pipelines import nightly_reconcile
from pipelines.needs import Progress


@dataclass(frozen=True, slots=True)
class NightlyOrder:
    """A nightly as it is asked for. ``apply`` False makes the plan only; ``everything`` looks every case up."""

    due_at: datetime
    apply: bool = True
    everything: bool = False

    @property
    def job(self) -> str:
        """The job that does it."""
        return nightly_reconcile.FULL_SWEEP if self.everything else nightly_reconcile.NIGHTLY


@dataclass(slots=True)
class Sent:
    """What sending came to. ``waiting`` are open intents that fall due later than we were willing to wait."""

    outcomes: dict[str, int] = field(default_factory=dict)
    waiting: int = 0


class Runner(Protocol):
    """The doors that the console knocks on."""

    def nightly(self, order: NightlyOrder, progress: Progress) -> Run | None:
        """Plan, and apply where ordered; None when this run ran already or another one is running."""
        ...

    def apply(self, run_id: str) -> int:
        """Apply a plan that waits; how many intents are ready now. ``NotFoundError`` if none waits."""
        ...

    def send(self, patience: timedelta, progress: Progress) -> Sent:
        """Send what is due and what follows from it, waiting at most ``patience`` for what falls due soon."""
        ...

    def check(self, case_id: CaseId, by: str, patience: timedelta) -> tuple[Request, bool]:
        """Answer a check (C1-C3): the request (unanswered if it took too long), and whether it repeats one."""
        ...

    def notice(self, case_id: CaseId, patience: timedelta) -> Sequence[Intent]:
        """Read one case afresh and send its reinsertion mail if the tandem confirmed it (C10)."""
        ...
