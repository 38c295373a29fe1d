"""Named instants at which a test may stop the world: killed, frozen or failing there, nothing is lost or doubled.

A name is ``room.what``. Without an armed hook a failpoint is one comparison; nothing outside of a process can arm it,
neither a setting nor the environment.
"""

from collections.abc import Callable
from typing import Final

Hook = Callable[[str], None]
"""Is told the name of each instant as it passes, in whatever thread passes it; may never return."""


class _Armed:
    """The hook of this process, if a test set one."""

    hook: Hook | None = None


_ARMED: Final = _Armed()


def failpoint(name: str) -> None:
    """An instant that matters: everything before it is done, nothing behind it has begun."""
    if _ARMED.hook is not None:
        _ARMED.hook(name)


def arm(hook: Hook) -> None:
    """Have every instant from now on told to a hook, in place of an earlier one."""
    _ARMED.hook = hook


def disarm() -> None:
    """Back to nothing."""
    _ARMED.hook = None
