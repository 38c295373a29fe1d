"""Long-running processes: a Celery worker, Celery beat, and the in-process loop that is both on one machine."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta

from config.startup import Configuration
from pipelines import nightly_reconcile
from pipelines.needs import silent
from scheduler.bootstrap import open_house
from scheduler.celery_app import TICK_SECONDS, make_app
from scheduler.celery_runner import Bell, broker_of
from scheduler.in_process import worker_name
from scheduler.jobs import Jobs
from scheduler.queues import LANES, Topology
from scheduler.runner import NightlyOrder
from scheduler.schedule import latest_slot
from scheduler.tasks import register


def run_worker(configuration: Configuration, lanes: Sequence[str] = LANES) -> None:
    """Serve until told to stop: a Celery worker on some lanes, or the in-process loop."""
    settings = configuration.settings
    if settings.runner == "in_process":
        run_loop(configuration, threading.Event())
        return
    topology = Topology(settings.queue_prefix)
    broker_url = broker_of(settings)
    topology.declare(broker_url)
    app = make_app(broker_url, settings.queue_prefix)
    with ExitStack() as stack:
        house = stack.enter_context(open_house(configuration))
        bell = Bell(app, topology)
        jobs = Jobs(house.needs, worker_name(), bell.ring, bell.hand, settings.schedule.nightly_at)
        register(app, lambda: jobs)
        queues = ",".join(topology.name(lane) for lane in lanes)
        threads = str(settings.dispatch.threads)
        app.worker_main(
            [
                "worker",
                "-P",
                "threads",
                "-c",
                threads,
                "-Q",
                queues,
                "--without-gossip",
                "--without-mingle",
                "-l",
                "WARNING",
            ]
        )


def run_beat(configuration: Configuration) -> None:
    """Celery beat: rings the clock in UTC; two of them do no harm."""
    settings = configuration.settings
    app = make_app(broker_of(settings), settings.queue_prefix)
    app.Beat(loglevel="WARNING").run()


def run_loop(configuration: Configuration, stop: threading.Event) -> None:
    """One process without servers: the nightly at its time, and everything due in between."""
    with open_house(configuration, stop.wait) as house:
        at = configuration.settings.schedule.nightly_at
        while not stop.is_set():
            slot = latest_slot(house.needs.clock(), at)
            known = house.needs.runs.listed(nightly_reconcile.NIGHTLY, 1)
            if not known or known[0].due_at < slot:
                house.runner.nightly(NightlyOrder(slot), silent)
            house.runner.send(timedelta(seconds=TICK_SECONDS), silent)
            stop.wait(TICK_SECONDS)
