"""Errors as an operator reads them: one or two lines on standard error, what to do next, and the exit code."""

import logging
from typing import Any

import typer.core

from console.exit_codes import ExitCode
from console.identifiers import AVS_REFUSED, holds_avs_number
from console.screen import err, line
from domain.errors import (
    ContractBrokenError,
    CredentialsError,
    MisconfiguredError,
    NotFoundError,
    OutcomeUnknownError,
    SettingsError,
    SyncError,
    ThrottledError,
    UnavailableError,
)

log = logging.getLogger(__name__)

NEXT: tuple[tuple[type[SyncError], ExitCode, str], ...] = (
    (SettingsError, ExitCode.NOT_READY, "Correct them, then: cii-sync doctor"),
    (MisconfiguredError, ExitCode.NOT_READY, "Correct the setting or the catalogue, then: cii-sync doctor"),
    (NotFoundError, ExitCode.USAGE, "Check what you named."),
    (UnavailableError, ExitCode.NOT_REACHABLE, "Nothing is lost. Try again later; cii-sync doctor tells who answers."),
    (ThrottledError, ExitCode.NOT_REACHABLE, "Nothing is lost. Try again later."),
    (CredentialsError, ExitCode.NOT_REACHABLE, "Do not repeat it: a wrong login locks the account. cii-sync doctor"),
    (ContractBrokenError, ExitCode.NOT_REACHABLE, "Nothing was accepted. cii-sync doctor tells more."),
    (OutcomeUnknownError, ExitCode.WAITS, "Do not repeat it by hand: cii-sync intents --state unknown"),
    (SyncError, ExitCode.DIFFERENT_OR_FAILED, "cii-sync doctor tells what works; --debug tells where it failed."),
)
"""By family, the first that fits: the exit code, and what to do next."""


def told(error: SyncError, *, debug: bool) -> ExitCode:
    """Print an error in plain lines; the traceback goes to the redacted log, and only when asked for."""
    code, advice = next((code, advice) for family, code, advice in NEXT if isinstance(error, family))
    console = err()
    line(str(error), console=console)
    line(advice, console=console)
    if debug:
        log.error("ended by an error", exc_info=error)
    return code


class Commands(typer.core.TyperGroup):
    """The command line: refuses an AVS number before anything reads it, and ends errors as plain lines."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's own context type is private
        """Look at every word first: an error message of the parser would quote it."""
        if holds_avs_number(args):
            line(AVS_REFUSED, console=err())
            raise typer.Exit(ExitCode.USAGE)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """Run the command; our own errors end here."""
        try:
            return super().invoke(ctx)
        except SyncError as error:
            raise typer.Exit(told(error, debug=bool(ctx.params.get("debug")))) from None
