"""Processes to be killed: forked from a server that has imported everything, since that takes longer than a trial.

The server has one thread and no state; a child of it is a process of its own like any other. ``python -m
tests.faults.child`` does the same from the beginning.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.faults import child
from tests.faults.hooks import InjectedError

LONGEST_SECONDS = 60.0
"""A child that takes longer hangs, which is a fault of its own."""

STOP_SECONDS = 20.0
POLL_SECONDS = 0.02

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.child", "celery.apps.worker", "celery.worker.consumer"])


class HangingError(RuntimeError):
    """A process did not end, or did not get as far as it should."""


@dataclass(frozen=True, slots=True)
class Running:
    """A child on its way."""

    process: ForkServerProcess

    @property
    def is_over(self) -> bool:
        """Whether it ended, in whatever way."""
        return not self.process.is_alive()

    def ended(self, seconds: float = LONGEST_SECONDS) -> int:
        """Wait for its end; the exit code, negative for the signal that killed it."""
        self.process.join(seconds)
        code = self.process.exitcode
        if code is None:
            self.kill()
            raise HangingError(f"{self.process.name} has not ended after {seconds:g} s")
        return code

    def stop(self) -> None:
        """Ask it to end, as a service manager does: SIGTERM, and SIGKILL for one that does not listen."""
        self.process.terminate()
        self.process.join(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it at once, wherever it is."""
        self.process.kill()
        self.process.join()


def start(arguments: Sequence[str], environ: Mapping[str, str], log: Path) -> Running:
    """Start a child; what it says goes to the log."""
    given = (list(arguments), dict(environ), str(log))
    process = _CONTEXT.Process(target=_enter, args=given, name=" ".join(arguments), daemon=True)
    process.start()
    return Running(process)


def _enter(arguments: list[str], environ: dict[str, str], log: str) -> None:
    """The child's beginning: its own output, its own end."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(handle, stream)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the driver, which ends its children
    try:
        code = child.main(arguments, environ)
    except InjectedError:
        sys.excepthook(*sys.exc_info())  # as the interpreter would; multiprocessing prints the values as well
        code = os.EX_SOFTWARE
    sys.exit(code)


def until(condition: Callable[[], bool], seconds: float = LONGEST_SECONDS) -> bool:
    """Whether a condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
