"""Writes the pieces of an answer as text: fast, and cached by row where an answer has hundreds of them.

Elements are of the types namespace under the prefix `t`, which the envelope declares. Days and instants are written as
`yyyy-MM-dd-HH.mm.ss.f` in Europe/Zurich.
"""

import re
from datetime import date, datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

ZURICH = ZoneInfo("Europe/Zurich")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tag(name: str, *parts: str) -> str:
    """Return an element around finished parts."""
    return f"<t:{name}>{''.join(parts)}</t:{name}>"


def text(name: str, value: str | None) -> str:
    """Return a text element, nil for None; raises ValueError for a character that XML cannot carry."""
    if value is None:
        return f'<t:{name} xsi:nil="true"/>'
    if _NOT_XML.search(value):
        raise ValueError(f"a character that XML cannot carry in {name}")
    # A bare carriage return would come back as a line feed.
    return f"<t:{name}>{escape(value, {chr(13): '&#13;'})}</t:{name}>"


def number(name: str, value: int | None) -> str:
    """Return a number, nil for None."""
    return text(name, None if value is None else str(value))


def flag(name: str, value: bool | None) -> str:  # noqa: FBT001 (the value itself)
    """Return true or false, nil for None."""
    return text(name, None if value is None else str(value).lower())


def day(name: str, value: date | None) -> str:
    """Return a local day at 00.00.00.0, nil for None."""
    return text(name, None if value is None else f"{value:%Y-%m-%d}-00.00.00.0")


def instant(name: str, value: datetime | None) -> str:
    """Return an aware instant in local time, with tenths of a second, nil for None."""
    if value is None:
        return text(name, None)
    local = value.astimezone(ZURICH)
    return text(name, f"{local:%Y-%m-%d-%H.%M.%S}.{local.microsecond // 100_000}")


def read_day(value: str) -> date:
    """Read a day in the contract's form or the older dd.MM.yyyy; raises ValueError."""
    form = "%d.%m.%Y" if value[2:3] == "." else "%Y-%m-%d"
    return datetime.strptime(value[:10], form).replace(tzinfo=ZURICH).date()
