"""PLASTA's days: strings, read in two spellings and written in the newer one. Calendar days of Europe/Zurich."""

import re
from datetime import date

from domain.errors import InvalidRecordError

_NEW = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})-[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{1,6}")
_OLD = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")


def read_day(text: str, path: str) -> date:
    """``yyyy-MM-dd-HH.mm.ss.f`` (the time is PLASTA's local one, so the day stands) or the older ``dd.MM.yyyy``."""
    text = text.strip()
    try:
        if new := _NEW.fullmatch(text):
            year, month, day = (int(part) for part in new.groups())
            return date(year, month, day)
        if old := _OLD.fullmatch(text):
            day, month, year = (int(part) for part in old.groups())
            return date(year, month, day)
    except ValueError:
        raise InvalidRecordError("is a day that no calendar has", path=path) from None
    raise InvalidRecordError("should be a day, yyyy-MM-dd-HH.mm.ss.f or dd.MM.yyyy", path=path)


def write_day(day: date) -> str:
    """A day as PLASTA takes it: ``yyyy-MM-dd-00.00.00.0``."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}-00.00.00.0"
