"""The engine: a private file, safe settings, and URLs that are refused before anything is opened."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from domain.errors import SettingsError
from store.engine import WRITING, make_engine


def test_sqlite_keeps_what_was_confirmed_and_refuses_orphans(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'state' / 'cii.db'}")
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store")
        }
    engine.dispose()

    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30000,
        "temp_store": 2,
    }


def test_s24_the_file_its_wal_and_its_folder_are_ours_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        engine = make_engine(f"sqlite:///{tmp_path / 'state' / 'cii.db'}")
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE t (x INTEGER)"))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "state").iterdir()}
        engine.dispose()
    finally:
        os.umask(before)

    assert modes == {"cii.db": 0o600, "cii.db-wal": 0o600, "cii.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_s24_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "cii.db"
    path.touch(mode=0o644)

    make_engine(f"sqlite:///{path}").dispose()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_writing_connection_takes_the_lock_at_once_and_a_reading_one_does_not(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'cii.db'}")
    with engine.execution_options(**WRITING).begin() as writer:
        writer.execute(text("CREATE TABLE t (x INTEGER)"))
    with engine.execution_options(**WRITING).begin() as writer, engine.begin() as reader:
        writer.execute(text("INSERT INTO t VALUES (1)"))
        assert reader.execute(text("SELECT count(*) FROM t")).scalar_one() == 0
    engine.dispose()


def test_parameters_are_in_no_error(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'cii.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO t VALUES (:x)"), {"x": "Bonvin"})
        with pytest.raises(IntegrityError) as caught:
            connection.execute(text("INSERT INTO t VALUES (:x)"), {"x": "Bonvin"})
    engine.dispose()

    assert "Bonvin" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=ro",
        "mysql://user:hunter2@host/db",
        "hunter2",
        "sqlite:////proc/none/x.db",
    ],
)
def test_a_url_that_is_none_of_ours_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(SettingsError, match="CII_DATABASE_URL") as caught:
        make_engine(url)

    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
