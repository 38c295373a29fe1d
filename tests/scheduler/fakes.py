"""What jobs ring for and hand on, kept in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time

from domain.facets import Target
from scheduler.jobs import Jobs
from tests.pipelines.world import World

NIGHTLY_AT = time(22, 0)


@dataclass
class Rung:
    """The bell in memory: what was rung for, and what was handed to which task."""

    rings: list[tuple[Target, tuple[str, ...]]] = field(default_factory=list)
    handed: list[tuple[str, str]] = field(default_factory=list)

    def ring(self, target: Target, ids: Sequence[str]) -> None:
        """These intents of a target can be claimed."""
        self.rings.append((target, tuple(ids)))

    def hand(self, task: str, reference: str) -> None:
        """One id for a named task."""
        self.handed.append((task, reference))

    def ids(self, target: Target) -> list[str]:
        """All that was ever rung for at a target."""
        return [one for where, ids in self.rings if where is target for one in ids]


def jobs_of(world: World, rung: Rung, worker: str = "one") -> Jobs:
    """A worker's jobs over a world."""
    return Jobs(world.needs, worker, rung.ring, rung.hand, NIGHTLY_AT)


def deliver(jobs: Jobs, rung: Rung) -> None:
    """Play the broker: deliver what was rung for and handed on, until nothing is left."""
    names = {
        "nightly.plan": jobs.nightly_plan,
        "nightly.apply": jobs.nightly_apply,
        "nightly.whole": jobs.nightly_whole,
        "check.run": jobs.check_run,
        "notice.run": jobs.notice_run,
    }
    while rung.handed or rung.rings:
        if rung.handed:
            task, reference = rung.handed.pop(0)
            names[task](reference)
        else:
            _, ids = rung.rings.pop(0)
            jobs.dispatch_run(ids)
