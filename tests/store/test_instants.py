"""Instants and ids: aware in, aware UTC out, to the microsecond; ids sort by their time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from store.ids import new_id
from store.instants import Instant
from store.transactions import Store
from tests.builders import NOW

ZONES = st.sampled_from([UTC, ZoneInfo("Europe/Zurich"), timezone(timedelta(hours=-11, minutes=-30))])
INSTANTS = st.datetimes(timezones=ZONES, min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1))  # noqa: DTZ001 - Hypothesis adds the zone

seen_at = Table("instants", MetaData(), Column("at", Instant))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://")
    seen_at.create(made)
    yield made
    made.dispose()


@given(instant=INSTANTS)
def test_an_instant_comes_back_as_the_same_one_in_utc(engine: Engine, instant: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(seen_at.delete())
        connection.execute(insert(seen_at), {"at": instant})
        (stored,) = connection.execute(select(seen_at.c.at)).scalars()

    assert stored == instant.astimezone(UTC)
    assert stored.tzinfo is UTC


@given(instants=st.lists(INSTANTS, max_size=8))
def test_instants_sort_by_time_whatever_their_zone(engine: Engine, instants: list[datetime]) -> None:
    with engine.begin() as connection:
        connection.execute(seen_at.delete())
        if instants:
            connection.execute(insert(seen_at), [{"at": one} for one in instants])
        stored = list(connection.execute(select(seen_at.c.at).order_by(seen_at.c.at)).scalars())

    assert stored == sorted(one.astimezone(UTC) for one in instants)


def test_none_stays_none(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(seen_at.delete())
        connection.execute(insert(seen_at), {"at": None})
        assert list(connection.execute(select(seen_at.c.at)).scalars()) == [None]


def test_a_naive_instant_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 11, 22, 21, 0)  # noqa: DTZ001 - the fault under test
    with engine.begin() as connection, pytest.raises(StatementError, match="without an offset"):
        connection.execute(insert(seen_at), {"at": naive})


def test_both_databases_keep_the_microsecond(store: Store) -> None:
    instant = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=ZoneInfo("Europe/Zurich"), fold=1)
    local = Table("local_instants", MetaData(), Column("at", Instant), prefixes=["TEMPORARY"])
    with store.engine.begin() as connection:
        local.create(connection)
        connection.execute(insert(local), {"at": instant})
        assert connection.execute(select(local.c.at)).scalar_one() == datetime(
            2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC
        )


def test_ids_sort_by_their_time_and_do_not_repeat() -> None:
    ids = [new_id("I", NOW + timedelta(milliseconds=number)) for number in range(500)]

    assert ids == sorted(ids)
    assert len({new_id("I", NOW) for _ in range(1000)}) == 1000
    assert all(len(one) == 19 and not set("ILOU") & set(one[1:]) for one in ids)
