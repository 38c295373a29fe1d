"""The unit of work: one function, one transaction, tried again as a whole when the database asks for it (F23-F28).

The function gets a connection and must do nothing but talk to the database, since it may run more than once. Every
unit of ours can be repeated after a lost answer to COMMIT: what it writes is found again by its key.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Column, Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from domain.errors import UnavailableError
from domain.failpoints import failpoint
from domain.ports import Clock
from store.engine import WRITING
from store.sealing import KeyRing, Sealed

Done = TypeVar("Done")
Item = TypeVar("Item")

_ROLLED_BACK = frozenset({"40001", "40P01"})
"""PostgreSQL's serialization failure and deadlock: nothing was done."""

_GOING_AWAY = frozenset({"57P01", "57P02", "57P03"})
"""PostgreSQL stops, crashed, or is starting."""

_PRIMARY_CODE = 0xFF
"""SQLite keeps the primary result code in the lowest byte of an extended one."""

CHUNK = 500
"""Rows per statement and ids per condition: bounded on both databases, and cheap (``engine.md``)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a whole transaction is tried, and how long it waits before each repeat, doubled every time."""

    tries: int = 6
    first_wait: timedelta = timedelta(milliseconds=50)
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Store:
    """A database, the keys that open it, and a clock."""

    engine: Engine
    keyring: KeyRing
    clock: Clock
    patience: Patience = Patience()

    def reading(self, work: Callable[[Connection], Done]) -> Done:
        """Run a unit that only reads; raises ``UnavailableError`` when the database does not answer."""
        return self._run(work, writing=False)

    def writing(self, work: Callable[[Connection], Done]) -> Done:
        """Run a unit that writes: all of it or nothing; raises as :meth:`reading` does."""
        return self._run(work, writing=True)

    def seal(self, column: "Column[Any]", row: str, data: bytes) -> Sealed:
        """Seal a value for a column and a row (its key, the parts joined by a slash)."""
        return self.keyring.seal(column.table.name, column.name, row, data)

    def open(self, column: "Column[Any]", row: str, sealed: Sealed) -> bytes:
        """Open a value from a column and a row; raises as :meth:`KeyRing.open` does."""
        return self.keyring.open(column.table.name, column.name, row, sealed)

    def _run(self, work: Callable[[Connection], Done], *, writing: bool) -> Done:
        wait = self.patience.first_wait.total_seconds()
        for last in [False] * (self.patience.tries - 1) + [True]:
            try:
                return self._once(work, writing=writing)
            except DBAPIError as error:
                if last or not _may_pass(error):
                    _translate(error)
                    raise
            self.patience.sleep(wait)
            wait *= 2
        raise AssertionError("the last try returns or raises")

    def _once(self, work: Callable[[Connection], Done], *, writing: bool) -> Done:
        engine = self.engine.execution_options(**WRITING) if writing else self.engine
        if not writing:
            with engine.begin() as connection:
                return work(connection)
        with engine.begin() as connection:
            done = work(connection)
            failpoint("store.before_commit")
        failpoint("store.after_commit")
        return done


def _may_pass(error: DBAPIError) -> bool:
    """Whether the same transaction can succeed a moment later."""
    origin = error.orig
    if isinstance(origin, sqlite3.OperationalError):
        return origin.sqlite_errorcode & _PRIMARY_CODE in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    if isinstance(origin, psycopg.Error) and origin.sqlstate is not None:
        return origin.sqlstate in _ROLLED_BACK | _GOING_AWAY or origin.sqlstate.startswith("08")
    return error.connection_invalidated or isinstance(origin, psycopg.OperationalError)


def _translate(error: DBAPIError) -> None:
    """Raise what our callers know when the database is away, full or locked; a fault of ours stays what it is."""
    if isinstance(error, OperationalError) or error.connection_invalidated:
        code = str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", ""))
        raise UnavailableError("the database does not answer as it should", system="store", code=code) from error


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """The items in pieces of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
