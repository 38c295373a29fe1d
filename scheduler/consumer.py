"""Celery's consumer, except that a body that cannot be decoded is set aside instead of acknowledged and gone (F21)."""

import logging

from celery.worker.consumer import Consumer
from kombu import Message

from scheduler.broker import FAILURES

log = logging.getLogger(__name__)


class SettingAsideConsumer(Consumer):
    """What no worker can read ends in the dead queue, where an operator finds it; its content is never logged."""

    def on_decode_error(self, message: Message, exc: Exception) -> None:
        """Celery would log the body and acknowledge the message."""
        log.error("a message cannot be decoded and is set aside", extra={"reason": type(exc).__name__})
        message.reject_log_error(log, FAILURES)
