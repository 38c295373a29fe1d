"""INSERT ... ON CONFLICT, which both databases have, under one name."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

RowValues: TypeAlias = Mapping[str, Any]
"""One row by column name."""


def upsert(
    connection: Connection, table: Table, rows: Sequence[RowValues], *, keep: frozenset[str] = frozenset()
) -> None:
    """Insert rows, or replace those with the same primary key but for the columns to ``keep``.

    All rows carry the same columns: one statement, prepared once (``engine.md``: multi-VALUES are 5-11 x slower).
    """
    if not rows:
        return
    fixed = keep | {column.name for column in table.primary_key}
    insert = _insert(connection, table)
    taken = {name: insert.excluded[name] for name in rows[0] if name not in fixed}
    statement = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=taken)
    connection.execute(statement, rows)


def insert_new(connection: Connection, table: Table, row: RowValues) -> bool:
    """Insert one row unless any unique rule stands against it; whether it was inserted."""
    statement = _insert(connection, table).on_conflict_do_nothing()
    # SQLAlchemy keeps the count of an INSERT only when told to; without it psycopg's is lost (-1).
    return connection.execute(statement, row, execution_options={"preserve_rowcount": True}).rowcount == 1


def _insert(connection: Connection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
