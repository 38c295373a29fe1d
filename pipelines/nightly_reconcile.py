"""The nightly: pull both systems, compare, decide, plan; then apply. Dispatch sends.

gather -> decide -> commit, in pages and chunks, each its own transaction: a night that is cut short goes on
where it was. A target that is away ends its part of the run, never the other's.
"""

from collections import Counter, deque
from dataclasses import replace
from datetime import datetime

from domain.books import Run, RunState
from domain.errors import SyncError, UnavailableError
from domain.facets import System, Target
from domain.failpoints import failpoint
from domain.people import CaseId
from pipelines import quarantine
from pipelines.deciding import decide_undecided
from pipelines.halting import careful
from pipelines.look_up import keep, look_up
from pipelines.needs import Needs, Progress, silent

NIGHTLY = "nightly"
FULL_SWEEP = "full_sweep"
"""The weekly one, which looks every case up again, feed or not."""

GIVE_UP_AFTER = 3
"""Chunks in a row of which no look-up succeeded, before PLASTA is taken to be away for this run."""


def start(job: str, due_at: datetime, needs: Needs) -> Run | None:
    """Open a run of a job; None when this one ran already or another one is running."""
    run = needs.runs.open(job, due_at, needs.clock())
    failpoint("nightly.opened")
    return run


def plan(run: Run, needs: Needs, progress: Progress = silent) -> Run:
    """Pull and decide; nothing is written outside. The run's end is recorded whatever happens."""
    counts: Counter[str] = Counter()
    state, message = RunState.FAILED, "stopped by a fault in the program; the log has it"
    try:
        message = _gather_and_decide(run, needs, counts, progress)
        failpoint("nightly.decided")
        state = RunState.PLANNED
    except SyncError as error:
        message = str(error)
    finally:
        ended = _ended(run, state, counts, needs, message)
    failpoint("nightly.planned")
    return ended


def _gather_and_decide(run: Run, needs: Needs, counts: Counter[str], progress: Progress) -> str:
    """Returns what is to be told of the run, empty when all went well.

    Without the CII software nothing is decided: what it says may have changed. Without PLASTA the night goes on with
    what PLASTA said last, and the run says so; the cases not looked up stay due.
    """
    needs.intents.discard_plans()
    with careful(Target.CII, needs):
        _pull_cases(run, needs, counts, progress)
    message = ""
    try:
        with careful(Target.PLASTA, needs):
            _look_up_persons(run, needs, counts, progress, everything=run.job == FULL_SWEEP)
    except SyncError as error:
        if error.system != System.PLASTA:
            raise
        counts["incomplete"], message = 1, str(error)
    counts.update(decide_undecided(needs, run.run_id, progress, planned=True))
    return message


def apply(run: Run, needs: Needs) -> int:
    """Make a plan real; returns how many intents are ready to be sent."""
    ready = needs.intents.apply(run.run_id, needs.clock())
    failpoint("nightly.plan_applied")
    needs.runs.end(run.run_id, RunState.DONE, run.counts, needs.clock(), run.message)
    failpoint("nightly.run_ended")
    return ready


def _ended(run: Run, state: RunState, counts: Counter[str], needs: Needs, message: str) -> Run:
    """Record the end of the planning, or of the run."""
    now = needs.clock()
    needs.runs.end(run.run_id, state, dict(counts), now, message)
    return replace(run, state=state, counts=dict(counts), ended_at=now, message=message)


def _pull_cases(run: Run, needs: Needs, counts: Counter[str], progress: Progress) -> None:
    """Every change of the CII software since the cursor, which moves with each stored page.

    It stays ``overlap_pages`` behind: a change that was committed late in the other system is not missed, and an
    unchanged case read again costs no write.
    """
    since = needs.cases.cursor(System.CII) or None
    trail = deque([since or ""], maxlen=needs.rules.overlap_pages + 1)
    read_at = needs.clock()
    for page in needs.cii.changes(since):
        trail.append(page.cursor)
        quarantine.tell([(CaseId(record.reference), record) for record in page.bad], needs)
        stored = needs.cases.save_cases(replace(page, cursor=trail[0]), System.CII, read_at, run.run_id)
        failpoint("nightly.page_saved")
        counts.update(seen=stored.seen, renewed=stored.changed, quarantined=stored.quarantined)
        quarantine.untell([case.case_id for case in page.cases], System.CII, needs)
        _alive(run, needs, counts)
        progress("cii", counts["seen"], None)
        read_at = needs.clock()


def _look_up_persons(run: Run, needs: Needs, counts: Counter[str], progress: Progress, *, everything: bool) -> None:
    """What PLASTA's feed names, and every case whose view may be out of date.

    What a hole in the feed held is not known: every case is looked up again, and only then is the hole passed.
    """
    behind = _follow_feed(run, needs, counts)
    _look_up_cases(run, needs, counts, progress, everything=everything or behind is not None)
    if behind is not None and not counts["unreached"]:
        needs.cases.note_changed(frozenset(), System.PLASTA, behind)


def _follow_feed(run: Run, needs: Needs, counts: Counter[str]) -> str | None:
    """Mark the cases that the feed names; the place behind its holes, where it had any (the cursor stays before)."""
    cursor = needs.cases.cursor(System.PLASTA) or "0"
    behind = None
    for page in needs.plasta.changes(int(cursor)):
        if page.gaps or behind is not None:
            behind = str(page.sequence)
        else:
            cursor = str(page.sequence)
        followed = needs.cases.note_changed(page.numbers, System.PLASTA, cursor)
        failpoint("nightly.feed_noted")
        counts.update(feed_followed=followed, feed_dropped=len(page.numbers) - followed, feed_gaps=len(page.gaps))
        _alive(run, needs, counts)
    return behind


def _look_up_cases(run: Run, needs: Needs, counts: Counter[str], progress: Progress, *, everything: bool) -> None:
    """Chunk by chunk; a few in a row without any answer are enough to see that PLASTA is away."""
    today = needs.calendar.today(needs.clock())
    failures = 0
    for chunk in needs.cases.to_look_up(today, everything=everything, size=needs.pace.chunk):
        sightings = look_up(chunk, needs)
        failpoint("nightly.looked_up")
        counts["renewed"] += keep(sightings, needs, run.run_id)
        failpoint("nightly.views_saved")
        counts.update(
            looked_up=len(sightings.views) - sightings.denied,
            denied=sightings.denied,
            quarantined=len(sightings.bad),
            unreached=len(sightings.failed),
        )
        failures = 0 if sightings.views else failures + 1
        if failures == GIVE_UP_AFTER:
            message = "PLASTA does not answer; the cases not looked up stay due for the next run"
            raise UnavailableError(message, system="plasta", operation="nightly")
        _alive(run, needs, counts)
        progress("plasta", counts["looked_up"] + counts["denied"], None)


def _alive(run: Run, needs: Needs, counts: Counter[str]) -> None:
    """A sign of life with the figures so far."""
    needs.runs.progress(run.run_id, dict(counts), needs.clock())
