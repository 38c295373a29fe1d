"""``shapes``: the JSON Schema of every document that ``--json`` prints. A shape's number rises when it breaks."""

import sys
from importlib.resources import files

import typer

app = typer.Typer()


def schema() -> str:
    """The packaged schema document (JSON Schema 2020-12), one definition per shape."""
    return (files("console") / "shapes.json").read_text(encoding="utf-8")


@app.command()
def shapes() -> None:
    """Print the JSON Schema of what --json prints."""
    sys.stdout.write(schema())
