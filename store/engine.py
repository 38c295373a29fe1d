"""One engine for SQLite and PostgreSQL, with the settings that keep promises (``engine.md``, M9, S24).

A connection that will write says so before it begins (:data:`WRITING`): SQLite then takes the write lock at once, so
that nobody has to give up in the middle.
"""

import os
import sqlite3
import stat
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from domain.errors import SettingsError

WRITING = {"cii_writing": True}
"""Execution option of a connection whose transaction writes."""

_PRIVATE = 0o600
_OTHERS = 0o077
_BUSY_SECONDS = 30

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    f"busy_timeout={_BUSY_SECONDS * 1000}",
)
"""Nothing confirmed is lost on a power cut, references hold, no temporary file, a bounded wait for the other writer."""


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """The engine of a database URL, silent about parameters; ``SettingsError`` when it names no database of ours."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # Not chained: the library's message quotes the URL, which may hold a password.
        raise SettingsError(("CII_DATABASE_URL cannot be read; use sqlite:///path",)) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed, pool_size)
    if backend == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=pool_size,
            hide_parameters=True,
        )
    raise SettingsError(("CII_DATABASE_URL names a database that we do not run on; use sqlite or postgresql",))


def _sqlite(url: URL, pool_size: int) -> Engine:
    if not url.database or url.database == ":memory:" or url.query:
        raise SettingsError(("CII_DATABASE_URL must name a file, without options: sqlite:///path",))
    _make_private(Path(url.database))
    engine = create_engine(url, pool_size=pool_size, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path) -> None:
    """Make the file ours alone before anything is in it; SQLite gives its -wal and -shm files the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE)
        try:
            if stat.S_IMODE(os.fstat(handle).st_mode) & _OTHERS:
                os.fchmod(handle, _PRIVATE)
        finally:
            os.close(handle)
    except OSError as error:
        raise SettingsError((f"CII_DATABASE_URL: the file cannot be opened: {error.strerror}",)) from None


def _prepare(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    """Settings of each new connection; transactions are ours to begin, not the driver's to guess."""
    del record
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("cii_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
