"""Queues on the real broker: declared as drilled (`engine.md`), harmless to declare again, and with a dead end."""

from typing import Any

import kombu
import pytest

from config.settings import Settings
from domain.errors import SettingsError
from scheduler.broker import channel_to
from scheduler.broker_check import broker_answers
from scheduler.queues import DELIVERY_LIMIT, LANES, Topology
from tests.scheduler.processes import until
from tests.scheduler.settings import settings

ARGUMENTS = {
    "x-queue-type": "quorum",
    "x-delivery-limit": DELIVERY_LIMIT,
    "x-dead-letter-exchange": "unit.dead",
    "x-dead-letter-routing-key": "unit.plasta.v1.dead",
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}


def celery_settings(broker_url: str, topology: Topology) -> Settings:
    """Settings of an installation of this prefix."""
    return settings(CII_RUNNER="celery", CII_BROKER_URL=broker_url, CII_QUEUE_PREFIX=topology.prefix)


def test_each_queue_has_the_arguments_that_keep_promises() -> None:
    topology = Topology("unit")
    assert topology.queue("plasta").queue_arguments == ARGUMENTS
    for queue in topology.work_queues():
        assert queue.queue_arguments == {**ARGUMENTS, "x-dead-letter-routing-key": f"{queue.name}.dead"}
        assert queue.durable
        assert queue.exchange.type == "topic"
        assert queue.routing_key == queue.name


def test_a_prefix_and_a_version_keep_installations_and_versions_apart() -> None:
    assert [queue.name for queue in Topology("canton").work_queues()] == [f"canton.{lane}.v1" for lane in LANES]
    assert Topology("canton").dead_name == "canton.dead.v1"


@pytest.mark.rabbitmq
def test_declaring_again_is_harmless_and_keeps_what_is_inside(rabbitmq_url: str, topology: Topology) -> None:
    publish(rabbitmq_url, topology, b"{}")
    topology.declare(rabbitmq_url)

    assert waiting(rabbitmq_url, topology.name("jobs")) == 1


@pytest.mark.rabbitmq
@pytest.mark.parametrize("name", [*ARGUMENTS, "durable"])
def test_the_broker_holds_each_argument(rabbitmq_url: str, topology: Topology, name: str) -> None:
    """RabbitMQ refuses a declaration that differs from what stands: so it stands as we meant it."""
    for lane in LANES:
        queue = topology.queue(lane)
        rest = {key: value for key, value in (queue.queue_arguments or {}).items() if key != name}
        other = kombu.Queue(
            queue.name, queue.exchange, queue.routing_key, durable=name != "durable", queue_arguments=rest
        )
        with pytest.raises(SettingsError, match="CII_QUEUE_PREFIX"), channel_to(rabbitmq_url) as channel:
            other(channel).queue_declare()


@pytest.mark.rabbitmq
def test_the_dead_end_is_declared_first(rabbitmq_url: str, queue_prefix: str) -> None:
    """Killed in the middle of declaring, no work queue stands without it: its messages would have no way out."""
    topology = Topology(queue_prefix.strip("."))
    order: list[str] = []

    class Recording(Topology):
        """Notes what is asked for, in its order."""

        def dead_queue(self) -> kombu.Queue:
            order.append("dead")
            return super().dead_queue()

        def queue(self, lane: str) -> kombu.Queue:
            order.append(lane)
            return super().queue(lane)

    Recording(topology.prefix).declare(rabbitmq_url)
    topology.remove(rabbitmq_url)

    assert order == ["dead", *LANES]


@pytest.mark.rabbitmq
def test_a_poison_message_is_set_aside_after_the_delivery_limit(rabbitmq_url: str, topology: Topology) -> None:
    publish(rabbitmq_url, topology, b'["a-reference"]')
    starts: list[object] = []

    def start() -> bool:
        """Another worker that dies of it; the broker takes a moment to offer it again."""
        if (message := taken(rabbitmq_url, topology.name("jobs"))) is not None:
            starts.append(message)
        return waiting(rabbitmq_url, topology.dead_name) == 1

    until(start, "the message in the dead queue")
    assert len(starts) == DELIVERY_LIMIT + 1
    with channel_to(rabbitmq_url) as channel:
        dead: Any = topology.dead_queue()(channel).get(no_ack=True)
    assert dead.body in {b'["a-reference"]', '["a-reference"]'}
    (death,) = dead.headers["x-death"]
    assert (death["queue"], death["reason"]) == (topology.name("jobs"), "delivery_limit")


@pytest.mark.rabbitmq
def test_doctor_tells_what_was_set_aside(rabbitmq_url: str, topology: Topology) -> None:
    made = celery_settings(rabbitmq_url, topology)
    before = broker_answers(made)
    publish(rabbitmq_url, topology, b"{}", to=topology.dead_exchange)
    until(lambda: topology.set_aside(rabbitmq_url), "the message in the dead queue")
    after = broker_answers(made)

    assert (before.ok, before.message) == (True, "answers")
    assert after.ok
    assert f"1 messages were set aside in {topology.dead_name}" in after.message


@pytest.mark.rabbitmq
def test_a_queue_that_stands_with_other_arguments_is_a_setting_to_change(rabbitmq_url: str, queue_prefix: str) -> None:
    prefix = queue_prefix.strip(".")
    with channel_to(rabbitmq_url) as channel:
        stranger = kombu.Queue(Topology(prefix).name("mail"), durable=True)(channel)
        stranger.declare()
    with pytest.raises(SettingsError, match="choose another prefix"):
        Topology(prefix).declare(rabbitmq_url)
    with channel_to(rabbitmq_url) as channel:
        stranger(channel).delete()
    Topology(prefix).declare(rabbitmq_url)
    Topology(prefix).remove(rabbitmq_url)


def publish(url: str, topology: Topology, body: bytes, to: kombu.Exchange | None = None) -> None:
    """A raw message among the jobs, or to another exchange."""
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        connection.Producer().publish(
            body,
            exchange=to or topology.exchange,
            routing_key=topology.name("jobs"),
            content_type="application/json",
            content_encoding="utf-8",
        )


def waiting(url: str, queue: str) -> int:
    """How many messages a queue holds."""
    with channel_to(url) as channel:
        answer: Any = kombu.Queue(queue)(channel).queue_declare(passive=True)
        return int(answer.message_count)


def taken(url: str, queue: str) -> object | None:
    """A message taken by a worker that dies at once: its channel closes without an answer. None when there is none."""
    with channel_to(url) as channel:
        return kombu.Queue(queue)(channel).get()
