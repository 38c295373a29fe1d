"""Exchanges and queues, declared with kombu: one work queue per target, one for what people wait for, one for jobs.

Quorum queues with a delivery limit; what exceeds it goes to the dead queue at least once (RabbitMQ 3.10 and later).
The arguments of a queue cannot be changed in place, so its name carries a version.
"""

from dataclasses import dataclass
from typing import Any

from kombu import Exchange, Queue

from domain.facets import Target
from scheduler.broker import channel_to

VERSION = "v1"
DELIVERY_LIMIT = 5
"""Times that one message is offered again before it is set aside as poison."""

EXPRESS = "express"
JOBS = "jobs"
LANES = (*(target.value for target in Target), EXPRESS, JOBS)
"""What a worker can be told to serve, by name."""


@dataclass(frozen=True, slots=True)
class Topology:
    """All that must exist at the broker before the first message; ``prefix`` keeps installations apart."""

    prefix: str

    @property
    def exchange(self) -> Exchange:
        """Where all bells are rung."""
        return Exchange(f"{self.prefix}.work", type="topic", durable=True)

    @property
    def dead_exchange(self) -> Exchange:
        """Where messages go that no worker could take."""
        return Exchange(f"{self.prefix}.dead", type="topic", durable=True)

    def name(self, lane: str) -> str:
        """The queue of a lane."""
        return f"{self.prefix}.{lane}.{VERSION}"

    def queue(self, lane: str) -> Queue:
        """One work queue."""
        name = self.name(lane)
        return Queue(
            name,
            self.exchange,
            routing_key=name,
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-delivery-limit": DELIVERY_LIMIT,
                "x-dead-letter-exchange": self.dead_exchange.name,
                "x-dead-letter-routing-key": f"{name}.dead",
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            },
        )

    @property
    def dead_name(self) -> str:
        """The queue of what was set aside."""
        return f"{self.prefix}.dead.{VERSION}"

    def dead_queue(self) -> Queue:
        """Everything that was set aside, from all lanes."""
        arguments = {"x-queue-type": "quorum"}
        return Queue(self.dead_name, self.dead_exchange, routing_key="#", durable=True, queue_arguments=arguments)

    def work_queues(self) -> tuple[Queue, ...]:
        """One for each lane."""
        return tuple(self.queue(lane) for lane in LANES)

    def declare(self, broker_url: str) -> None:
        """Make everything, the dead end first: a message without a route would stay in its source queue for ever.

        Declaring again changes nothing. Raises as ``scheduler.broker.channel_to`` does.
        """
        with channel_to(broker_url) as channel:
            for queue in (self.dead_queue(), *self.work_queues()):
                queue(channel).declare()

    def set_aside(self, broker_url: str) -> int:
        """How many messages the dead queue holds; 0 before it was ever declared. Raises as ``declare``."""
        with channel_to(broker_url) as channel:
            queue = self.dead_queue()(channel)
            queue.declare()
            answer: Any = queue.queue_declare(passive=True)  # kombu's type names the queue alone
            return int(answer.message_count)

    def remove(self, broker_url: str) -> None:
        """Delete everything again; for tests and for leaving a version behind, with what is still inside."""
        with channel_to(broker_url) as channel:
            for queue in (*self.work_queues(), self.dead_queue()):
                queue(channel).delete()
            for exchange in (self.exchange, self.dead_exchange):
                exchange(channel).delete()
