"""Whether the broker lets us in, and what it set aside, for ``doctor``."""

from config.settings import Settings
from domain.ports import CheckResult
from scheduler.broker import broker_of
from scheduler.queues import Topology


def broker_answers(settings: Settings) -> CheckResult:
    """One connection; messages that no worker could take are told, since their work may wait for a person.

    Raises as ``scheduler.broker.channel_to``; the address and its login are never shown.
    """
    topology = Topology(settings.queue_prefix)
    count = topology.set_aside(broker_of(settings))
    aside = f"; {count} messages were set aside in {topology.dead_name}" if count else ""
    return CheckResult("broker", ok=True, message=f"answers{aside}")
