"""When jobs are due: local times of Europe/Zurich as instants, each (day, time) exactly one."""

from datetime import datetime, time, timedelta

from config.calendar import instant_of, local_date


def latest_slot(now: datetime, at: time) -> datetime:
    """The newest instant at which clocks in Valais showed ``at``, not after ``now``: the run that is owed."""
    today = local_date(now)
    slot = instant_of(today, at)
    return slot if slot <= now else instant_of(today - timedelta(days=1), at)
