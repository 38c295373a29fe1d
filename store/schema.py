"""What all tables share: one metadata with names for every constraint, and the columns that have a type of ours."""

from sqlalchemy import Column, ForeignKey, LargeBinary, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from store.sealing import Sealed

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class SealedColumn(TypeDecorator[Sealed]):
    """A column of personal data: it takes nothing but :class:`Sealed`, so that plain text cannot slip in."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:
        """The sealed bytes; ``TypeError`` for anything that was not sealed."""
        del dialect
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("a sealed column takes sealed values only")
        return value.raw

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        """The sealed value as it was stored."""
        del dialect
        return None if value is None else Sealed(value)


def case_column(*, primary_key: bool = False) -> Column[str]:
    """The case that a row belongs to."""
    return Column("case_id", String, ForeignKey("cases.case_id"), primary_key=primary_key, nullable=False)
