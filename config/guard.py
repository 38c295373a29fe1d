"""At the start: every room is ours. ``config`` and ``scheduler`` exist elsewhere as other people's packages.

A foreign package of the same name would be imported in silence, and fail in strange places. The rooms are found
without being imported, so that this costs nothing.
"""

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

from config.setting_faults import SettingFault
from domain.errors import SettingsError

ROOMS = (
    "config",
    "domain",
    "mappings",
    "connectors",
    "store",
    "pipelines",
    "scheduler",
    "console",
    "sandbox",
    "contracts",
)

HOME = Path(__file__).resolve().parent.parent
"""Where this project's rooms stand side by side: the checkout, or one ``site-packages``."""


def folder_of(room: str) -> Path | None:
    """The folder that Python would import a room from; None when it finds none (or only a folder without code)."""
    spec = find_spec(room)
    if spec is None or not spec.origin:
        return None
    return Path(spec.origin).resolve().parent


def misplaced(
    rooms: Iterable[str] = ROOMS, home: Path = HOME, locate: Callable[[str], Path | None] = folder_of
) -> list[SettingFault]:
    """The rooms that do not resolve to this project."""
    faults = []
    for room in rooms:
        found = locate(room)
        if found is None:
            faults.append(SettingFault(f"package {room}", "is not installed", "install cii-sync as a whole"))
        elif found != home / room:
            remedy = "remove the foreign package, or give cii-sync an environment of its own"
            faults.append(SettingFault(f"package {room}", "is another project's", remedy))
    return faults


def guard() -> None:
    """Stops the start when a room is not ours; :class:`SettingsError` names all of them."""
    if faults := misplaced():
        raise SettingsError(tuple(str(one) for one in faults))
