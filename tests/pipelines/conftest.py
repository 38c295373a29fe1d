"""A world for each test, over its own copy of one migrated database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.opening import open_store, prepare
from tests.builders import NOW, case, person, registration
from tests.fakes import Clock
from tests.pipelines.world import EVERY_FLOW, World, copied


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated, empty database and its key file."""
    folder = tmp_path_factory.mktemp("template")
    prepare(f"sqlite:///{folder / 'cii.db'}", folder / "cii.key", Clock())
    return folder


@pytest.fixture
def world(template: Path, tmp_path: Path) -> Iterator[World]:
    """An empty world with every flow on."""
    clock = Clock(NOW)
    store = open_store(*copied(template, tmp_path), clock)
    made = World(store, clock)
    made.switch(*EVERY_FLOW)
    yield made
    store.engine.dispose()


@pytest.fixture
def keyword_missing(world: World) -> World:
    """One case of a person who is registered and lacks the keyword, decided on: the intent waits."""
    world.cii.put(case())
    world.plasta.put(person(registration(has_keyword=False)))
    return world
