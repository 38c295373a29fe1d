"""Tells a receiver that a person changed a case: the contract's webhook, signed, sent by one thread, five tries.

The body holds no personal data. A message that is never taken is counted and dropped: the change feed has it too.
"""

from __future__ import annotations

import hmac
import logging
import queue
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from sandbox.cii.records import Case
from sandbox.cii.wire import encoded, instant

TRIES = 5
ANSWER_SECONDS = 5.0
_log = logging.getLogger(__name__)


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """`X-CII-Signature`: HMAC-SHA256 over the timestamp, a full stop and the body."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, sha256).hexdigest()


class Webhook:
    """Sends `caseChanged` to `url`. `first_pause` seconds pass before the second try, twice as many before the next."""

    def __init__(self, url: str, secret: bytes, clock: Callable[[], datetime], *, first_pause: float = 0.5) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("the webhook's address must be http or https")
        self._url = url
        self._secret = secret
        self._clock = clock
        self._first_pause = first_pause
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox:cii-webhook", daemon=True)
        self.sent = 0
        self.dropped = 0

    def start(self) -> None:
        """Send in a background thread."""
        self._thread.start()

    def stop(self) -> None:
        """Give up what waits, and end the thread."""
        self._ending.set()
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def changed(self, case: Case) -> None:
        """Queue one message about a case."""
        self._waiting.put(
            encoded(
                {
                    "messageId": str(uuid.uuid4()),
                    "caseId": case.case_id,
                    "sequence": case.sequence,
                    "changedAt": instant(case.changed_at),
                }
            )
        )

    def _run(self) -> None:
        while (body := self._waiting.get()) is not None and not self._ending.is_set():
            if self._delivered(body):
                self.sent += 1
            else:
                self.dropped += 1
                _log.warning("A webhook message was not taken after %d tries", TRIES)

    def _delivered(self, body: bytes) -> bool:
        for number in range(TRIES):
            if number and self._ending.wait(self._first_pause * 2 ** (number - 1)):
                return False
            if self._post(body):
                return True
        return False

    def _post(self, body: bytes) -> bool:
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-CII-Timestamp": timestamp,
            "X-CII-Signature": signature(self._secret, timestamp, body),
        }
        request = urllib.request.Request(self._url, body, headers, method="POST")  # noqa: S310 - checked in __init__
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - checked in __init__
                return bool(answer.status < 300)  # noqa: PLR2004
        except (OSError, urllib.error.HTTPError):
            return False
