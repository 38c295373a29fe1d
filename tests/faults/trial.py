"""One trial in-process: a scenario with one fault in it, started again as it was, until all has come to rest."""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.startup import configure
from sandbox.population.generate import Population
from sandbox.serve import Sandbox
from scheduler.bootstrap import utc_now
from store.opening import open_store
from tests.faults import stage
from tests.faults.checker import Scene, check
from tests.faults.child import BUSY, FAILPOINT, NOTES, SILENCE
from tests.faults.hooks import Action, Instant, Order, instants, lines
from tests.faults.processes import HangingError, Running, start, until
from tests.faults.tally import Verdict

ROUNDS = 3
"""Starts of the same command before the night has to mend what is left."""

ALONE = "process"
"""The role of the only process of the in-process runner."""


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario: whether it begins with everything parked, and the story of its one case (none: all cases)."""

    scenario: str
    parked: bool = False
    story: str = ""

    def command(self, population: Population) -> list[str]:
        """What the child is told."""
        return [self.scenario, *self.cases(population)] if self.story else [self.scenario]

    def cases(self, population: Population) -> Sequence[str]:
        """The cases that must end as expected."""
        return population.expected.cases(self.story)[:1] if self.story else tuple(population.expected.scenario_of)


PLAYS: Mapping[str, Play] = {
    play.scenario: play
    for play in (
        Play("nightly"),
        Play("check", story="keyword_missing"),
        Play("mail", story="reinserted"),
        Play("replay", parked=True),
    )
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to. ``night``: the next nightly had to bring what the same command did not."""

    order: Order
    reached: bool
    verdict: Verdict
    night: bool
    seconds: float


@dataclass
class Set:
    """A fresh sandbox and a state of its own, set for one trial."""

    play: Play
    sandbox: Sandbox
    place: Path
    environ: Mapping[str, str]
    _logs: list[Path] = field(default_factory=list)
    _running: list[Running] = field(default_factory=list)

    @property
    def command(self) -> list[str]:
        """What is started, and started again."""
        return self.play.command(self.sandbox.population)

    def notes(self, role: str) -> Path:
        """Where a process tells which instants it reached."""
        return self.place / f"{role}.notes"

    def start(self, command: Sequence[str], **more: str) -> Running:
        """Start a process of this set, with a log of its own."""
        self._logs.append(self.place / f"{len(self._logs)}.log")
        self._running.append(start(command, {**self.environ, **more}, self._logs[-1]))
        return self._running[-1]

    def listed(self, command: Sequence[str], role: str) -> Running:
        """Start a process that lists the instants that it passes."""
        return self.start(command, **{NOTES: str(self.notes(role))})

    def faulty(self, command: Sequence[str], role: str, order: Order) -> Running:
        """Start a process with a fault in it."""
        return self.start(command, **{NOTES: str(self.notes(role)), FAILPOINT: str(order)})

    def cleared(self) -> None:
        """End whatever still runs, also after a trial that failed."""
        for one in self._running:
            one.kill()

    def reached(self, role: str) -> bool:
        """Whether the fault of that process took place."""
        return bool(lines(self.notes(role)))

    def judged(self) -> Verdict:
        """What the checker says of the state as it stands."""
        configuration = configure(self.environ)
        settings = configuration.settings
        store = open_store(settings.database_url.get_secret_value(), settings.key_file, utc_now)
        try:
            cases = self.play.cases(self.sandbox.population)
            logs = [log for log in self._logs if log.exists()]
            return check(Scene(self.sandbox, store, configuration.registry, cases, logs, settings.state_dir))
        finally:
            store.engine.dispose()


@dataclass
class Theatre:
    """The in-process runner on SQLite: prepared states, made once; every trial plays on a copy."""

    folder: Path
    population: Population = field(default_factory=lambda: stage.people(stage.today()))
    _count: int = 0

    def listing(self, play: Play) -> list[tuple[str, Instant]]:
        """Every instant that the scenario passes when nothing goes wrong; it must go right."""
        with self.set_up(play) as scenery:
            code = scenery.listed(scenery.command, ALONE).ended()
            demand_right(scenery, code)
            return [(ALONE, instant) for instant in instants(lines(scenery.notes(ALONE)))]

    def trial(self, play: Play, role: str, order: Order) -> Outcome:
        """The scenario with one fault, then the same command again until the checker has nothing to say."""
        began = time.monotonic()
        with self.set_up(play) as scenery:
            first = scenery.faulty(scenery.command, role, order)
            if order.action is Action.STALL and until(lambda: first.is_over or scenery.reached(role)):
                scenery.start(["send"]).ended()
            first.ended()
            verdict, night = recovered(scenery)
            return Outcome(order, scenery.reached(role), verdict, night, time.monotonic() - began)

    @contextmanager
    def set_up(self, play: Play) -> Iterator[Set]:
        """A fresh sandbox, a state of its own; the files are gone afterwards."""
        self._count += 1
        place = self.folder / f"trial-{self._count}"
        place.mkdir(parents=True)
        with stage.stage(self.population) as sandbox:
            state = stage.copied(self._template(play), place / "state")
            scenery = Set(play, sandbox, place, stage.settings(sandbox, state))
            try:
                yield scenery
            finally:
                scenery.cleared()
        shutil.rmtree(place)

    def _template(self, play: Play) -> Path:
        made = self.folder / f"template-{'parked' if play.parked else 'fresh'}"
        if not made.exists():
            stage.prepare(made, self.population, parked=play.parked)
        return made


def demand_right(scenery: Set, code: int) -> None:
    """A scenario without a fault must leave nothing to say."""
    verdict = scenery.judged()
    if code or not verdict.tally.is_clean:
        raise HangingError(f"{scenery.play.scenario} fails without a fault: exit code {code}, {verdict.problems}")


def recovered(scenery: Set) -> tuple[Verdict, bool]:
    """Start the same command and the sending again; what is still open after some rounds is for the next night."""
    verdict = scenery.judged()
    for command in (scenery.command, ["send"]) * ROUNDS:
        if verdict.tally.is_clean:
            return verdict, False
        _patiently(scenery, command)
        verdict = scenery.judged()
    if verdict.tally.is_clean:
        return verdict, False
    _patiently(scenery, ["nightly"])
    _patiently(scenery, ["send"])
    return scenery.judged(), True


def _patiently(scenery: Set, command: Sequence[str]) -> None:
    """Run a command; when another run seems to be at work, again after its silence."""
    for _ in range(ROUNDS):
        if scenery.start(command).ended() != BUSY:
            return
        time.sleep(SILENCE.total_seconds())
