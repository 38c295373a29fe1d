"""What a command's end means to whoever started it: a person, cron, a script."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command; :data:`MEANING` tells them in ``--help``."""

    DONE = 0
    DIFFERENT_OR_FAILED = 1
    USAGE = 2
    NOT_READY = 3
    NOT_REACHABLE = 4
    REFUSED = 5
    WAITS = 6


MEANING: dict[ExitCode, str] = {
    ExitCode.DONE: "done",
    ExitCode.DIFFERENT_OR_FAILED: "a difference was found, or a run failed",
    ExitCode.USAGE: "wrong usage, or what was named does not exist",
    ExitCode.NOT_READY: "settings, keys or database are not ready (see: cii-sync doctor)",
    ExitCode.NOT_REACHABLE: "a target, the mail server or the broker is not reachable or refuses us",
    ExitCode.REFUSED: "refused: it runs or ran already, or is not in the state that this needs",
    ExitCode.WAITS: "done as far as it goes: something waits for a person, or for an answer",
}
"""Total over the codes. Ctrl-C ends with 130, as in a shell."""


def epilogue() -> str:
    """The table as ``--help`` shows it; the mark in front keeps the lines as they are."""
    return "\b\nExit codes:\n" + "\n".join(f"  {code.value}  {meaning}" for code, meaning in MEANING.items())
