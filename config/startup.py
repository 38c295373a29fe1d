"""Everything that is read once at the start, and everything that is wrong with it, told at once (F80)."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.calendar import WorkingDays
from config.environment import FROM_FILE, read
from config.guard import misplaced
from config.reason_codes import SETTING as CODE_MAP
from config.reason_codes import ReasonCodes, read_reason_codes
from config.registry import SETTING as REGISTRY
from config.registry import Registry, read_registry
from config.settings import Settings
from domain.errors import SettingsError

__all__ = ["FROM_FILE", "Configuration", "configure"]


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings, institutions, code maps and calendar of one process."""

    settings: Settings
    registry: Registry
    reason_codes: ReasonCodes
    working_days: WorkingDays


def configure(environ: Mapping[str, str]) -> Configuration:
    """Reads everything; :class:`SettingsError` lists every fault of variables, files and packages together."""
