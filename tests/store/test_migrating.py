"""Migrations: they lead to exactly the tables that the code describes, on both databases, or to nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

from domain.errors import SettingsError
from store import migrating
from store.engine import make_engine
from store.tables import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    on_file = request.param == "sqlite"
    made = make_engine(f"sqlite:///{tmp_path / 'cii.db'}" if on_file else request.getfixturevalue("postgres_url"))
    yield made
    made.dispose()


def test_migrations_and_tables_agree(engine: Engine) -> None:
    migrating.upgrade(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_names_of_constraints_agree_too(engine: Engine, tmp_path: Path) -> None:
    migrating.upgrade(engine)
    described = make_engine(f"sqlite:///{tmp_path / 'described.db'}")
    metadata.create_all(described)
    wanted, real = inspect(described), inspect(engine)

    for table in metadata.tables:
        assert real.get_pk_constraint(table)["name"] == wanted.get_pk_constraint(table)["name"]
        names = {key["name"] for key in wanted.get_foreign_keys(table)}
        assert {key["name"] for key in real.get_foreign_keys(table)} == names
    described.dispose()


def test_an_upgrade_makes_a_database_current_and_is_repeatable(engine: Engine) -> None:
    with pytest.raises(SettingsError, match="db upgrade"):
        migrating.require_current(engine)

    migrating.upgrade(engine)
    migrating.upgrade(engine)

    migrating.require_current(engine)


def test_f29_a_migration_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    with engine.begin() as connection:
        metadata.tables["known_keys"].create(connection)  # the last table of the first step is in its way

    with pytest.raises(Exception, match="already exists"):
        migrating.upgrade(engine)

    assert inspect(engine).get_table_names() == ["known_keys"]
