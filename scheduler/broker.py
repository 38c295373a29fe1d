"""The way to the broker: one bounded connection, with its failures in our own words (no address, no login)."""

from collections.abc import Iterator
from contextlib import contextmanager

from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.transport.base import StdChannel
from kombu.transport.pyamqp import Transport

from config.settings import Settings
from domain.errors import CredentialsError, SettingsError, SyncError, UnavailableError

CONNECT_SECONDS = 5

FAILURES: tuple[type[Exception], ...] = (
    *Transport.connection_errors,
    *Transport.channel_errors,
    OperationalError,
    OSError,
)
"""Whatever a call to the broker can end with."""


def broker_of(settings: Settings) -> str:
    """The broker's address; ``SettingsError`` without one, since the Celery runner cannot start then."""
    if settings.broker_url is None:
        raise SettingsError(("CII_BROKER_URL: is not set; the celery runner needs a RabbitMQ broker",))
    return settings.broker_url.get_secret_value()


@contextmanager
def channel_to(broker_url: str) -> Iterator[StdChannel]:
    """A channel for the length of a block.

    ``UnavailableError`` when the broker does not answer, ``CredentialsError`` when it does not let us in,
    ``SettingsError`` when a queue of our name stands there with other arguments.
    """
    try:
        with Connection(broker_url, connect_timeout=CONNECT_SECONDS) as connection:
            # Asked here, because the first use would wait two seconds before its second try.
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
            with connection.channel() as channel:
                yield channel
    except FAILURES as error:
        raise _told(error) from None


def _told(error: Exception) -> SyncError:
    """Our own error by AMQP's reply code (530: no such virtual host); its text is left out, since it quotes names."""
    match getattr(error, "code", None):
        case 403:
            return CredentialsError("refuses our login: look at CII_BROKER_URL", system="broker")
        case 530:
            return CredentialsError("has no such virtual host for us: look at CII_BROKER_URL", system="broker")
        case 406:
            fault = "CII_QUEUE_PREFIX: queues of this prefix stand with other arguments; choose another prefix"
            return SettingsError((fault,))
        case _:
            name = type(error).__name__
            return UnavailableError(f"no connection ({name}): look at CII_BROKER_URL and RabbitMQ", system="broker")
