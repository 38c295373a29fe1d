"""Opening: schema, keys and database belong together, or nothing starts."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.errors import SettingsError
from store.case_book import SqlCaseBook
from store.engine import make_engine
from store.key_file import KeyFamily, Keys, new_keys, read_keys, write_keys
from store.opening import open_store, prepare
from tests.fakes import Clock
from tests.store.steps import case, facts_of, page

CLOCK = Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'cii.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "cii.key"


def replace_keys(key_file: Path, keys: Keys) -> None:
    key_file.unlink()
    write_keys(key_file, keys)


def refused(url: str, key_file: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        open_store(url, key_file, CLOCK)
    return str(caught.value)


def test_a_fresh_start_needs_an_upgrade_and_then_opens(url: str, key_file: Path) -> None:
    assert "is empty" in refused(url, key_file)
    assert "run `cii-sync db upgrade`" in refused(url, key_file)

    prepare(url, key_file, CLOCK)

    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    store = open_store(url, key_file, CLOCK)
    SqlCaseBook(store).save_cases(page(case()), "cii", CLOCK(), "R1")
    assert facts_of(SqlCaseBook(store)).case == case()
    store.engine.dispose()


def test_an_upgrade_can_be_repeated_and_keeps_its_keys(url: str, key_file: Path) -> None:
    prepare(url, key_file, CLOCK)
    before = key_file.read_bytes()

    prepare(url, key_file, CLOCK)

    assert key_file.read_bytes() == before
    open_store(url, key_file, CLOCK).engine.dispose()


def test_f76_a_lost_key_file_is_never_replaced_by_a_fresh_one(url: str, key_file: Path) -> None:
    prepare(url, key_file, CLOCK)
    key_id = read_keys(key_file).seal.current
    key_file.unlink()

    with pytest.raises(SettingsError, match=rf"sealed under .*{key_id}.*restore it"):
        prepare(url, key_file, CLOCK)

    assert not key_file.exists()
    assert "is missing" in refused(url, key_file)


def test_f76_another_key_file_is_refused_with_the_ids_that_it_lacks(url: str, key_file: Path) -> None:
    prepare(url, key_file, CLOCK)
    ours = read_keys(key_file)
    replace_keys(key_file, new_keys())

    told = refused(url, key_file)

    assert f"lacks key {ours.seal.current}" in told
    assert f"lacks key {ours.lookup.current}" in told
    with pytest.raises(SettingsError, match="lacks key"):
        prepare(url, key_file, CLOCK)


def test_f76_a_wrong_key_under_the_right_id_is_refused(url: str, key_file: Path) -> None:
    prepare(url, key_file, CLOCK)
    ours = read_keys(key_file)
    forged = KeyFamily(ours.seal.current, {ours.seal.current: bytes(32)})
    replace_keys(key_file, Keys(forged, ours.lookup))

    assert f"another key under the id {ours.seal.current}" in refused(url, key_file)


def test_f76_a_new_generation_is_noted_by_the_upgrade_and_old_data_opens(url: str, key_file: Path) -> None:
    prepare(url, key_file, CLOCK)
    store = open_store(url, key_file, CLOCK)
    SqlCaseBook(store).save_cases(page(case()), "cii", CLOCK(), "R1")
    store.engine.dispose()
    first, second = read_keys(key_file), new_keys()
    seal = KeyFamily(second.seal.current, {**first.seal.keys, **second.seal.keys})
    replace_keys(key_file, Keys(seal, first.lookup))

    assert f"key {second.seal.current} is new" in refused(url, key_file)
    prepare(url, key_file, CLOCK)

    store = open_store(url, key_file, CLOCK)
    assert facts_of(SqlCaseBook(store)).case == case()
    store.engine.dispose()


def test_f29_a_schema_of_a_newer_program_is_refused_by_both(url: str, key_file: Path) -> None:
    prepare(url, key_file, CLOCK)
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    assert "newer program" in refused(url, key_file)
    with pytest.raises(SettingsError, match="newer program"):
        prepare(url, key_file, CLOCK)
