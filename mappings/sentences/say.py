"""One sentence by its key, in the reader's language. Pure; a key or a field that is missing is an error.

Fields stand in braces. ``{x:day}``, ``{x:time}`` and ``{x:moment}`` take a date or an instant (aware UTC).
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from domain.errors import MappingError
from domain.facets import Language
from mappings.sentences import swiss_time

Field = str | int | date | datetime


@cache
def texts(language: Language) -> Mapping[str, str]:
    """The packaged file of a language, flat: ``answer.ok.found`` to its text, fields in braces."""
    raw = (files("mappings.sentences") / f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat("", tomllib.loads(raw)))


def _flat(above: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a table under its full key."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{above}{name}.", value)
        else:
            yield f"{above}{name}", value


def keys(language: Language) -> frozenset[str]:
    """Every key that a language has."""
    return frozenset(texts(language))


def known(key: str) -> bool:
    """Whether there is a text of this key; both languages have the same keys."""
    return key in texts(Language.FR)


def say(language: Language, key: str, **fields: Field) -> str:
    """The text of ``key``; :class:`MappingError` names a key or a field that is missing, never a value."""
    text = texts(language).get(key)
    if text is None:
        raise MappingError("there is no sentence of this key", path=key, system="sentences")
    try:
        return _Swiss(language).vformat(text, (), fields)
    except KeyError as error:
        raise MappingError(f"the field {error.args[0]} is missing", path=key, system="sentences") from None


def word(language: Language, table: str, code: str) -> str:
    """What a code is called; a code that has no word yet is shown as it is, since it is data and not our sentence."""
    return texts(language).get(f"{table}.{code}", code)


class _Swiss(Formatter):
    """Knows three formats of its own; no attribute or index of a field can be reached from a text."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> tuple[Any, str]:  # noqa: ANN401
        """The field of that plain name."""
        return self.get_value(field_name, args, kwargs), field_name

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - the formatter's own signature
        """A date or an instant as people read it; text as it stands."""
        match format_spec, value:
            case "day", date():
                return swiss_time.day(value)
            case "time", datetime():
                return swiss_time.time(value, self._language)
            case "moment", datetime():
                return swiss_time.moment(value, self._language)
            case "", str() | int():
                return str(value)
            case _:
                raise TypeError(f"no way to say a {type(value).__name__} as '{format_spec}'")
