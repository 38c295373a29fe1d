"""Everything that is read once at the start, and everything that is wrong with it, told at once (F80)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.calendar import WorkingDays
from config.environment import read
from config.guard import misplaced
from config.reason_codes import SETTING as CODE_MAP
from config.reason_codes import ReasonCodes, read_reason_codes
from config.registry import SETTING as REGISTRY
from config.registry import Registry, read_registry
from config.setting_types import is_readable_file
from config.settings import Settings
from domain.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings, institutions, code maps and calendar of one process."""

    settings: Settings
    registry: Registry
    reason_codes: ReasonCodes
    working_days: WorkingDays


def configure(environ: Mapping[str, str]) -> Configuration:
    """Reads everything; :class:`SettingsError` lists every fault of variables, files and packages together."""
    settings, wrong_settings = read(Settings, environ)
    registry, wrong_registry = read_registry(_file_in(environ, REGISTRY))
    reason_codes, wrong_codes = read_reason_codes(_file_in(environ, CODE_MAP))
    faults = [*misplaced(), *wrong_settings, *wrong_registry, *wrong_codes]
    if faults or settings is None or registry is None or reason_codes is None:
        raise SettingsError(tuple(str(one) for one in sorted(faults)))
    calendar = WorkingDays(settings.calendar.categories, settings.calendar.closed_days)
    return Configuration(settings, registry, reason_codes, calendar)


def _file_in(environ: Mapping[str, str], variable: str) -> Path | None:
    """The file that a variable names, if it is there: one that is missing is a fault of the settings already."""
    path = Path(environ.get(variable, "").strip())
    return path if is_readable_file(path) else None
