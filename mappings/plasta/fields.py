"""Reads the parts of an answer by name; what is missing or of another kind is an error with its path.

In PLASTA nearly everything may be nil. What we need must be there all the same: nothing is defaulted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from domain.errors import InvalidRecordError, MappingError
from mappings.plain_text import is_plain
from mappings.plasta.dates import read_day

Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Fields:
    """One element of an answer and where it stands in it."""

    value: Mapping[str, object]
    path: str = ""

    def at(self, name: str) -> str:
        """The path of a part."""
        return f"{self.path}.{name}" if self.path else name

    def optional(self, name: str) -> str | None:
        """A text without the blanks around it, None where it is nil or blank."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise InvalidRecordError("should be a text", path=self.at(name))
        value = value.strip()
        if not is_plain(value):
            raise InvalidRecordError("holds a control character", path=self.at(name))
        return value or None

    def text(self, name: str) -> str:
        """A text that must be there."""
        value = self.optional(name)
        if value is None:
            raise self._missing(name)
        return value

    def day(self, name: str) -> date:
        """A day that must be there."""
        return read_day(self.text(name), self.at(name))

    def optional_day(self, name: str) -> date | None:
        """A day, None where it is nil."""
        text = self.optional(name)
        return None if text is None else read_day(text, self.at(name))

    def number(self, name: str) -> int:
        """A whole number that must be there."""
        value = self.value.get(name)
        if value is None:
            raise self._missing(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidRecordError("should be a whole number", path=self.at(name))
        return value

    def truth(self, name: str) -> bool:
        """Yes or no, which must be there."""
        value = self.value.get(name)
        if value is None:
            raise self._missing(name)
        if not isinstance(value, bool):
            raise InvalidRecordError("should be true or false", path=self.at(name))
        return value

    def word(self, name: str, table: Mapping[str, Word]) -> Word:
        """A code of a table; one that is not in it is reported, never guessed."""
        code = self.text(name)
        if code not in table:
            raise MappingError("is a code that no table knows", path=self.at(name))
        return table[code]

    def inner(self, name: str) -> "Fields | None":
        """A part with parts of its own, None where it is nil."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise InvalidRecordError("should have parts", path=self.at(name))
        return Fields(value, self.at(name))

    def needed(self, name: str) -> "Fields":
        """A part with parts of its own that must be there."""
        found = self.inner(name)
        if found is None:
            raise self._missing(name)
        return found

    def rows(self, name: str) -> tuple["Fields", ...]:
        """The items of ``xArray``/``xArrayItem``; an empty array has none."""
        array = self.inner(name)
        items = array.value.get(f"{name}Item") if array else None
        if items is None:
            return ()
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            raise InvalidRecordError("should hold items", path=self.at(name))
        return tuple(Fields(item, f"{self.at(name)}[{place}]") for place, item in enumerate(items))

    def _missing(self, name: str) -> InvalidRecordError:
        return InvalidRecordError("is missing", path=self.at(name))
