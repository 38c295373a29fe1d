"""The in-process runner: threads, no servers. The default on a fresh machine, good for one small office."""

import os
import socket
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from domain.books import Request, Run, RunState
from domain.errors import NotFoundError
from domain.intents import Intent
from domain.people import CaseId
from pipelines import nightly_reconcile, registration_check, reinsertion_notice
from pipelines.needs import Needs, Progress, silent
from scheduler.runner import NightlyOrder, Sent
from scheduler.sending import Wait, send_all
from scheduler.signs import with_signs_of_life


def worker_name() -> str:
    """Who works here, for attempts: machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class InProcessRunner:
    """Implements ``scheduler.runner.Runner`` in this very process."""

    needs: Needs
    wait: Wait = time.sleep
    worker: str = field(default_factory=worker_name)

    def nightly(self, order: NightlyOrder, progress: Progress) -> Run | None:
        """Plan, and apply where ordered."""
        run = nightly_reconcile.start(order.job, order.due_at, self.needs)
        if run is None:
            return None
        run = nightly_reconcile.plan(run, self.needs, with_signs_of_life(run, self.needs, progress))
        if order.apply and run.state is RunState.PLANNED:
            self.apply(run.run_id)
            run = self.needs.runs.find(run.run_id) or run
        return run

    def apply(self, run_id: str) -> int:
        """Apply a plan that waits."""
        return nightly_reconcile.apply(planned_run(run_id, self.needs), self.needs)

    def send(self, patience: timedelta, progress: Progress) -> Sent:
        """Send what is due and what follows from it."""
        return send_all(self.needs, self.worker, patience, progress, self.wait)

    def check(self, case_id: CaseId, by: str, patience: timedelta) -> tuple[Request, bool]:  # noqa: ARG002 - no queue here
        """Answer at once."""
        accepted = registration_check.accept(new_message_id(), case_id, by, self.needs)
        if accepted.request.answer is None:
            registration_check.run(accepted.request.message_id, self.needs)
        answered = self.needs.inbox.find(accepted.request.message_id)
        return answered or accepted.request, accepted.repeated

    def notice(self, case_id: CaseId, patience: timedelta) -> Sequence[Intent]:
        """Read the case, queue its mails, send."""
        reinsertion_notice.run(case_id, self.needs)
        send_all(self.needs, self.worker, patience, silent, self.wait)
        return reinsertion_notice.mails(case_id, self.needs)


def planned_run(run_id: str, needs: Needs) -> Run:
    """A run whose plan waits; ``NotFoundError`` for any other."""
    run = needs.runs.find(run_id)
    if run is None or run.state is not RunState.PLANNED:
        raise NotFoundError("no plan of this run waits to be applied", system="cii-sync", reference=run_id)
    return run


def new_message_id() -> str:
    """A message id for a request that came without one."""
    return uuid.uuid4().hex
