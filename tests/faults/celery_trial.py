"""One trial with the Celery runner: a worker and a client, either of which has the fault; what dies is started again.

The worker comes back as a service manager brings it back; the client gives up watching after a while and is started
again as a person would. Beat's sweep is the client's ``send``.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sandbox.population.generate import Population
from tests.faults import stage
from tests.faults.hooks import Action, Instant, Order, instants, lines
from tests.faults.processes import POLL_SECONDS, Running
from tests.faults.servers import database, database_setting, servers
from tests.faults.trial import Outcome, Play, Set, demand_right, recovered

WORKER, CLIENT = "worker", "client"

LONGEST_WATCH_SECONDS = 3.0
"""How long after the fault a client goes on waiting for its answer."""


@dataclass
class CeleryTheatre:
    """RabbitMQ and PostgreSQL: each trial has a copy of a prepared database and queues of its own."""

    folder: Path
    population: Population = field(default_factory=lambda: stage.people(stage.today()))
    _count: int = 0
    _open: ExitStack = field(default_factory=ExitStack)
    _templates: dict[bool, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Nothing is made before it is needed."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Drop the prepared databases."""
        self._open.close()

    def listing(self, play: Play) -> list[tuple[str, Instant]]:
        """Every instant that client and worker pass when nothing goes wrong."""
        with self.set_up(play) as scenery:
            worker = scenery.listed(["worker"], WORKER)
            code = scenery.listed(scenery.command, CLIENT).ended()
            scenery.start(["send"]).ended()
            worker.stop()
            demand_right(scenery, code)
            return [(role, one) for role in (CLIENT, WORKER) for one in instants(lines(scenery.notes(role)))]

    def trial(self, play: Play, role: str, order: Order) -> Outcome:
        """The scenario with one fault in one of the two, then the same command until there is nothing to say."""
        began = time.monotonic()
        with self.set_up(play) as scenery:
            worker = scenery.faulty(["worker"], WORKER, order) if role == WORKER else scenery.start(["worker"])
            is_client = role == CLIENT
            client = scenery.faulty(scenery.command, CLIENT, order) if is_client else scenery.start(scenery.command)
            _watch(scenery, role, order, worker, client)
            verdict, night = recovered(scenery)
            return Outcome(order, scenery.reached(role), verdict, night, time.monotonic() - began)

    @contextmanager
    def set_up(self, play: Play) -> Iterator[Set]:
        """A fresh sandbox, a copy of a prepared database, queues of its own; all gone afterwards."""
        self._count += 1
        place = self.folder / f"trial-{self._count}"
        place.mkdir(parents=True)
        template = self._template(play)
        with stage.stage(self.population) as sandbox, servers(template) as more:
            state = stage.copied(self._folder(play), place / "state")
            scenery = Set(play, sandbox, place, stage.settings(sandbox, state, **more))
            try:
                yield scenery
            finally:
                scenery.cleared()
        shutil.rmtree(place)

    def _folder(self, play: Play) -> Path:
        """Where the key of a prepared database is."""
        return self.folder / f"template-{'parked' if play.parked else 'fresh'}"

    def _template(self, play: Play) -> str:
        if play.parked not in self._templates:
            name = self._open.enter_context(database())
            stage.prepare(self._folder(play), self.population, parked=play.parked, **database_setting(name))
            self._templates[play.parked] = name
        return self._templates[play.parked]


def _watch(scenery: Set, role: str, order: Order, worker: Running, client: Running) -> None:
    """Until the client is over: a dead worker is replaced, and with a stalled one a second works beside it."""
    reached_at: float | None = None
    while not client.is_over:
        if reached_at is None and scenery.reached(role):
            reached_at = time.monotonic()
            if order.action is Action.STALL and role == WORKER:
                worker = scenery.start(["worker"])
        if worker.is_over:
            worker = scenery.start(["worker"])
        if reached_at is not None and time.monotonic() - reached_at > LONGEST_WATCH_SECONDS:
            client.kill()
        time.sleep(POLL_SECONDS)
    if worker.is_over:
        scenery.start(["worker"])
