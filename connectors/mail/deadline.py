"""The time that is left for one mail, from the first packet to the last answer."""

import time
from collections.abc import Callable


class Deadline:
    """Runs from its creation, on a monotonic clock (seconds)."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds left, above 0; raises :class:`TimeoutError` when the time is over."""
        seconds = self._end - self._clock()
        if seconds <= 0:
            raise TimeoutError("total deadline reached")
        return seconds

    def at_most(self, seconds: float) -> float:
        """The smaller of ``seconds`` and what is left; raises :class:`TimeoutError` when the time is over."""
        return min(seconds, self.left())

    def shorten(self, seconds: float) -> None:
        """End in ``seconds`` at the latest."""
        self._end = min(self._end, self._clock() + seconds)
