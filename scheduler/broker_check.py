"""Whether the broker lets us in, for ``doctor``."""

from kombu import Connection
from kombu.exceptions import OperationalError

from config.settings import Settings
from domain.ports import CheckResult
from scheduler.celery_runner import broker_of

SECONDS = 5


def broker_answers(settings: Settings) -> CheckResult:
    """One connection; the address and its login are never shown."""
    try:
        with Connection(broker_of(settings), connect_timeout=SECONDS) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=SECONDS)
    except (OperationalError, OSError) as error:
        name = type(error).__name__
        return CheckResult("broker", ok=False, message=f"no connection ({name}): look at CII_BROKER_URL and RabbitMQ")
    return CheckResult("broker", ok=True, message="answers")
