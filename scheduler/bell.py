"""The bell: tells workers that there is work. The work itself is in the database: a bell may be lost or come twice."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from celery import Celery

from config.correlation import correlation_id
from domain.errors import SyncError
from domain.facets import Target
from scheduler.broker import FAILURES
from scheduler.queues import EXPRESS, JOBS, Topology

log = logging.getLogger(__name__)

CONFIRM_SECONDS = 10
"""How long the broker may take to say that it holds a message; a blocked one (disk alarm, F17) never does."""

UNHEARD: tuple[type[Exception], ...] = (SyncError, *FAILURES)

RETRIES: Mapping[str, object] = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}


@dataclass(frozen=True, slots=True)
class Bell:
    """Publishes ids with confirms. A bell that cannot be rung is logged and loses nothing: the sweep rings again."""

    app: Celery
    topology: Topology
    broker_url: str
    _declared: threading.Event = field(default_factory=threading.Event, repr=False)

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
            self._declare_once()
            self.app.send_task(
                task,
                args=arguments,
                queue=name,
                routing_key=name,
                root_id=correlation_id() or None,  # what follows at a worker carries the id of its cause
                retry_policy=RETRIES,
                confirm_timeout=CONFIRM_SECONDS,
            )
        except UNHEARD as error:
            reason = type(error).__name__
            log.warning("the broker took no message; the sweep will ring again", extra={"kind": task, "reason": reason})

    def _declare_once(self) -> None:
        """A message must find the dead end made before it, also when nobody started a worker yet."""
        if not self._declared.is_set():
            self.topology.declare(self.broker_url)
            self._declared.set()
