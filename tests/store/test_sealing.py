"""Sealing: what was sealed opens in its place under its key, and nowhere else (S23, F76, F77)."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, create_engine

from domain.errors import MisconfiguredError
from store.key_file import KeyFamily, Keys, new_keys
from store.schema import SealedColumn
from store.sealing import KeyRing, Sealed

RING = KeyRing(new_keys())
WORDS = st.text(max_size=12)
PLACES = st.tuples(WORDS, WORDS, WORDS)


@given(place=PLACES, data=st.binary(max_size=300))
def test_what_is_sealed_opens_in_its_place(place: tuple[str, str, str], data: bytes) -> None:
    assert RING.open(*place, RING.seal(*place, data)) == data


@given(places=st.lists(PLACES, min_size=2, max_size=2, unique=True), data=st.binary(max_size=50))
def test_f77_a_value_moved_to_another_row_or_column_does_not_open(
    places: list[tuple[str, str, str]], data: bytes
) -> None:
    sealed = RING.seal(*places[0], data)

    with pytest.raises(MisconfiguredError, match="does not open under key s-"):
        RING.open(*places[1], sealed)


@given(data=st.binary(max_size=50), where=st.integers(min_value=0), bit=st.integers(0, 7))
def test_f77_a_value_with_one_bit_changed_does_not_open(data: bytes, where: int, bit: int) -> None:
    raw = bytearray(RING.seal("cases", "document", "1", data).raw)
    raw[where % len(raw)] ^= 1 << bit

    with pytest.raises(MisconfiguredError):
        RING.open("cases", "document", "1", Sealed(bytes(raw)))


@given(raw=st.binary(max_size=60))
def test_arbitrary_bytes_are_never_opened(raw: bytes) -> None:
    with pytest.raises(MisconfiguredError):
        RING.open("cases", "document", "1", Sealed(raw))


def test_equal_values_give_unequal_bytes_and_equal_hashes() -> None:
    assert RING.seal("t", "c", "1", b"Bonvin").raw != RING.seal("t", "c", "1", b"Bonvin").raw
    assert RING.lookup("avs_number", "756") == RING.lookup("avs_number", "756")
    assert RING.fingerprint(b"x") == RING.fingerprint(b"x")


def test_hashes_differ_by_kind_by_key_and_from_the_plain_hash() -> None:
    other = KeyRing(new_keys())

    assert RING.lookup("avs_number", "756") != RING.lookup("personal_number", "756")
    assert RING.lookup("avs_number", "756") != other.lookup("avs_number", "756")
    assert RING.fingerprint(b"x") != other.fingerprint(b"x")


def test_f76_two_generations_of_keys_live_side_by_side() -> None:
    first = new_keys()
    old = KeyRing(first).seal("t", "c", "1", b"old")
    second = new_keys()
    both = KeyFamily(second.seal.current, {**first.seal.keys, **second.seal.keys})
    ring = KeyRing(Keys(both, first.lookup))
    new = ring.seal("t", "c", "1", b"new")

    assert (ring.open("t", "c", "1", old), ring.open("t", "c", "1", new)) == (b"old", b"new")
    assert (old.key_id, new.key_id) == (first.seal.current, second.seal.current)


def test_f76_a_missing_key_is_named_and_nothing_else_is() -> None:
    sealed = KeyRing(new_keys()).seal("cases", "document", "CII-1", b"Bonvin")

    with pytest.raises(MisconfiguredError) as caught:
        RING.open("cases", "document", "CII-1", sealed)

    assert sealed.key_id in str(caught.value)
    assert "CII-1" in str(caught.value)
    assert "Bonvin" not in str(caught.value)


def test_f76_another_key_under_the_same_id_is_told_apart() -> None:
    keys = new_keys()
    forged = Keys(KeyFamily(keys.seal.current, {keys.seal.current: bytes(32)}), keys.lookup)

    assert KeyRing(keys).witness(keys.seal.current) != KeyRing(forged).witness(keys.seal.current)
    with pytest.raises(MisconfiguredError, match=keys.seal.current):
        KeyRing(forged).open("t", "c", "1", KeyRing(keys).seal("t", "c", "1", b"x"))


def test_a_ring_shows_no_key() -> None:
    keys = new_keys()
    shown = f"{keys!r} {KeyRing(keys)!r} {RING.seal('t', 'c', '1', b'x')!r}"

    for family in (keys.seal, keys.lookup):
        for key in family.keys.values():
            assert repr(key)[2:-1] not in shown
            assert key.hex() not in shown


@pytest.mark.parametrize("plain", [b"Bonvin", "Bonvin", bytearray(b"Bonvin")])
def test_a_sealed_column_takes_nothing_in_clear(tmp_path: Path, plain: Any) -> None:  # noqa: ANN401 - what slips in
    table = Table("persons", MetaData(), Column("id", String, primary_key=True), Column("name", SealedColumn))
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.begin() as connection:
        table.create(connection)
        with pytest.raises(Exception, match="sealed values only"):
            connection.execute(table.insert(), {"id": "1", "name": plain})
        connection.execute(table.insert(), {"id": "2", "name": RING.seal("persons", "name", "2", b"Bonvin")})
        (sealed,) = connection.execute(table.select().with_only_columns(table.c.name)).scalars()
    engine.dispose()

    assert RING.open("persons", "name", "2", sealed) == b"Bonvin"
