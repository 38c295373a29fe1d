"""Failpoints and hooks: nothing without a hook, the right passing with one, over all threads of a process."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain import failpoints
from domain.failpoints import failpoint
from tests.faults.child import FAILPOINT, NOTES
from tests.faults.hooks import Action, Fault, InjectedError, Instant, Listing, Order, instants, lines, parsed
from tests.faults.trial import ALONE, PLAYS, Theatre

HERE = "room.here"


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    """No hook outlives its test."""
    yield
    failpoints.disarm()


def test_without_a_hook_a_failpoint_does_nothing() -> None:
    failpoint(HERE)


def test_a_hook_is_told_until_it_is_taken_away() -> None:
    told: list[str] = []
    failpoints.arm(told.append)
    failpoint(HERE)
    failpoints.disarm()
    failpoint(HERE)
    assert told == [HERE]


def test_a_listing_counts_each_passing_as_an_instant(tmp_path: Path) -> None:
    failpoints.arm(Listing(tmp_path / "notes"))
    for name in (HERE, "room.there", HERE):
        failpoint(name)
    assert instants(lines(tmp_path / "notes")) == [Instant(HERE, 1), Instant(HERE, 2), Instant("room.there", 1)]


def test_a_fault_takes_place_once_at_its_own_passing_whatever_thread_passes(tmp_path: Path) -> None:
    failpoints.arm(Fault(Order(Instant(HERE, 7), Action.RAISE), tmp_path / "notes"))

    def passing(_number: int) -> bool:
        failpoint("room.there")
        try:
            failpoint(HERE)
        except InjectedError:
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        hit = list(pool.map(passing, range(20)))
    assert hit.count(True) == 1
    assert lines(tmp_path / "notes") == [f"{HERE}#7:raise"]


@pytest.mark.parametrize("order", [Order(Instant("a.b", 1), action) for action in Action])
def test_an_order_is_read_as_it_is_written(order: Order) -> None:
    assert parsed(str(order)) == order


@pytest.mark.parametrize("text", ["", "a.b", "a.b#1", "a.b:kill", "a.b#0:kill", "a.b#x:kill", "a.b#1:explode"])
def test_anything_else_is_no_order(text: str) -> None:
    with pytest.raises(ValueError, match=r"order|literal|Action"):
        parsed(text)


def test_a_kill_is_a_kill(tmp_path: Path) -> None:
    with Theatre(tmp_path).set_up(PLAYS["mail"]) as scenery:
        order = "notice.decided#1:kill"
        process = scenery.start(scenery.command, **{NOTES: str(scenery.notes(ALONE)), FAILPOINT: order})
        assert process.ended() == -signal.SIGKILL
        assert lines(scenery.notes(ALONE)) == [order]
