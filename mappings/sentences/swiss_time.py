"""Days and times as people in Valais read them: dd.mm.yyyy, 24 hours, Europe/Zurich (rule 9)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.facets import Language

ZURICH = ZoneInfo("Europe/Zurich")


def day(value: date) -> str:
    """``30.11.2026``, the same in both languages; an instant is told by its day in Valais."""
    local = _local(value) if isinstance(value, datetime) else value
    return f"{local.day:02}.{local.month:02}.{local.year:04}"


def time(value: datetime, language: Language) -> str:
    """``09 h 14`` in French, ``09.14 Uhr`` in German."""
    local = _local(value)
    hours, minutes = f"{local.hour:02}", f"{local.minute:02}"
    return f"{hours} h {minutes}" if language is Language.FR else f"{hours}.{minutes} Uhr"


def moment(value: datetime, language: Language) -> str:
    """``le 21.11.2026 à 06 h 10`` in French, ``am 21.11.2026 um 06.10 Uhr`` in German."""
    at, on = time(value, language), day(value)
    return f"le {on} à {at}" if language is Language.FR else f"am {on} um {at}"


def stamp(value: datetime) -> str:
    """``21.11.2026 06:10``: for columns, where a sentence would not fit."""
    local = _local(value)
    return f"{day(local)} {local.hour:02}:{local.minute:02}"


def _local(instant: datetime) -> datetime:
    """The instant on the clocks of Valais; :class:`ValueError` for one without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone has no time of day")
    return instant.astimezone(ZURICH)
