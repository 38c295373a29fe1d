"""Text for terminals: tables and sentences by rich, with nothing in the data able to act on the terminal.

Colour never carries meaning alone; ``NO_COLOR`` is honoured by rich. Off a terminal lines are not wrapped, so that
a sentence can be searched for.
"""

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 160
"""Columns of a table that goes to a file or a pipe."""


def plain(text: str) -> str:
    """Text without anything that a terminal obeys (escape codes, direction marks): shown as a mark instead."""
    return "".join(one if one in "\n\t" or _shows(one) else "\N{REPLACEMENT CHARACTER}" for one in text)


def _shows(one: str) -> bool:
    """Letters, marks, numbers, punctuation, symbols, and spaces of any width."""
    return unicodedata.category(one)[0] in "LMNPS" or unicodedata.category(one) == "Zs"


def _console(stream: TextIO) -> Console:
    """A console that reads no markup, emoji or highlighting into what it prints."""
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, markup=False, emoji=False, highlight=False, width=width)


def out() -> Console:
    """Where results go. Made anew, because standard output can be another one (tests, pipes)."""
    return _console(sys.stdout)


def err() -> Console:
    """Where faults and progress go."""
    return _console(sys.stderr)


def line(text: str = "", style: str = "", console: Console | None = None) -> None:
    """One paragraph; wrapped by words on a terminal only."""
    console = console or out()
    console.print(Text(plain(text), style=style), soft_wrap=not console.is_terminal)


def heading(text: str) -> None:
    """A title, with an empty line above."""
    line()
    line(text, "bold")


def item(text: str, console: Console | None = None) -> None:
    """One entry of a list, its wrapped lines under its text."""
    console = console or out()
    if console.is_terminal:
        body = Table.grid(padding=(0, 1))
        body.add_row(Text("-"), Text(plain(text), overflow="fold"))
        console.print(Padding(body, (0, 0, 0, 2)))
    else:
        line(f"  - {text}", console=console)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[str] = ()) -> None:
    """A table whose cells fold and are never cut; ``numbers`` names the columns that stand to the right."""
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in columns:
        right = name in numbers
        grid.add_column(Text(plain(name)), justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in rows:
        grid.add_row(*(Text(plain(str(cell))) for cell in row))
    out().print(grid)
