"""``doctor`` and ``db upgrade``: is everything ready, and make it so. For operators, in English."""

from collections.abc import Sequence
from typing import Annotated

import typer

from console.exit_codes import ExitCode
from console.json_output import emit
from console.screen import line, table
from console.session import AsJson, session_of
from domain.ports import CheckResult

app = typer.Typer()
database = typer.Typer(help="Our own database.", no_args_is_help=True)
app.add_typer(database, name="db")

OURS = frozenset({"settings", "key file", "key_file", "database"})
"""Parts without which nothing runs at all; the others are targets and servers."""


@app.command(short_help="Settings, key, database, every target: all faults at once.")
def doctor(
    context: typer.Context,
    settings: Annotated[bool, typer.Option("--settings", help="List every setting instead, secrets masked.")] = False,
    as_json: AsJson = False,
) -> None:
    """Settings, key, database, broker and every target: all faults at once, no secret and no personal data."""
    doors = session_of(context).doors
    if settings:
        _show_settings(doors.settings(), as_json)
        return
    results = doors.checks()
    if as_json:
        emit("doctor/1", {"checks": [{"part": one.system, "ok": one.ok, "message": one.message} for one in results]})
    else:
        show_checks(results)
    raise typer.Exit(code_of(results))


def _show_settings(rows: Sequence[tuple[str, str, bool, str]], as_json: bool) -> None:
    """One row per variable; a default is told from what was set."""
    if as_json:
        names = ("setting", "value", "is_default", "purpose")
        emit("settings/1", {"settings": [dict(zip(names, row, strict=True)) for row in rows]})
        return
    table(("setting", "value", "from"), ((name, text, "default" if same else "set") for name, text, same, _ in rows))


def show_checks(results: Sequence[CheckResult]) -> None:
    """One row per part; the word says how it is."""
    table(("part", "state", "what"), ((one.system, "ok" if one.ok else "FAULT", one.message) for one in results))
    faults = sum(not one.ok for one in results)
    line("Everything is ready." if not faults else f"{faults} fault(s): see the last column for what to do.")


def code_of(results: Sequence[CheckResult]) -> ExitCode:
    """Our own parts come first: without them the targets don't matter."""
    broken = {one.system for one in results if not one.ok}
    if broken & OURS:
        return ExitCode.NOT_READY
    return ExitCode.NOT_REACHABLE if broken else ExitCode.DONE


@database.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to the newest migration; the first time, make the key file as well (mode 600)."""
    session_of(context).doors.upgrade()
    line("The database and its keys are ready. Keep a copy of the key file apart from the database's backups.")
