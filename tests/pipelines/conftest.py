"""A world for each test, over its own copy of one migrated database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.facets import Facet
from store.opening import open_store, prepare
from tests.builders import MIRROR, NOW, case, mirror, person, registration
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
    """One case whose person is registered, mirrored so, and lacks nothing but the keyword."""
    world.cii.put(case(mirror=mirror({Facet.REGISTRATION: MIRROR[Facet.REGISTRATION]})))
    world.plasta.put(person(registration(has_keyword=False)))
    return world
