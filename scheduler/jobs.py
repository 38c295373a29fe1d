"""What a worker does with each kind of message. No Celery in here: the same code is tested without a broker."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from domain.books import Request, Run, RunState
from domain.facets import Target
from domain.failpoints import failpoint
from domain.intents import IntentState
from domain.people import CaseId
from pipelines import nightly_reconcile, registration_check, reinsertion_notice
from pipelines.deciding import decide_again, decide_what_follows
from pipelines.dispatch import dispatch
from pipelines.needs import Needs, chunked, silent
from scheduler.schedule import nightly_owed
from scheduler.signs import with_signs_of_life

RING_AT_ONCE = 100
"""Ids in one message."""

RING_LIMIT = 5000
"""Ids offered in one round; the next sweep offers the rest."""

ANSWERED_WITHIN = timedelta(minutes=1)
"""A check without an answer for so long was perhaps heard by nobody: it is handed out again, which does no harm."""

NO_CASE = CaseId("")
"""What a request of our own schedule is about."""

Ring = Callable[[Target, Sequence[str]], None]
"""Tells the workers of a target that these intents can be claimed."""

Hand = Callable[[str, str], None]
"""Hands one id to a named task."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """The tasks of ``scheduler.tasks``, by name ``room.verb``."""

    needs: Needs
    worker: str
    ring: Ring
    hand: Hand
    nightly_at: time

    def dispatch_run(self, ids: Sequence[str]) -> None:
        """Send what can be claimed of these ids, decide again what was touched, and ring for what follows."""
        while True:
            report = dispatch(self.needs, self.worker, ids)
            if not report.claimed:
                break
            decide_again(sorted(report.touched), self.needs)
            failpoint("jobs.followed_up")
            self._ring_for(sorted(report.touched))

    def _ring_for(self, case_ids: Iterable[CaseId]) -> None:
        """Ring for what these cases still have ready, and for nothing else: others were rung for already."""
        ready = frozenset({IntentState.READY})
        ids: defaultdict[Target, list[str]] = defaultdict(list)
        for case_id in case_ids:
            for intent in self.needs.intents.listed(ready, case_id):
                ids[intent.wish.target].append(intent.intent_id)
        for target, waiting in ids.items():
            for chunk in chunked(waiting, RING_AT_ONCE):
                self.ring(target, chunk)

    def dispatch_sweep(self) -> None:
        """Decide what was left undecided, ring for everything due or unanswered: what a dead worker left (F3)."""
        decide_what_follows(self.needs)
        for target, ids in self.needs.intents.due(self.needs.clock(), RING_LIMIT).items():
            for chunk in chunked(ids, RING_AT_ONCE):
                self.ring(target, chunk)
        late = self.needs.clock() - ANSWERED_WITHIN
        for request in self.needs.inbox.unanswered(registration_check.KIND, late, RING_AT_ONCE):
            self.hand("check.run", request.message_id)

    def check_run(self, message_id: str) -> None:
        """Answer a check that the inbox holds."""
        registration_check.run(message_id, self.needs)

    def notice_run(self, case_id: str) -> None:
        """Read one case afresh, queue its reinsertion mail, ring."""
        reinsertion_notice.run(CaseId(case_id), self.needs)
        self.dispatch_sweep()

    def nightly_plan(self, run_id: str) -> None:
        """Pull, compare, decide, once for each run, however often the message comes.

        A delivery that comes again may be all that is left of a dead worker, or the first may still be at work: it is
        left alone, and when the run shows no sign of life the clock opens another one.
        """
        run = self.needs.runs.find(run_id)
        if run is not None and run.state is RunState.RUNNING and self._begin(run):
            failpoint("jobs.begun")
            nightly_reconcile.plan(run, self.needs, with_signs_of_life(run, self.needs, silent))

    def _begin(self, run: Run) -> bool:
        """Whether the planning of this run is ours to do: the inbox takes a message id once."""
        now, message_id = self.needs.clock(), f"nightly.plan:{run.run_id}"
        if not self.needs.inbox.accept(Request(message_id, "nightly.plan", NO_CASE, now, self.worker)):
            return False
        self.needs.inbox.answer(message_id, {"begun_by": self.worker}, now)
        return True

    def nightly_apply(self, run_id: str) -> None:
        """Make a plan real and ring; applied already is the same as done."""
        run = self.needs.runs.find(run_id)
        if run is not None and run.state is RunState.PLANNED:
            nightly_reconcile.apply(run, self.needs)
        self.dispatch_sweep()

    def nightly_whole(self, run_id: str) -> None:
        """Plan and apply, as the schedule wants it."""
        self.nightly_plan(run_id)
        self.nightly_apply(run_id)

    def clock_tick(self) -> None:
        """Start the nightly that is owed, once: (job, due time) is unique, so two beats do no harm (F12)."""
        due = nightly_owed(self.needs, self.nightly_at)
        run = nightly_reconcile.start(nightly_reconcile.NIGHTLY, due, self.needs) if due else None
        if run is not None:
            self.hand("nightly.whole", run.run_id)
