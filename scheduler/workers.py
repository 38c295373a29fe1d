"""Long-running processes: a Celery worker, Celery beat, and the in-process loop that is both on one machine."""

import logging
import os
import signal
import threading
from collections.abc import Sequence
from datetime import timedelta

from celery import Celery, signals

from config.correlation import correlated
from config.logging import SafeHandler, configure_logging
from config.settings import Settings
from config.startup import Configuration
from pipelines.needs import silent
from scheduler.bell import Bell
from scheduler.bootstrap import House, open_house
from scheduler.broker import broker_of
from scheduler.celery_app import TICK_SECONDS, make_app
from scheduler.in_process import worker_name
from scheduler.jobs import Jobs
from scheduler.queues import LANES, Topology
from scheduler.runner import NightlyOrder
from scheduler.schedule import nightly_owed
from scheduler.tasks import register

log = logging.getLogger(__name__)


def run_worker(configuration: Configuration, lanes: Sequence[str] = LANES) -> None:
    """Serve until told to stop: a Celery worker on some lanes, or the in-process loop.

    Raises ``SettingsError``, ``UnavailableError`` or ``CredentialsError`` when it cannot begin.
    """
    settings = configuration.settings
    if settings.runner == "in_process":
        run_loop(configuration, stopped_by_signal())
        return
    app, topology = _app(settings)
    with open_house(configuration) as house:
        bell = Bell(app, topology, broker_of(settings))
        jobs = Jobs(house.needs, worker_name(), bell.ring, bell.hand, settings.schedule.nightly_at)
        register(app, lambda: jobs)
        log.info("worker serves", extra={"queue": ",".join(lanes), "worker": worker_name()})
        app.worker_main(_arguments([topology.name(lane) for lane in lanes], settings.dispatch.threads))


def _arguments(queues: Sequence[str], threads: int) -> list[str]:
    """Celery's command line: threads, because the work waits; a name of its own, because machines run several."""
    name = f"cii-{os.getpid()}@%h"
    width = str(threads)
    lean = ["--without-gossip", "--without-mingle"]
    return ["--quiet", "worker", "-P", "threads", "-c", width, "-n", name, "-Q", ",".join(queues), *lean]


def run_beat(configuration: Configuration) -> None:
    """Celery beat: rings the clock in UTC; two of them do no harm. Raises as :func:`run_worker`."""
    app, _ = _app(configuration.settings)
    app.Beat(quiet=True).run()


def _app(settings: Settings) -> tuple[Celery, Topology]:
    """The application over queues that exist, with our own logging."""
    _keep_our_logging(settings)
    broker_url = broker_of(settings)
    topology = Topology(settings.queue_prefix)
    topology.declare(broker_url)
    return make_app(broker_url, settings.queue_prefix), topology


def _keep_our_logging(settings: Settings) -> None:
    """Celery sets up logging of its own unless somebody answers this signal."""

    def answer(**_given: object) -> None:
        if not any(isinstance(handler, SafeHandler) for handler in logging.getLogger().handlers):
            configure_logging(settings.log.level, settings.log.format)

    # Not weak: the answer must outlive this function.
    signals.setup_logging.connect(answer, weak=False, dispatch_uid="cii-sync")


def stopped_by_signal() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets, so that a round in hand is finished; the second time it kills."""
    stop = threading.Event()

    def ask(number: int, _frame: object) -> None:
        threading.Thread(target=stop.set).start()  # the main thread may hold the event's lock at this very moment
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop


def run_loop(configuration: Configuration, stop: threading.Event) -> None:
    """One process without servers: the nightly at its time, and everything due in between, until ``stop`` is set."""
    with open_house(configuration, stop.wait) as house:
        log.info("loop serves", extra={"worker": worker_name()})
        while not stop.is_set():
            with correlated():
                _round(house, configuration.settings)
            stop.wait(TICK_SECONDS)


def _round(house: House, settings: Settings) -> None:
    """The nightly, if it is owed, then all that is due."""
    due = nightly_owed(house.needs, settings.schedule.nightly_at)
    if due is not None:
        house.runner.nightly(NightlyOrder(due), silent)
    house.runner.send(timedelta(seconds=TICK_SECONDS), silent)
