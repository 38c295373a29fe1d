"""Answers lost and servers that never answer, on the wire itself: the proxy stands between us and a stand-in."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.startup import configure
from domain.books import Run, RunState
from domain.intents import IntentState, Outcome
from pipelines.needs import silent
from sandbox.serve import Sandbox
from scheduler.bootstrap import House, open_house, utc_now
from scheduler.runner import NightlyOrder
from tests.faults import stage
from tests.faults.checker import Scene, check
from tests.faults.proxy import Disturbance, FaultProxy, blackhole, reset_peer, slicer
from tests.faults.tally import Verdict

PATIENCE = timedelta(seconds=20)
SHORT = {f"CII_CII__LIMITS__{name}_SECONDS": "0.5" for name in ("CONNECT", "READ", "DEADLINE")}


@dataclass
class Scenery:
    """A house whose way to one system leads through the proxy."""

    house: House
    sandbox: Sandbox
    proxy: FaultProxy
    folder: Path

    def night(self) -> Run:
        """A nightly and everything that follows from it."""
        run = self.house.runner.nightly(NightlyOrder(utc_now()), silent)
        assert run is not None
        self.house.runner.send(PATIENCE, silent)
        return run

    def judged(self) -> Verdict:
        """What the checker says; everybody must be as expected."""
        cases = tuple(self.sandbox.population.expected.scenario_of)
        return check(Scene(self.sandbox, self.house.store, self.house.configuration.registry, cases, (), self.folder))

    def lost_answers(self) -> int:
        """Attempts whose outcome was unknown."""
        book = self.house.needs.intents
        tries = [one for intent in book.listed(limit=1000) for one in book.attempts(intent.intent_id)]
        return sum(one.outcome is Outcome.UNKNOWN for one in tries)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proxied") / "template"
    stage.prepare(folder, stage.people(stage.today()), parked=False)
    return folder


@contextmanager
def scenery(template: Path, folder: Path, system: str, **more: str) -> Iterator[Scenery]:
    """A fresh sandbox, with a proxy before one of its systems."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(stage.stage(stage.people(stage.today())))
        state = stage.copied(template, folder / "state")
        direct = stage.settings(sandbox, state)
        ports = {
            "CII_CII__BASE_URL": urlsplit(direct["CII_CII__BASE_URL"]).port,
            "CII_PLASTA__URL": urlsplit(direct["CII_PLASTA__URL"]).port,
            "CII_MAIL__PORT": int(direct["CII_MAIL__PORT"]),
        }
        proxy = stack.enter_context(FaultProxy(sandbox.host, ports[system] or 0))
        led = {system: direct[system].replace(str(ports[system]), str(proxy.port))}
        house = stack.enter_context(open_house(configure({**direct, **led, **more})))
        yield Scenery(house, sandbox, proxy, state)


@pytest.mark.parametrize(
    ("system", "words"),
    [("CII_CII__BASE_URL", b"PUT /"), ("CII_PLASTA__URL", b"addStesSchlagwort>")],
    ids=["rest", "soap"],
)
def test_f41_a_lost_answer_is_looked_up_and_nothing_is_written_twice(
    template: Path, tmp_path: Path, system: str, words: bytes
) -> None:
    with scenery(template, tmp_path, system) as played:
        played.proxy.disturb(reset_peer(after=words, times=3))
        played.night()
        assert played.proxy.disturbed == 3
        assert played.lost_answers() == 3
        verdict = played.judged()
        assert verdict.problems == ()
        assert verdict.tally.unknown == 0


def test_f41_a_mail_whose_answer_is_lost_is_held_and_shown(template: Path, tmp_path: Path) -> None:
    with scenery(template, tmp_path, "CII_MAIL__PORT") as played:
        played.proxy.disturb(reset_peer(after=b"\r\n.\r\n", times=2))
        played.night()
        assert played.proxy.disturbed == 2
        verdict = played.judged()
        assert verdict.problems == ()
        assert verdict.tally.unknown == 2
        assert len(played.house.needs.intents.listed(frozenset({IntentState.UNKNOWN}))) == 2


@pytest.mark.parametrize("plan", [blackhole(), slicer(1, 0.02)], ids=["silence", "drip"])
def test_f32_a_server_that_never_comes_to_an_end_ends_the_run_and_nothing_else(
    template: Path, tmp_path: Path, plan: Disturbance
) -> None:
    with scenery(template, tmp_path, "CII_CII__BASE_URL", **SHORT) as played:
        played.proxy.disturb(plan)
        assert played.night().state is RunState.FAILED
        played.proxy.calm()
        assert played.night().state is RunState.DONE
        assert played.judged().problems == ()


def test_f31_a_target_that_is_down_costs_its_part_of_the_night_and_is_caught_up(template: Path, tmp_path: Path) -> None:
    with scenery(template, tmp_path, "CII_PLASTA__URL") as played:
        played.proxy.down()
        run = played.night()
        assert (run.state, run.counts["incomplete"]) == (RunState.DONE, 1)
        played.proxy.up()
        played.night()
        assert played.judged().problems == ()
