"""The unit of work: whole or not at all, tried again when the database asks, given up in words that callers know."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from domain.errors import UnavailableError
from store.case_tables import cursors
from store.cursors import cursor_of, move_cursor
from store.engine import WRITING, make_engine
from store.key_file import new_keys
from store.opening import open_store, prepare
from store.sealing import KeyRing
from store.transactions import Patience, Store, chunks
from tests.builders import NOW
from tests.fakes import Clock


class Waits(list[float]):
    """A sleep that only counts."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def patient(store: Store, waits: Waits) -> Store:
    return replace(store, patience=Patience(tries=4, sleep=waits))


def test_a_unit_that_fails_leaves_nothing(store: Store) -> None:
    def work(connection: Connection) -> None:
        move_cursor(connection, "cii", "1", NOW)
        raise LookupError("in the middle")

    with pytest.raises(LookupError):
        store.writing(work)

    assert store.reading(lambda connection: cursor_of(connection, "cii")) is None


def test_a_fault_of_ours_is_not_repeated_and_not_disguised(patient: Store, waits: Waits) -> None:
    def work(connection: Connection) -> None:
        row = {"source": "cii", "position": "1", "moved_at": NOW}
        connection.execute(cursors.insert(), [row, row])

    with pytest.raises(IntegrityError):
        patient.writing(work)

    assert waits == []


@pytest.mark.postgres
def test_f25_two_units_that_cross_are_both_done(postgres_url: str, tmp_path: Path) -> None:
    prepare(postgres_url, tmp_path / "k", Clock())
    store = open_store(postgres_url, tmp_path / "k", Clock())
    for name in ("a", "b"):
        store.writing(lambda connection, name=name: move_cursor(connection, name, "0", NOW))  # type: ignore[misc]
    both_hold_one = threading.Barrier(2)
    done: list[str] = []

    def cross(first: str, second: str) -> None:
        tries = 0

        def work(connection: Connection) -> None:
            nonlocal tries
            tries += 1
            move_cursor(connection, first, f"by {first}", NOW)
            if tries == 1:
                both_hold_one.wait()
            move_cursor(connection, second, f"by {first}", NOW)

        store.writing(work)
        done.append(first)

    threads = [threading.Thread(target=cross, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == ["a", "b"]
    a, b = (store.reading(lambda one, name=name: cursor_of(one, name)) for name in ("a", "b"))  # type: ignore[misc]
    assert a == b, "each unit is whole"
    store.engine.dispose()


@pytest.mark.postgres
def test_f23_a_connection_that_the_server_ends_is_made_anew(postgres_url: str, tmp_path: Path) -> None:
    prepare(postgres_url, tmp_path / "k", Clock())
    waits = Waits()
    store = replace(open_store(postgres_url, tmp_path / "k", Clock()), patience=Patience(sleep=waits))
    tries = 0

    def work(connection: Connection) -> None:
        nonlocal tries
        tries += 1
        move_cursor(connection, "cii", str(tries), NOW)
        if tries == 1:
            own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})

    store.writing(work)

    assert tries == 2
    assert len(waits) == 1
    assert store.reading(lambda connection: cursor_of(connection, "cii")) == "2"
    store.engine.dispose()


def test_f28_a_locked_file_is_waited_for_and_then_given_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cii.db'}"
    prepare(url, tmp_path / "k", Clock())
    waits = Waits()
    store = replace(open_store(url, tmp_path / "k", Clock()), patience=Patience(tries=3, sleep=waits))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
    other = make_engine(url)

    with other.execution_options(**WRITING).begin(), pytest.raises(UnavailableError) as caught:
        store.writing(lambda connection: move_cursor(connection, "cii", "1", NOW))

    assert (caught.value.system, caught.value.code) == ("store", "SQLITE_BUSY")
    assert waits == [0.05, 0.1]
    store.writing(lambda connection: move_cursor(connection, "cii", "1", NOW))
    store.engine.dispose()
    other.dispose()


def test_f27_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cii.db'}"
    prepare(url, tmp_path / "k", Clock())
    store = open_store(url, tmp_path / "k", Clock())
    store.writing(lambda connection: move_cursor(connection, "cii", "1", NOW))

    def fill(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        move_cursor(connection, "cii", "x" * 10_000_000, NOW)

    with pytest.raises(UnavailableError) as caught:
        store.writing(fill)

    assert caught.value.code == "SQLITE_FULL"
    assert store.reading(lambda connection: cursor_of(connection, "cii")) == "1"
    store.engine.dispose()


def test_a_database_that_is_away_is_unavailable_and_its_login_is_not_told() -> None:
    engine = make_engine("postgresql+psycopg://user:hunter2@127.0.0.1:1/none")
    waits = Waits()
    store = Store(engine, KeyRing(new_keys()), Clock(), Patience(tries=3, sleep=waits))

    with pytest.raises(UnavailableError) as caught:
        store.reading(lambda connection: cursor_of(connection, "cii"))

    assert len(waits) == 2
    assert "hunter2" not in f"{caught.value} {caught.value.__cause__}"
    engine.dispose()


def test_chunks_hold_everything_once() -> None:
    assert [list(chunk) for chunk in chunks([1, 2, 3, 4, 5], 2)] == [[1, 2], [3, 4], [5]]
    assert list(chunks([], 2)) == []
