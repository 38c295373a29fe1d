"""The command line, ``cii-sync``. Starts fast: databases, connectors, queues are imported when a command needs them."""

import os
from typing import Annotated

import typer

from console import (
    cases,
    causes,
    checks,
    demonstration,
    nightly,
    people_work,
    queue,
    retrying,
    services,
    setting_up,
    shapes,
    switches,
    withdrawing,
)
from console.doors import Doors, RealDoors
from console.exit_codes import epilogue
from console.failures import Commands
from console.session import Session

app = typer.Typer(
    name="cii-sync",
    cls=Commands,
    help="Keeps the CII software and PLASTA in agreement. Clerks read French or German (--lang), operators English.",
    epilog=epilogue(),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a pretty traceback shows local variables: names, numbers, whole cases
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
OPERATING = (queue, causes, retrying, withdrawing)
for part in (demonstration, nightly, checks, cases, *OPERATING, people_work, switches, setting_up, services, shapes):
    app.add_typer(part.app)


@app.callback()
def start(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Log details and tracebacks, redacted.")] = False,
) -> None:
    """Before every command: our own packages only, logging on."""
    doors: Doors = context.obj or RealDoors(os.environ)
    doors.guard()
    doors.log_to_stderr(debug=debug, service=False)
    context.obj = Session(doors, debug)


def main() -> None:
    """Where the installed command begins."""
    app()


if __name__ == "__main__":
    main()
