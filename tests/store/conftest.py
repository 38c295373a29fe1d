"""Every test that asks for `store` runs twice: on a SQLite file and on PostgreSQL, migrated once per module."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.opening import open_store, prepare
from store.tables import known_keys, metadata
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests.fakes import Clock

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@dataclass(frozen=True)
class Database:
    """Where a module's tests keep their rows."""

    url: str
    key_file: Path


@pytest.fixture(scope="module", params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A migrated database with its key file, of each sort."""
    folder = tmp_path_factory.mktemp("store")
    on_file = request.param == "sqlite"
    url = f"sqlite:///{folder / 'cii.db'}" if on_file else request.getfixturevalue("postgres_url_of_module")
    made = Database(url, folder / "cii.key")
    prepare(made.url, made.key_file, Clock())
    return made


@pytest.fixture
def clock() -> Clock:
    """The time of the test."""
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> Iterator[Store]:
    """The module's database, emptied."""
    opened = open_store(database.url, database.key_file, clock)
    empty(opened.engine)
    yield opened
    opened.engine.dispose()


def empty(engine: Engine) -> None:
    """Delete every row but the notes of the keys."""
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not known_keys:
                connection.execute(table.delete())


@pytest.fixture
def cases(store: Store) -> SqlCaseBook:
    """The book of cases."""
    return SqlCaseBook(store)


@pytest.fixture
def intents(store: Store) -> SqlIntentBook:
    """The queue of record."""
    return SqlIntentBook(store)


@pytest.fixture
def work(store: Store) -> SqlWorkBook:
    """The book of work items."""
    return SqlWorkBook(store)
