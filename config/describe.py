"""The settings as ``doctor`` prints them: every one with its source, no secret, no login of any URL."""

from dataclasses import dataclass
from datetime import time
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from config.setting_faults import variable_name
from config.settings import StoreSettings

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting: its variable, its value as it may be shown, whether it is the shipped default, its purpose."""

    setting: str
    value: str
    is_default: bool
    purpose: str


def describe(settings: StoreSettings) -> tuple[SettingRow, ...]:
    """All settings in the order of their groups."""
    return tuple(_rows(settings, ()))


def _rows(group: BaseModel, above: tuple[str, ...]) -> list[SettingRow]:
    """The rows of one group and of those below it."""
    rows: list[SettingRow] = []
    for name, field in type(group).model_fields.items():
        value: object = getattr(group, name)
        if isinstance(value, BaseModel):
            rows.extend(_rows(value, (*above, name)))
            continue
        if isinstance(value, SecretStr) and name.endswith("_url"):
            text = masked_url(value.get_secret_value())
        else:
            text = shown(value)
        default = name not in group.model_fields_set
        rows.append(SettingRow(variable_name(*above, name), text, default, field.description or ""))
    return rows


def shown(value: object) -> str:
    """A value as text; of a secret only that it is set."""
    match value:
        case None:
            return "(not set)"
        case SecretStr():
            return HIDDEN
        case bool():
            return "true" if value else "false"
        case frozenset():
            return ",".join(sorted(str(one) for one in value)) or "(none)"
        case time():
            return value.strftime("%H:%M")
        case _:
            return str(value)


def masked_url(secret: str) -> str:
    """A URL without login and query; nothing of it when a login could hide elsewhere (an unescaped ``/`` in it)."""
    parts = urlsplit(secret)
    if "@" in parts.path + parts.query + parts.fragment:
        return HIDDEN
    login = f"{HIDDEN}@" if "@" in parts.netloc else ""
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{login}{place}{parts.path}{'?' + HIDDEN if parts.query else ''}"
