"""Opening the store: schema, keys and database must belong together, or nothing starts (F29, F76)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import OperationalError

from domain.errors import SettingsError, SyncError, UnavailableError
from domain.ports import Clock
from store import migrating
from store.engine import make_engine
from store.sealing import KeyRing
from store.transactions import Store
from store.work_tables import known_keys


def prepare(url: str, key_file: Path, clock: Clock) -> None:
    """``db upgrade``: bring up the schema, make the key file where none was ever made, and note its keys.

    Raises ``SettingsError`` when the database was sealed under keys that the key file does not hold: a fresh key
    would never open what is there; ``UnavailableError`` when the database does not answer.
    """
    engine = make_engine(url)
    with _closed_on_failure(engine):
        keyring = _key_ring(engine, key_file)
        migrating.upgrade(engine)
        store = Store(engine, keyring, clock)
        _verify(store, key_file)
        store.writing(lambda connection: _note(connection, keyring, clock()))
    engine.dispose()


@contextmanager
def _closed_on_failure(engine: Engine) -> Iterator[None]:
    """Leave no connection behind; a database that is away is told in our words (the driver's name host and user)."""
    try:
        yield
    except OperationalError:
        engine.dispose()
        message = "the database does not answer: look at CII_DATABASE_URL and its server"
        raise UnavailableError(message, system="store") from None
    except SyncError:
        engine.dispose()
        raise


def open_store(url: str, key_file: Path, clock: Clock) -> Store:
    """The store of a running program; raises ``SettingsError`` with every reason why it cannot be opened.

    ``UnavailableError`` when the database does not answer.
    """
    engine = make_engine(url)
    with _closed_on_failure(engine):
        migrating.require_current(engine)
        store = Store(engine, KeyRing.load(key_file), clock)
        _verify(store, key_file)
        noted = store.reading(_noted)
    missing = sorted(set(store.keyring.current.values()) - set(noted))
    if missing:
        engine.dispose()
        raise SettingsError(
            (f"CII_KEY_FILE: key {', '.join(missing)} is new to the database; run `cii-sync db upgrade`",)
        )
    return store


def _key_ring(engine: Engine, key_file: Path) -> KeyRing:
    """The ring of the file, or of a new file where nothing was ever sealed."""
    if key_file.exists():
        return KeyRing.load(key_file)
    with engine.connect() as connection:
        noted = _noted(connection) if inspect(connection).has_table(known_keys.name) else {}
    if noted:
        raise SettingsError(
            (f"CII_KEY_FILE is missing, and the database is sealed under {', '.join(sorted(noted))}; restore it",)
        )
    return KeyRing.create(key_file)


def _verify(store: Store, key_file: Path) -> None:
    """Every key that the database was ever written under is in the ring, and is that very key."""
    noted = store.reading(_noted)
    faults = []
    for key_id, witness in sorted(noted.items()):
        ours = store.keyring.witness(key_id)
        if ours is None:
            faults.append(f"CII_KEY_FILE {key_file} lacks key {key_id}, under which data was sealed; restore it")
        elif ours != witness:
            faults.append(f"CII_KEY_FILE {key_file} has another key under the id {key_id}; restore the right one")
    if faults:
        raise SettingsError(tuple(faults))


def _noted(connection: Connection) -> dict[str, bytes]:
    return {row.key_id: row.witness for row in connection.execute(select(known_keys.c.key_id, known_keys.c.witness))}


def _note(connection: Connection, keyring: KeyRing, now: datetime) -> None:
    noted = _noted(connection)
    rows = [
        {"key_id": key_id, "purpose": purpose, "witness": keyring.witness(key_id), "since": now}
        for purpose, key_id in keyring.current.items()
        if key_id not in noted
    ]
    if rows:
        connection.execute(insert(known_keys), rows)
