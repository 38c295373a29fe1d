"""One process without servers: the owed nightly once, then what falls due, until it is told to stop."""

import os
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.startup import Configuration
from domain.books import RunState
from domain.errors import NotFoundError
from domain.people import CaseId
from pipelines.needs import silent
from sandbox.faults import Fault
from sandbox.serve import Sandbox
from scheduler.bootstrap import House, open_house, upgrade, utc_now
from scheduler.runner import NightlyOrder
from scheduler.workers import run_loop, run_worker, stopped_by_signal
from tests.flows.conftest import switched_on
from tests.flows.counting import doubled
from tests.flows.settings import configuration, environ
from tests.flows.test_nightly import assert_as_expected, effects
from tests.scheduler.processes import Program, until

PATIENCE = timedelta(seconds=30)


@pytest.fixture
def made(sandbox: Sandbox, tmp_path: Path) -> Configuration:
    """A small office's installation, with its database."""
    made = configuration(sandbox, tmp_path)
    upgrade(made.settings)
    return made


@pytest.fixture
def house(made: Configuration) -> Iterator[House]:
    """Its house beside the loop's own, as a command of the same machine has it; every flow on."""
    with open_house(made) as opened:
        yield switched_on(opened)


class Stopping(threading.Event):
    """A stop that comes after so many whole rounds."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.rounds = rounds
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is not None and timeout >= 1:
            self.pauses.append(timeout)
            if len(self.pauses) >= self.rounds:
                self.set()
            return self.is_set()
        return super().wait(timeout)


def test_the_owed_nightly_runs_once_and_then_the_loop_is_idle(
    made: Configuration, house: House, sandbox: Sandbox
) -> None:
    run_loop(made, Stopping(rounds=1))
    first = house.needs.runs.listed()
    done = effects(sandbox)
    run_loop(made, Stopping(rounds=3))

    assert [run.state for run in first] == [RunState.DONE]
    assert_as_expected(house, sandbox)
    assert house.needs.runs.listed() == first, "a second start and later rounds do not run the slot again"
    assert effects(sandbox) == done
    assert doubled(sandbox) == {}


def test_told_to_stop_before_it_began_it_does_nothing(made: Configuration, house: House, sandbox: Sandbox) -> None:
    stop = threading.Event()
    stop.set()
    run_loop(made, stop)

    assert house.needs.runs.listed() == []
    assert effects(sandbox) == 0


def test_a_round_goes_on_beside_a_target_that_is_away_and_catches_up(
    made: Configuration, house: House, sandbox: Sandbox
) -> None:
    sandbox.plasta.faults.switch_on(Fault("http_status", operations="addStesSchlagwort", status=503, count=2))
    run_loop(made, Stopping(rounds=1))
    house.runner.send(PATIENCE, silent)

    assert_as_expected(house, sandbox)
    assert doubled(sandbox) == {}


def test_a_worker_of_a_small_office_is_the_loop_and_ends_on_sigterm(made: Configuration, house: House) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def end_it() -> None:
        until(house.needs.runs.listed, "the nightly")
        os.kill(os.getpid(), signal.SIGTERM)

    watch = threading.Thread(target=end_it)
    watch.start()
    try:
        run_worker(made)
    finally:
        watch.join()
        for number, handler in before.items():
            signal.signal(number, handler)

    assert [run.state for run in house.needs.runs.listed()] == [RunState.DONE]


def test_the_second_signal_kills() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        stop = stopped_by_signal()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(30)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_command_serves_and_ends_well_with_a_log_of_ours(sandbox: Sandbox, tmp_path: Path, house: House) -> None:
    with Program(environ(sandbox, tmp_path), tmp_path / "loop.log", "worker") as loop:
        until(lambda: [run.state for run in house.needs.runs.listed()] == [RunState.DONE], "the nightly")
        code = loop.stop()

    assert code == 0
    assert {line["logger"].split(".")[0] for line in loop.lines()} <= {"scheduler", "config", "store"}


def test_f7_killed_in_the_middle_of_sending_the_next_start_goes_on(
    sandbox: Sandbox, tmp_path: Path, house: House
) -> None:
    sandbox.cii.faults.switch_on(Fault("slow", operations="putMirrorFacet", seconds=0.3))
    variables = environ(sandbox, tmp_path, CII_DISPATCH__LEASE_SECONDS="2", CII_DISPATCH__CHUNK="20")
    with Program(variables, tmp_path / "loop.log", "worker") as loop:
        until(lambda: len(sandbox.cii.ledger.effects()) > 3, "some write-backs")
        loop.stop(signal.SIGKILL)
    sandbox.cii.faults.clear()
    house.runner.send(PATIENCE, silent)

    assert doubled(sandbox) == {}
    keywords_and_mirrors = [one for one in house.needs.intents.listed(limit=10_000) if one.wish.target != "mail"]
    assert {one.state.value for one in keywords_and_mirrors} <= {"done", "already_so", "overtaken"}


def test_plan_apply_check_and_notice_in_process(house: House, sandbox: Sandbox) -> None:
    expected = sandbox.population.expected
    order = NightlyOrder(utc_now(), apply=False)
    planned = house.runner.nightly(order, silent)
    assert planned is not None
    assert house.runner.nightly(order, silent) is None, "the same run again"
    assert effects(sandbox) == 0
    assert house.runner.apply(planned.run_id) == planned.counts["wished"]
    with pytest.raises(NotFoundError):
        house.runner.apply(planned.run_id)
    mails = house.runner.notice(CaseId(expected.cases("reinserted")[0]), PATIENCE)
    house.runner.send(PATIENCE, silent)
    request, _ = house.runner.check(CaseId(expected.cases("agreed")[0]), "test", PATIENCE)

    assert len(mails) == 2
    assert request.answer is not None
    assert_as_expected(house, sandbox)
    assert doubled(sandbox) == {}
