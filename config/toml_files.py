"""TOML files that an operator may replace: read, checked by a model, and every fault told with its place.

A fault names the file by its setting, the table, the id found there and the key; never the value.
"""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from config.setting_faults import SettingFault, described

MAX_BYTES = 2 * 2**20

Document = TypeVar("Document", bound=BaseModel)


class Table(BaseModel):
    """What every table of our files shares: frozen, no unknown keys, no coercion of numbers to text."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def shipped(*path: str) -> Traversable:
    """A data file of this room, wherever the package is installed."""
    return files("config").joinpath(*path)


def read_document(
    model: type[Document], path: Path | None, default: Traversable, setting: str
) -> tuple[Document | None, list[SettingFault]]:
    """The file named by ``setting`` (or the shipped one) as its model, or every fault in it."""
    source: Path | Traversable = default if path is None else path
    try:
        raw = source.read_bytes()
        document = tomllib.loads(raw.decode("utf-8")) if len(raw) <= MAX_BYTES else None
    except tomllib.TOMLDecodeError as error:
        return None, [SettingFault(setting, "names a file that is not TOML", f"correct it{_toml_place(error)}")]
    except (OSError, UnicodeDecodeError):
        return None, [SettingFault(setting, "names a file that cannot be read", "name a readable text file in UTF-8")]
    if document is None:
        return None, [SettingFault(setting, "names a file that is too large", f"keep it below {MAX_BYTES} bytes")]
    try:
        return model.model_validate(document), []
    except ValidationError as error:
        return None, _faults(error, document, setting)


def _toml_place(error: tomllib.TOMLDecodeError) -> str:
    """Where reading stopped, as tomllib words it (line and column), without the text that stands there."""
    found = re.search(r"\(at (?:line \d+, column \d+|end of document)\)", str(error))
    return f" {found[0]}" if found else ""


def _faults(error: ValidationError, document: Mapping[str, Any], setting: str) -> list[SettingFault]:
    """Each fault of the model with its place in the file."""
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        problem, remedy = described(detail, "see the comments in the shipped file")
        found.append(SettingFault(f"{setting}: {_place(detail['loc'], document)}", problem, remedy))
    return found


def _place(steps: tuple[int | str, ...], document: Mapping[str, Any]) -> str:
    """``institutions[3] (orp-sion) mailbox`` for the third table of that name."""
    words: list[str] = []
    here: Any = document
    for step in steps:
        inside = here if isinstance(here, dict | list) else {}
        try:
            here = inside[step]  # type: ignore[index]  # a list by number, a table by name
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(step, int) and words:
            words[-1] += f"[{step + 1}]{_id_of(here)}"
        else:
            words.append(str(step))
    return " ".join(words) or "the file"


def _id_of(table: object) -> str:
    """The id of a table, when it is one that can be shown."""
    name = table.get("id") if isinstance(table, dict) else None
    return f" ({name})" if isinstance(name, str) and name.isascii() and name.replace("-", "").isalnum() else ""
