"""The Celery runner: hands ids to workers and reads the answers from the database, where they would be anyway."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from celery import Celery
from kombu.exceptions import OperationalError

from config.settings import Settings
from domain.books import Request, Run, RunState
from domain.errors import SettingsError
from domain.facets import Target
from domain.intents import OPEN, SETTLED, Intent, IntentState
from domain.people import CaseId
from pipelines import nightly_reconcile, registration_check, reinsertion_notice
from pipelines.needs import Needs, Progress
from scheduler.celery_app import make_app
from scheduler.in_process import new_message_id, planned_run
from scheduler.queues import EXPRESS, JOBS, Topology
from scheduler.runner import NightlyOrder, Sent
from scheduler.sending import Wait

log = logging.getLogger(__name__)
Seen = TypeVar("Seen")

POLL_SECONDS = 0.2
NIGHTLY_PATIENCE = timedelta(hours=2)
"""How long a person's nightly is watched from here; the run itself goes on without us."""

ENDED = SETTLED | {IntentState.PARKED, IntentState.UNKNOWN}
"""States in which a mail no longer waits for a worker."""


@dataclass(frozen=True, slots=True)
class Bell:
    """Publishes ids with confirms. A bell that cannot be rung is logged and loses nothing: the sweep rings again."""

    app: Celery
    topology: Topology

    def ring(self, target: Target, ids: Sequence[str]) -> None:
        """These intents of a target can be claimed."""
        self._send("dispatch.run", [list(ids)], target.value)

    def hand(self, task: str, reference: str) -> None:
        """One id for a named task: express where a person waits, else among the jobs."""
        self._send(task, [reference], JOBS if task.startswith("nightly.") else EXPRESS)

    def sweep(self) -> None:
        """Have somebody ring for everything due."""
        self._send("dispatch.sweep", [], JOBS)

    def _send(self, task: str, arguments: list[object], lane: str) -> None:
        name = self.topology.name(lane)
        try:
            self.app.send_task(task, args=arguments, queue=name, routing_key=name)
        except OperationalError:
            log.warning("the broker does not take messages; the sweep will ring again", extra={"task": task})


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
        """Ring, and watch until nothing is due within our patience."""
        self.bell.sweep()

        def open_now() -> int:
            counts = self.needs.intents.counts()
            progress("send", sum(number for (_, _, state), number in counts.items() if state in SETTLED), None)
            return sum(number for (_, _, state), number in counts.items() if state in OPEN)

        waiting = self._until(open_now, lambda number: number == 0, patience)
        settled = {
            state.value: number for (_, _, state), number in self.needs.intents.counts().items() if state in SETTLED
        }
        return Sent(settled, waiting)

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


def broker_of(settings: Settings) -> str:
    """The broker's address; without one the Celery runner cannot start."""
    if settings.broker_url is None:
        raise SettingsError(("CII_BROKER_URL: is not set; the celery runner needs a RabbitMQ broker",))
    return settings.broker_url.get_secret_value()


def celery_runner(settings: Settings, needs: Needs, wait: Wait) -> CeleryRunner:
    """The runner of the settings; connects when it first has something to say."""
    app = make_app(broker_of(settings), settings.queue_prefix)
    return CeleryRunner(needs, Bell(app, Topology(settings.queue_prefix)), wait)
