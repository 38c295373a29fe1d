"""When jobs are due: local times of Europe/Zurich as instants, each (day, time) exactly one."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from config.calendar import instant_of, local_date
from domain.books import Run, RunState
from pipelines.needs import Needs
from pipelines.nightly_reconcile import NIGHTLY

SILENCE = timedelta(minutes=10)
"""A run without a sign of life for so long is taken for dead; the book of runs refuses a second one until then."""

AGAIN_AFTER = timedelta(hours=1)
"""When a nightly that failed, or whose plan was left lying, is made anew, counted from its start."""

RECENT = 100
"""Runs looked at: more than can start between two nightlies, people's own ones included."""


def latest_slot(now: datetime, at: time) -> datetime:
    """The newest instant at which clocks in Valais showed ``at``, not after ``now``: the run that is owed."""
    today = local_date(now)
    slot = instant_of(today, at)
    return slot if slot <= now else instant_of(today - timedelta(days=1), at)


def nightly_owed(needs: Needs, at: time) -> datetime | None:
    """The due time under which a nightly must be opened now; None when there is nothing to do yet."""
    now = needs.clock()
    return owed(needs.runs.listed(NIGHTLY, RECENT), latest_slot(now, at), now)


def owed(runs: Sequence[Run], slot: datetime, now: datetime) -> datetime | None:
    """What the schedule owes for a slot, from the runs of its job.

    A missed slot is caught up once (F13). One that died or failed is made again under a due time of its own, the same
    for whoever asks, so that two clocks open it once; whether a silent run is dead is for the book of runs to say.
    """
    since = [run for run in runs if run.due_at >= slot]
    if any(run.state is RunState.DONE for run in since):
        return None
    if not any(run.due_at == slot for run in since):
        return slot
    last = max(since, key=lambda run: run.started_at)
    again = last.started_at + (SILENCE if last.state is RunState.RUNNING else AGAIN_AFTER)
    return again if again <= now else None
