"""Something read once and kept for a while: PLASTA's code lists and catalogue change a few times a year."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A value with a time limit in seconds; a failed load keeps nothing, so the next call asks again."""

    def __init__(
        self, load: Callable[[], Value], seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._load = load
        self._seconds = seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: tuple[float, Value] | None = None

    def get(self) -> Value:
        """The value; loaded by one thread while the others wait for it."""
        with self._lock:
            now = self._monotonic()
            if self._kept is None or now - self._kept[0] >= self._seconds:
                self._kept = now, self._load()
            return self._kept[1]

    def forget(self) -> None:
        """Load anew at the next call."""
        with self._lock:
            self._kept = None
