"""How far long work is: a line on standard error, for a person at a terminal only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from console.screen import err, plain

if TYPE_CHECKING:
    from pipelines.needs import Progress as Tell

STAGES = {
    "cii": "reading the CII software",
    "plasta": "looking up in PLASTA",
    "decide": "comparing and deciding",
    "plan": "planning",
    "send": "sending",
}
"""What the stages of the pipelines are called; another one is shown by its own name."""


def bars_on(bars: Progress) -> "Tell":
    """Tells by bars: one per stage, made when its stage first speaks."""
    tasks: dict[str, TaskID] = {}

    def tell(stage: str, done: int, total: int | None) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(plain(STAGES.get(stage, stage)), total=total)
        bars.update(tasks[stage], completed=done, total=total)

    return tell


def _silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


@contextmanager
def shown(*, quiet: bool) -> Iterator["Tell"]:
    """Progress for the length of a block; silent when not at a terminal, or when a machine reads."""
    if quiet or not sys.stderr.isatty():
        yield _silent
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err(), transient=True) as bars:
        yield bars_on(bars)
