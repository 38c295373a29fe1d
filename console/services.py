"""``worker``, ``beat`` and ``sandbox serve``: what runs until it is stopped. For operators, in English."""

from typing import Annotated

import typer

from console.doors import GROUPS
from console.session import session_of

app = typer.Typer()
sandbox = typer.Typer(help="Stand-ins for the CII software, PLASTA and a mail server.", no_args_is_help=True)
app.add_typer(sandbox, name="sandbox")

Port = Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")]


@app.command(short_help="Serve queues, or with the in-process runner everything.")
def worker(
    context: typer.Context,
    group: Annotated[str, typer.Option(help=f"Which queues to serve: {', '.join(GROUPS)}.")] = "all",
) -> None:
    """Serve until stopped: queues of the broker, or, with the in-process runner, everything on this machine."""
    session = session_of(context)
    if group not in GROUPS:
        raise typer.BadParameter(f"one of {', '.join(GROUPS)}", param_hint="--group")
    session.doors.log_to_stderr(debug=session.debug, service=True)
    session.doors.work(group)


@app.command(short_help="Ring the clock for the workers.")
def beat(context: typer.Context) -> None:
    """Ring the clock for the workers until stopped. One is enough; a second one does no harm."""
    session = session_of(context)
    session.doors.log_to_stderr(debug=session.debug, service=True)
    session.doors.beat()


@sandbox.command()
def serve(  # noqa: PLR0913, PLR0917 - one option for each service's place
    cases: Annotated[int, typer.Option(min=1, max=200_000, help="Size of the invented population.")] = 500,
    seed: Annotated[int, typer.Option(help="The same seed gives the same population.")] = 1,
    today: Annotated[str, typer.Option(help="The population's day, yyyy-mm-dd. [default: today]")] = "",
    host: Annotated[str, typer.Option(help="Address to listen at; it has no access control.")] = "127.0.0.1",
    cii_port: Port = 0,
    plasta_port: Port = 0,
    smtp_port: Port = 0,
    mailbox_port: Port = 0,
    until_eof: Annotated[bool, typer.Option("--until-eof", help="Stop when standard input ends.")] = False,
) -> None:
    """Serve the stand-ins alone, for training and tests; prints one line of JSON with addresses and logins."""
    from sandbox.serve import main  # late: three servers and a population

    words = ["--cases", str(cases), "--seed", str(seed), "--host", host]
    ports = {"cii": cii_port, "plasta": plasta_port, "smtp": smtp_port, "mailbox": mailbox_port}
    for name, port in ports.items():
        words += [f"--{name}-port", str(port)]
    words += ["--today", today] if today else []
    words += ["--until-eof"] if until_eof else []
    raise typer.Exit(main(words))
