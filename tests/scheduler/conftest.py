"""Worlds in memory for what decides, and houses with real workers over the sandbox for what moves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.facets import Facet, Target
from sandbox.population.generate import generate
from sandbox.serve import Sandbox
from scheduler.queues import Topology
from store.opening import open_store, prepare
from tests.builders import NOW, case, person, registration
from tests.fakes import Clock
from tests.flows.conftest import today
from tests.pipelines.world import EVERY_FLOW, World, copied

CASES = 200


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
    made.switch((Facet.REINSERTION, Target.MAIL), since=(NOW - timedelta(days=30)).date())
    yield made
    store.engine.dispose()


@pytest.fixture
def keyword_missing(world: World) -> World:
    """One case of a person who is registered and lacks the keyword; nothing is read yet."""
    world.cii.put(case(mirror={}))
    world.plasta.put(person(registration(has_keyword=False)))
    return world


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Real servers on loopback ports over a small population with every scenario in it."""
    with Sandbox(generate(7, CASES, today())) as running:
        yield running


@pytest.fixture
def topology(rabbitmq_url: str, queue_prefix: str) -> Iterator[Topology]:
    """Queues of this test's own on the real broker, removed with what is inside."""
    made = Topology(queue_prefix.strip("."))
    made.declare(rabbitmq_url)
    yield made
    made.remove(rabbitmq_url)
