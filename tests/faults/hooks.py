"""What happens at an instant: listed, or the process is killed, raised at, or frozen there for a while.

An instant is written ``name#ordinal``: the ordinal-th time, from 1, that this process passes that failpoint, counted
over all its threads. An order is ``name#ordinal:action``.
"""

import os
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

STALL_SECONDS = 2.0
"""How long a frozen thread stays frozen: several leases of the scaled settings."""


class Action(StrEnum):
    """What is done to the process."""

    KILL = "kill"
    RAISE = "raise"
    STALL = "stall"


class InjectedError(RuntimeError):
    """A fault in the program, as far as the program can tell: no family of ours."""


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """One passing of one failpoint."""

    name: str
    ordinal: int

    def __str__(self) -> str:
        """As it is written in orders and results."""
        return f"{self.name}#{self.ordinal}"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to happen where."""

    instant: Instant
    action: Action

    def __str__(self) -> str:
        """As the child reads it."""
        return f"{self.instant}:{self.action}"


def parsed(text: str) -> Order:
    """Read ``name#ordinal:action``; ``ValueError`` for anything else."""
    place, _, action = text.rpartition(":")
    name, _, ordinal = place.rpartition("#")
    if not name or int(ordinal) < 1:
        raise ValueError("an order is name#ordinal:action")
    return Order(Instant(name, int(ordinal)), Action(action))


@dataclass
class Listing:
    """Writes the name of each instant as it passes; what stands in the file survives the process."""

    file: Path

    def __call__(self, name: str) -> None:
        """One line, in one write."""
        noted(self.file, name)


@dataclass
class Fault:
    """Carries out one order, once, and says so first."""

    order: Order
    file: Path
    _seen: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, name: str) -> None:
        """Count the passings of the one instant that is meant."""
        if name != self.order.instant.name:
            return
        with self._lock:
            self._seen += 1
            is_now = self._seen == self.order.instant.ordinal
        if is_now:
            noted(self.file, str(self.order))
            self._act()

    def _act(self) -> None:
        match self.order.action:
            case Action.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
                signal.pause()  # the signal comes before this returns; no further line of ours runs
            case Action.RAISE:
                raise InjectedError(str(self.order))
            case Action.STALL:
                time.sleep(STALL_SECONDS)


def noted(file: Path, line: str) -> None:
    """Append one line so that it is there whatever happens next to this process."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


def lines(file: Path) -> list[str]:
    """What was noted so far."""
    return file.read_text("utf-8").splitlines() if file.exists() else []


def instants(names: list[str]) -> list[Instant]:
    """Every passing of a listing as an instant, in the order of its first passing."""
    return [Instant(name, ordinal) for name, count in Counter(names).items() for ordinal in range(1, count + 1)]
