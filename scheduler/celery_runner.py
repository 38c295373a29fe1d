"""The Celery runner: hands ids to workers and reads the answers from the database, where they would be anyway."""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from config.settings import Settings
from domain.books import Request, Run, RunState
from domain.intents import OPEN, SETTLED, Intent, IntentState
from domain.people import CaseId
from pipelines import nightly_reconcile, registration_check, reinsertion_notice
from pipelines.needs import Needs, Progress
from scheduler.bell import Bell
from scheduler.broker import broker_of
from scheduler.celery_app import make_app
from scheduler.in_process import new_message_id, planned_run
from scheduler.queues import Topology
from scheduler.runner import NightlyOrder, Sent
from scheduler.sending import Wait

Seen = TypeVar("Seen")

POLL_SECONDS = 0.2
NIGHTLY_PATIENCE = timedelta(hours=2)
"""How long a person's nightly is watched from here; the run itself goes on without us."""

ENDED = SETTLED | {IntentState.PARKED, IntentState.UNKNOWN}
"""States in which an intent no longer waits for a worker."""

QUIET_LOOKS = 5
"""Looks in a row without work before it is believed: a worker that just recorded may be about to wish for more."""


@dataclass(frozen=True, slots=True)
class CeleryRunner:
    """Implements ``scheduler.runner.Runner`` with workers elsewhere."""

    needs: Needs
    bell: Bell
    wait: Wait = time.sleep

    def nightly(self, order: NightlyOrder, progress: Progress) -> Run | None:
        """Open the run here, have it planned, and applied where ordered, by workers."""
        run = nightly_reconcile.start(order.job, order.due_at, self.needs)
        if run is None:
            return None
        self.bell.hand("nightly.plan", run.run_id)
        run = self._watch(run, RunState.RUNNING, progress)
        if order.apply and run.state is RunState.PLANNED:
            self.apply(run.run_id)
            run = self.needs.runs.find(run.run_id) or run
        return run

    def apply(self, run_id: str) -> int:
        """Apply here, since it is one transaction, and ring."""
        ready = nightly_reconcile.apply(planned_run(run_id, self.needs), self.needs)
        self.bell.sweep()
        return ready

    def send(self, patience: timedelta, progress: Progress) -> Sent:
        """Ring, and watch until nothing is under way nor due within our patience."""
        before = self._ended()
        deadline = self.needs.clock() + patience
        looks: deque[bool] = deque(maxlen=QUIET_LOOKS)
        self.bell.sweep()

        def look() -> bool:
            progress("send", (self._ended() - before).total(), None)
            looks.append(self._busy(deadline))
            return len(looks) == QUIET_LOOKS and not any(looks)

        self._until(look, bool, patience)
        outcomes = {state.value: number for state, number in (self._ended() - before).items()}
        waiting = sum(number for (_, _, state), number in self.needs.intents.counts().items() if state in OPEN)
        return Sent(outcomes, waiting)

    def _ended(self) -> Counter[IntentState]:
        """How many intents stand in each state that no worker is needed for."""
        ended: Counter[IntentState] = Counter()
        for (_, _, state), number in self.needs.intents.counts().items():
            ended.update({state: number} if state in ENDED else {})
        return ended

    def _busy(self, deadline: datetime) -> bool:
        """Whether a worker holds something, or something that it can take falls due in time."""
        if any(state is IntentState.CLAIMED for _, _, state in self.needs.intents.counts()):
            return True
        due = self.needs.intents.next_due()
        return due is not None and due <= deadline

    def check(self, case_id: CaseId, by: str, patience: timedelta) -> tuple[Request, bool]:
        """Accept here, so that nothing is lost; a worker answers."""
        accepted = registration_check.accept(new_message_id(), case_id, by, self.needs)
        message_id = accepted.request.message_id
        if accepted.request.answer is None:
            self.bell.hand("check.run", message_id)
        answered = self._until(
            lambda: self.needs.inbox.find(message_id) or accepted.request,
            lambda request: request.answer is not None,
            patience,
        )
        return answered, accepted.repeated

    def notice(self, case_id: CaseId, patience: timedelta) -> Sequence[Intent]:
        """Have a worker read the case; watch its mails."""
        self.bell.hand("notice.run", case_id)
        return self._until(
            lambda: reinsertion_notice.mails(case_id, self.needs),
            lambda mails: bool(mails) and all(mail.state in ENDED for mail in mails),
            patience,
        )

    def _watch(self, run: Run, while_in: RunState, progress: Progress) -> Run:
        """Follow a run until it leaves a state."""

        def look() -> Run:
            now = self.needs.runs.find(run.run_id) or run
            progress("plan", now.counts.get("seen", 0) + now.counts.get("looked_up", 0), None)
            return now

        return self._until(look, lambda now: now.state is not while_in, NIGHTLY_PATIENCE)

    def _until(self, look: Callable[[], Seen], enough: Callable[[Seen], bool], patience: timedelta) -> Seen:
        """What is seen when it is enough, or when patience ends."""
        deadline = self.needs.clock() + patience
        while True:
            seen = look()
            if enough(seen) or self.needs.clock() >= deadline:
                return seen
            self.wait(POLL_SECONDS)


def celery_runner(settings: Settings, needs: Needs, wait: Wait) -> CeleryRunner:
    """The runner of the settings; connects when it first has something to say."""
    broker_url = broker_of(settings)
    app = make_app(broker_url, settings.queue_prefix)
    return CeleryRunner(needs, Bell(app, Topology(settings.queue_prefix), broker_url), wait)
