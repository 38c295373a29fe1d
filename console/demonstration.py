"""``demo``: the real work against the stand-ins, shown step by step. The steps are in ``console.demo``."""

from pathlib import Path
from typing import Annotated

import typer

from domain.facets import Language

app = typer.Typer()


@app.command(short_help="Show the real work on an invented population, step by step.")
def demo(
    cases: Annotated[int, typer.Option(min=200, max=200_000, help="Size of the invented population.")] = 500,
    seed: Annotated[int, typer.Option(help="The same seed gives the same population.")] = 1,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Keep the state (database, keys) in this new or empty folder.")
    ] = None,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="Language of the check and of the mail. [default: fr]")
    ] = None,
) -> None:
    """Show the real work on an invented population: two nightlies, a check, a mail, compared with what was expected."""
    from console.demo.story import tell  # late: starts servers and opens a house

    raise typer.Exit(tell(cases, seed, keep, lang or Language.FR))
