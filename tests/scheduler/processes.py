"""Workers and beats as processes of their own, started as an operator starts them, with their log in a file."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE = 90.0
"""Seconds for something that happens in a moment on an idle machine."""

KEPT = ("PATH", "HOME", "LANG")
FAST_BEAT = (
    "import os, scheduler.celery_app as app; app.TICK_SECONDS = app.SWEEP_SECONDS = 1; "
    "from config.startup import configure; from scheduler.workers import run_beat; run_beat(configure(os.environ))"
)
"""Beat with every interval a second, so that a test need not wait for the real ones."""

LOOKABLE = (
    "import os; from config.startup import configure; from scheduler.workers import run_worker; "
    "run_worker(configure(os.environ), ('jobs', 'cii', 'plasta'))"
)
"""A worker that sends no mail: a mail that it held when it is killed would wait for a person, as it must."""


class Program:
    """One process of ours; killed at the end of the block if it still runs."""

    def __init__(self, variables: Mapping[str, str], log: Path, *words: str, python: str = "") -> None:
        self._command = [sys.executable, "-c", python] if python else [sys.executable, "-m", "console.main", *words]
        self._variables = variables
        self._log, self._out = log, log.with_suffix(".out")

    def __enter__(self) -> Self:
        """Start it."""
        kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("COVERAGE_")}
        with self._log.open("ab") as log, self._out.open("ab") as out:
            self._process = subprocess.Popen(self._command, env={**kept, **self._variables}, stdout=out, stderr=log)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Nothing is left running."""
        if self._process.poll() is None:
            self.stop()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; its exit code."""
        self._process.send_signal(number)
        return self._process.wait(PATIENCE)

    def running(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def said(self) -> str:
        """All that it wrote, on either stream."""
        return self._out.read_text(encoding="utf-8") + self._log.read_text(encoding="utf-8")

    def lines(self) -> Sequence[Mapping[str, Any]]:
        """Its log, line by line; a line that is no JSON of ours is an error."""
        return [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines()]


def until(happened: Callable[[], object], what: str) -> None:
    """Wait until something happened, as long as a busy machine may need."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise AssertionError(f"this never happened: {what}")
        time.sleep(0.05)
