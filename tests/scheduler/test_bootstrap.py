"""The house: opened only over a database that fits, closed whatever happens, one cause for all that is done in it."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from config.correlation import correlation_id
from domain.errors import SettingsError, UnavailableError
from scheduler.bootstrap import House, open_house, upgrade, utc_now
from scheduler.celery_runner import CeleryRunner
from scheduler.in_process import InProcessRunner
from store.engine import make_engine
from tests.scheduler.settings import configuration


def faults_of(folder: Path) -> tuple[str, ...]:
    """What stands in the way of opening."""
    with pytest.raises(SettingsError) as caught, open_house(configuration(folder)):
        pass
    return caught.value.faults


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path)

    assert "is empty" in fault
    assert "cii-sync db upgrade" in fault


def test_a_database_behind_this_program_says_what_to_do(tmp_path: Path) -> None:
    upgrade(configuration(tmp_path).settings)
    set_version(tmp_path, "0000")
    (fault,) = faults_of(tmp_path)

    assert "db upgrade" in fault or "newer" in fault


def test_a_key_file_that_was_lost_says_what_to_do(tmp_path: Path) -> None:
    upgrade(configuration(tmp_path).settings)
    (tmp_path / "cii-sync.key").unlink()

    assert [fault for fault in faults_of(tmp_path) if "CII_KEY_FILE" in fault]


def test_upgrading_twice_is_harmless_and_opens(tmp_path: Path) -> None:
    made = configuration(tmp_path)
    upgrade(made.settings)
    upgrade(made.settings)
    with open_house(made) as house:
        assert house.needs.runs.listed() == []
        assert house.needs.clock().tzinfo is not None


def test_the_runner_is_the_one_of_the_settings(tmp_path: Path) -> None:
    upgrade(configuration(tmp_path).settings)
    with open_house(configuration(tmp_path)) as house:
        assert isinstance(house.runner, InProcessRunner)
    celery = configuration(tmp_path, CII_RUNNER="celery", CII_BROKER_URL="amqp://127.0.0.1:9//")
    with open_house(celery) as house:
        assert isinstance(house.runner, CeleryRunner)


def test_all_that_is_done_in_the_house_has_one_cause_in_its_threads_too(tmp_path: Path) -> None:
    made = configuration(tmp_path)
    upgrade(made.settings)
    with open_house(made) as house:
        cause = correlation_id()
        told = house.needs.spread(lambda _item: (correlation_id(), threading.current_thread().name), range(16))
    with open_house(made):
        other = correlation_id()

    assert cause
    assert {one for one, _ in told} == {cause}
    assert all(name.startswith("send") for _, name in told)
    assert other != cause
    assert correlation_id() == ""


def test_the_house_is_closed_whatever_happens_inside(tmp_path: Path) -> None:
    made = configuration(tmp_path)
    upgrade(made.settings)
    before = threading.active_count()

    def fails() -> House:
        with open_house(made) as house:
            opened.append(house)
            house.needs.spread(lambda item: item, range(8))
            raise UnavailableError("in the middle of something")

    opened: list[House] = []
    with pytest.raises(UnavailableError):
        fails()

    assert threading.active_count() == before
    pool: Any = opened[0].store.engine.pool
    assert pool.checkedout() == 0


def test_now_is_utc() -> None:
    assert utc_now().utcoffset() is not None
    assert str(utc_now().tzinfo) == "UTC"


def set_version(folder: Path, version: str) -> None:
    """Another version than ours in the database."""
    engine = make_engine(f"sqlite:///{folder / 'cii-sync.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    engine.dispose()
