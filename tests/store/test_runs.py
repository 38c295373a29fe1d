"""Runs: one per (job, due time), one at a time, every end recorded or noticed as missing."""

import threading
from datetime import timedelta

import pytest

from domain.books import Run, RunState
from store.run_book import NO_SIGN_OF_LIFE, SqlRunBook
from store.transactions import Store
from tests.builders import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def runs(store: Store) -> SqlRunBook:
    return SqlRunBook(store, silence=timedelta(minutes=10))


def opened(runs: SqlRunBook, job: str = "nightly", minutes: int = 0) -> Run:
    run = runs.open(job, NOW + minutes * MINUTE, NOW + minutes * MINUTE)
    assert run is not None
    return run


def test_f12_a_slot_runs_once(runs: SqlRunBook) -> None:
    run = opened(runs)
    runs.end(run.run_id, RunState.DONE, {}, NOW)

    assert runs.open("nightly", NOW, NOW + MINUTE) is None
    assert runs.open("nightly", NOW + MINUTE, NOW + MINUTE) is not None


def test_a_job_does_not_run_beside_itself_but_beside_others(runs: SqlRunBook) -> None:
    opened(runs)

    assert runs.open("nightly", NOW + MINUTE, NOW + MINUTE) is None
    assert runs.open("full_sweep", NOW, NOW) is not None


def test_a_run_without_a_sign_of_life_is_noticed(runs: SqlRunBook) -> None:
    dead = opened(runs)
    runs.progress(dead.run_id, {"seen": 3}, NOW + 5 * MINUTE)

    assert runs.open("nightly", NOW + 15 * MINUTE, NOW + 15 * MINUTE) is None, "alive ten minutes ago"
    assert runs.open("nightly", NOW + 16 * MINUTE, NOW + 16 * MINUTE) is not None

    found = runs.find(dead.run_id)
    assert found is not None
    assert (found.state, found.message, found.counts) == (RunState.FAILED, NO_SIGN_OF_LIFE, {"seen": 3})
    assert found.ended_at == NOW + 16 * MINUTE


def test_a_run_that_was_given_up_does_not_come_back(runs: SqlRunBook) -> None:
    dead = opened(runs)
    opened(runs, minutes=11)

    runs.progress(dead.run_id, {"seen": 9}, NOW + 12 * MINUTE)
    runs.end(dead.run_id, RunState.DONE, {"seen": 9}, NOW + 12 * MINUTE)

    found = runs.find(dead.run_id)
    assert found is not None
    assert (found.state, found.counts) == (RunState.FAILED, {})


def test_a_plan_waits_and_then_ends(runs: SqlRunBook) -> None:
    run = opened(runs)
    runs.end(run.run_id, RunState.PLANNED, {"seen": 5}, NOW + MINUTE)
    assert runs.open("nightly", NOW + MINUTE, NOW + MINUTE) is not None, "a waiting plan stops nobody"

    runs.end(run.run_id, RunState.DONE, {"seen": 5, "sent": 1}, NOW + 2 * MINUTE, "applied")

    assert runs.find(run.run_id) == Run(
        run.run_id, "nightly", NOW, RunState.DONE, NOW, NOW + 2 * MINUTE, {"seen": 5, "sent": 1}, "applied"
    )


def test_runs_are_listed_newest_first(runs: SqlRunBook) -> None:
    first, second = opened(runs), opened(runs, "full_sweep", 1)

    assert [one.run_id for one in runs.listed()] == [second.run_id, first.run_id]
    assert [one.run_id for one in runs.listed("nightly")] == [first.run_id]
    assert [one.run_id for one in runs.listed(limit=1)] == [second.run_id]
    assert runs.find("R-unknown") is None


def test_f12_of_two_schedulers_one_opens_the_run(runs: SqlRunBook) -> None:
    start = threading.Barrier(4)
    opened_by: list[Run | None] = []

    def tick(minute: int) -> None:
        start.wait()
        opened_by.append(runs.open("nightly", NOW + minute * MINUTE, NOW))

    threads = [threading.Thread(target=tick, args=(minute,)) for minute in (0, 0, 1, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(run is not None for run in opened_by) == 1
    assert len(runs.listed()) == 1
