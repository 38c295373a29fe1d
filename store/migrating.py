"""The schema's version: brought up by ``cii-sync db upgrade``, asked for at every start (F29).

The migrations ship in this package and run from code; there is no ``alembic.ini`` to forget.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from domain.errors import SettingsError
from store.engine import WRITING

_FOLDER = Path(__file__).with_name("migrations")


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to a revision, all in one transaction; a newer schema than ours is refused."""
    with engine.connect() as plain:
        connection = plain.execution_options(**WRITING)
        with connection.begin():
            _refuse_newer(_current(connection))
            settings = _config()
            settings.attributes["connection"] = connection
            command.upgrade(settings, revision)


def require_current(engine: Engine) -> None:
    """Raise ``SettingsError`` unless the schema is exactly the one that this program was written for."""
    with engine.connect() as connection:
        current = _current(connection)
    if current == head():
        return
    _refuse_newer(current)
    state = f"has the schema {current}" if current else "is empty"
    raise SettingsError((f"CII_DATABASE_URL: the database {state}, not {head()}; run `cii-sync db upgrade`",))


def head() -> str:
    """The revision that this program needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise SettingsError(("the package is incomplete: its migrations are missing; install it again",))
    return revision


def _config() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return settings


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(current: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current is not None and current not in known:
        raise SettingsError(
            (f"CII_DATABASE_URL: the schema {current} was made by a newer program; install that version",)
        )
