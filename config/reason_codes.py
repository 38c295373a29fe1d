"""PLASTA's de-registration reasons -> the CII's exit reasons (C13): an operator's table, shipped without entries.

The code values are not public (``plasta.md``). What is not in the table is a gap to be listed, never a guess.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.setting_faults import SettingFault
from config.toml_files import Table, read_document, shipped
from domain.cases import ExitReason
from domain.errors import SettingsError

SETTING = "CII_CODE_MAP_FILE"

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,10}$", strict=True)]
"""A code of AVAM: at most 10 characters; text, so that a leading zero stays."""


class ReasonEntry(Table):
    """One line of the table."""

    domain: Literal["ABMELDEGRUND", "ABMELDEGRUNDOHNESTELLE"]
    code: Code
    exit: ExitReason
    note: str = ""


class ReasonDocument(Table):
    """The file as it is written."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    reasons: tuple[ReasonEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonCodes:
    """The table as it is asked; keys are (reason domain, code)."""

    version: str
    exits: Mapping[tuple[str, str], ExitReason]

    def exit_reason(self, domain: str, code: str) -> ExitReason | None:
        """The exit reason that a code stands for; None is a gap."""
        return self.exits.get((domain, code))

    def gaps(self, codes: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Those of PLASTA's (domain, code) pairs that the table lacks, sorted, each once."""
        return tuple(sorted({one for one in codes if one not in self.exits}))


def load_reason_codes(path: Path | None = None) -> ReasonCodes:
    """The operator's table, or the shipped one; :class:`SettingsError` lists everything wrong in it."""
    table, faults = read_reason_codes(path)
    if table is None or faults:
        raise SettingsError(tuple(str(one) for one in faults))
    return table


def read_reason_codes(path: Path | None = None) -> tuple[ReasonCodes | None, list[SettingFault]]:
    """The table, or None with every fault."""
    default = shipped("code_maps", "plasta_deregistration.toml")
    document, faults = read_document(ReasonDocument, path, default, SETTING)
    if document is None:
        return None, faults
    times = Counter((one.domain, one.code) for one in document.reasons)
    twice = sorted(f"{domain} {code}" for (domain, code), count in times.items() if count > 1)
    if twice:
        return None, [SettingFault(f"{SETTING}: {place}", "stands twice", "keep one of them") for place in twice]
    return ReasonCodes(document.version, {(one.domain, one.code): one.exit for one in document.reasons}), []
