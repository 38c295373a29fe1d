"""The two runners as companies that play the same plays."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from tests.faults.celery_trial import CeleryTheatre
from tests.faults.hooks import Instant, Order
from tests.faults.trial import Outcome, Play, Theatre


class Company(Protocol):
    """Plays a scenario: without a fault to list its instants, or with one."""

    def listing(self, play: Play) -> list[tuple[str, Instant]]:
        """Every instant with the process that passes it."""
        ...

    def trial(self, play: Play, role: str, order: Order) -> Outcome:
        """One fault in one process."""
        ...


@contextmanager
def _in_process(folder: Path) -> Iterator[Company]:
    yield Theatre(folder)


@contextmanager
def _celery(folder: Path) -> Iterator[Company]:
    with CeleryTheatre(folder) as theatre:
        yield theatre


RUNNERS: Mapping[str, Callable[[Path], AbstractContextManager[Company]]] = {
    "in_process": _in_process,
    "celery": _celery,
}
"""By the name of the setting."""
