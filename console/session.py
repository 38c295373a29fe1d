"""What every command finds in its context: the doors, and the options that all commands share."""

from dataclasses import dataclass
from typing import Annotated, cast

import typer

from console.doors import Doors
from console.language import language_of
from console.screen import err, line
from domain.facets import Language

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document (its shape: cii-sync shapes).")]
Lang = Annotated[
    Language | None, typer.Option("--lang", help="Language of what clerks read. [default: CII_LANG, LANG, or fr]")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with your name and the time.")]
Reveal = Annotated[
    bool, typer.Option("--reveal", help="Show personal values: for whoever works on the case, at a private screen.")
]


@dataclass(frozen=True, slots=True)
class Session:
    """One command line being carried out."""

    doors: Doors
    debug: bool = False

    def language(self, option: Language | None) -> Language:
        """The language of this session."""
        return language_of(option, self.doors.environ)


def session_of(context: typer.Context) -> Session:
    """The session that the main callback put into the context."""
    return cast("Session", context.obj)


def wrong_usage(text: str) -> typer.Exit:
    """Say what is wrong on standard error; raise what this returns."""
    line(text, console=err())
    return typer.Exit(2)


def reason_given(reason: str) -> str:
    """A reason with words in it; it is read by whoever asks later why."""
    words = " ".join(reason.split())
    if len(words) < MIN_REASON:
        raise wrong_usage("Please give a reason in words: --reason '...'")
    return words


MIN_REASON = 3
