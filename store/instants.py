"""An instant as a column: aware in, aware UTC out, microseconds since 1970 at rest.

SQLite would lose the offset of a ``DateTime(timezone=True)`` without a word (M9); an integer loses nothing, sorts
rightly and is the same on both databases.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A point in time; a naive one is refused with ``ValueError``, since nobody can say which one it is."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Microseconds since 1970-01-01 UTC."""
        del dialect
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("an instant without an offset cannot be stored")
        return (value - _EPOCH) // _TICK

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """The same instant, in UTC."""
        del dialect
        return None if value is None else _EPOCH + value * _TICK
