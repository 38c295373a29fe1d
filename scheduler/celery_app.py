"""The Celery application: a bell carrier. Why each setting stands as it does is told in decision 0014.

The database is the queue of record; a message holds ids only, may come twice, late or never, and does no harm.
"""

from datetime import timedelta

from celery import Celery
from celery.schedules import schedule

from scheduler.queues import JOBS, Topology

TICK_SECONDS = 20
SWEEP_SECONDS = 15


def make_app(broker_url: str, prefix: str) -> Celery:
    """The application for a broker, without tasks yet; declares nothing and connects to nothing."""
    topology = Topology(prefix)
    app = Celery("cii-sync", broker=broker_url, set_as_current=False)
    app.conf.update(
        task_queues=topology.work_queues(),
        task_default_queue=topology.name(JOBS),
        task_default_exchange=topology.exchange.name,
        task_default_exchange_type="topic",
        task_default_routing_key=topology.name(JOBS),
        task_create_missing_queues=False,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_acks_on_failure=False,
        task_acks_on_timeout=False,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        broker_transport_options={"confirm_publish": True},
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_heartbeat=30,
        task_ignore_result=True,
        result_backend=None,
        task_serializer="json",
        accept_content=["json"],
        worker_send_task_events=False,
        worker_consumer="scheduler.consumer:SettingAsideConsumer",
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        task_soft_time_limit=1500,
        task_time_limit=1620,
        worker_soft_shutdown_timeout=60,
        enable_utc=True,
        timezone="UTC",
        beat_scheduler="celery.beat:Scheduler",
        beat_schedule=_beat(topology),
    )
    return app


def _beat(topology: Topology) -> dict[str, dict[str, object]]:
    """Two short beats in UTC; which job is due in local time is our own calendar's matter."""
    lane = {"queue": topology.name(JOBS), "expires": 60}
    return {
        "tick": {"task": "clock.tick", "schedule": schedule(timedelta(seconds=TICK_SECONDS)), "options": lane},
        "sweep": {"task": "dispatch.sweep", "schedule": schedule(timedelta(seconds=SWEEP_SECONDS)), "options": lane},
    }
