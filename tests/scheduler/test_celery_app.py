"""Celery's settings as one table, each measured or drilled (``engine.md``); and what Celery makes of them."""

from datetime import timedelta

import pytest
from celery import Celery

from scheduler.celery_app import SWEEP_SECONDS, TICK_SECONDS, make_app
from scheduler.queues import LANES, Topology

SETTINGS = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_acks_on_failure": False,
    "task_acks_on_timeout": False,
    "task_create_missing_queues": False,
    "task_default_exchange_type": "topic",
    "task_ignore_result": True,
    "result_backend": None,
    "task_serializer": "json",
    "accept_content": ["json"],
    "worker_prefetch_multiplier": 1,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_send_task_events": False,
    "worker_enable_remote_control": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_soft_shutdown_timeout": 60,
    "broker_transport_options": {"confirm_publish": True},
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_heartbeat": 30,
    "enable_utc": True,
    "timezone": "UTC",
    "beat_scheduler": "celery.beat:Scheduler",
}
RABBITMQS_ACK_TIMEOUT = timedelta(minutes=30)


@pytest.fixture
def app() -> Celery:
    """An application towards a broker that nobody asks."""
    return make_app("amqp://nobody@127.0.0.1:9//", "unit")


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_stands_as_it_was_drilled(app: Celery, name: str) -> None:
    assert app.conf[name] == SETTINGS[name]


def test_a_task_ends_before_the_broker_gives_up_on_it(app: Celery) -> None:
    """F22: `consumer_timeout` closes the channel, and everything on it would come again."""
    assert timedelta(seconds=app.conf.task_soft_time_limit) < timedelta(seconds=app.conf.task_time_limit)
    assert timedelta(seconds=app.conf.task_time_limit) < RABBITMQS_ACK_TIMEOUT


def test_the_queues_are_those_of_the_topology_with_their_arguments(app: Celery) -> None:
    topology = Topology("unit")
    assert sorted(app.amqp.queues) == sorted(topology.name(lane) for lane in LANES)
    for lane in LANES:
        assert app.amqp.queues[topology.name(lane)].queue_arguments == topology.queue(lane).queue_arguments


def test_beat_rings_in_utc_at_intervals_and_never_at_a_local_time(app: Celery) -> None:
    """Beat in a local zone has holes around clock changes; which job is due is our own calendar's matter."""
    entries = app.conf.beat_schedule
    assert {name: entry["task"] for name, entry in entries.items()} == {"tick": "clock.tick", "sweep": "dispatch.sweep"}
    assert entries["tick"]["schedule"].run_every == timedelta(seconds=TICK_SECONDS)
    assert entries["sweep"]["schedule"].run_every == timedelta(seconds=SWEEP_SECONDS)


def test_a_night_without_workers_leaves_no_heap_of_ticks(app: Celery) -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] <= 60


def test_nothing_is_delayed_at_the_broker(app: Celery) -> None:
    """Decision 0002: no countdown, no ETA, no chain, no result."""
    assert all(not {"countdown", "eta", "link"} & set(entry["options"]) for entry in app.conf.beat_schedule.values())


def test_two_installations_share_nothing() -> None:
    one, other = make_app("amqp://127.0.0.1:9//", "one"), make_app("amqp://127.0.0.1:9//", "other")
    assert not set(one.amqp.queues) & set(other.amqp.queues)
    assert one.conf.task_default_exchange != other.conf.task_default_exchange
