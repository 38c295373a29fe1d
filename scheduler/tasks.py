"""The Celery tasks: names, and the one wrapper that keeps a failure from vanishing. Messages carry ids only."""

import logging
from collections.abc import Callable, Mapping

from celery import Celery, Task

from config.correlation import correlated
from scheduler.jobs import Jobs

log = logging.getLogger(__name__)

TASKS: Mapping[str, Callable[..., None]] = {
    "dispatch.run": Jobs.dispatch_run,
    "dispatch.sweep": Jobs.dispatch_sweep,
    "check.run": Jobs.check_run,
    "notice.run": Jobs.notice_run,
    "nightly.plan": Jobs.nightly_plan,
    "nightly.apply": Jobs.nightly_apply,
    "nightly.whole": Jobs.nightly_whole,
    "clock.tick": Jobs.clock_tick,
}
"""Every name that a message may carry; a message with another one ends in the dead queue."""


def register(app: Celery, jobs: Callable[[], Jobs]) -> None:
    """Register every task; ``jobs`` is asked at the first message, in the process that runs it."""
    for name, work in TASKS.items():
        app.task(name=name, bind=True)(_logged(name, work, jobs))


def _logged(name: str, work: Callable[..., None], jobs: Callable[[], Jobs]) -> Callable[..., None]:
    """The one place with a broad handler: whatever fails is logged and set aside by the broker, never acknowledged.

    Celery hands a message's ``root_id`` on to those sent while it is worked on: one id for all that follows from one
    cause.
    """

    def run(task: "Task[..., None]", *ids: object) -> None:
        with correlated(task.request.root_id):
            try:
                work(jobs(), *ids)
            except Exception:
                log.exception("task failed", extra={"kind": name, "task_id": task.request.id})
                raise

    run.__name__ = name.replace(".", "_")
    return run
