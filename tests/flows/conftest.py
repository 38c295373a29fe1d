"""A sandbox with a population, and a house over it: in-process on SQLite and PostgreSQL, and with Celery workers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.decision import Mode
from domain.facets import Facet, Target
from sandbox.population.generate import generate
from sandbox.serve import ZURICH, Sandbox
from scheduler.bootstrap import House, open_house, upgrade, utc_now
from scheduler.queues import Topology
from tests.flows.settings import configuration, environ

CASES = 200

SWITCHED_ON = (
    (Facet.REGISTRATION, Target.CII),
    (Facet.DEREGISTRATION, Target.CII),
    (Facet.KEYWORD_STATE, Target.CII),
    (Facet.KEYWORD, Target.PLASTA),
    (Facet.REGISTRATION, Target.MAIL),
    (Facet.REINSERTION, Target.MAIL),
)

WORKER = (
    "import os; from config.startup import configure; from scheduler.workers import run_worker; "
    "run_worker(configure(os.environ))"
)


def today() -> date:
    """The population's day: the real one, so that all clocks agree."""
    return utc_now().astimezone(ZURICH).date()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Real servers on loopback ports over a small population with every scenario in it."""
    with Sandbox(generate(7, CASES, today())) as running:
        yield running


@pytest.fixture
def quiet_house(sandbox: Sandbox, tmp_path: Path) -> Iterator[House]:
    """A house on SQLite in which nothing is switched on yet."""
    made = configuration(sandbox, tmp_path)
    upgrade(made.settings)
    with open_house(made) as opened:
        yield opened


@pytest.fixture
def sqlite_house(quiet_house: House) -> House:
    """A house on SQLite with every flow switched on."""
    return switched_on(quiet_house)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("celery", marks=[pytest.mark.postgres, pytest.mark.rabbitmq]),
    ]
)
def house(request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: Path) -> Iterator[House]:
    """The same house three times: both databases, both runners; every flow switched on."""
    more = {}
    if request.param != "sqlite":
        more["CII_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    if request.param == "celery":
        more["CII_RUNNER"] = "celery"
        more["CII_BROKER_URL"] = request.getfixturevalue("rabbitmq_url")
        more["CII_QUEUE_PREFIX"] = request.getfixturevalue("queue_prefix").strip(".")
    made = configuration(sandbox, tmp_path, **more)
    upgrade(made.settings)
    with open_house(made) as opened:
        if request.param != "celery":
            yield switched_on(opened)
            return
        with worker(environ(sandbox, tmp_path, **more)):
            yield switched_on(opened)
        Topology(more["CII_QUEUE_PREFIX"]).remove(more["CII_BROKER_URL"])


class worker:  # noqa: N801 - reads as what it is where it is used
    """A worker process with these settings; ended and waited for at the end."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._command = [sys.executable, "-c", WORKER]
        self._variables = variables

    def __enter__(self) -> "worker":
        """Start it."""
        self._process = subprocess.Popen(self._command, env={**_path(), **self._variables})
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop it warmly."""
        self._process.terminate()
        self._process.wait(timeout=30)


def _path() -> dict[str, str]:
    """What a child needs of our own environment."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def switched_on(house: House) -> House:
    """Every flow active; mails for what is confirmed from last week on."""
    switch_on(house, today() - timedelta(days=7))
    return house


def switch_on(house: House, mails_since: date) -> None:
    """Every flow active; mails for what is confirmed from a day on."""
    for facet, target in SWITCHED_ON:
        since = mails_since if facet is Facet.REINSERTION else None
        mode = Mode(active=True, since=since)
        house.needs.switches.set_mode(facet, target, mode, reason="test", by="test", now=house.needs.clock())
