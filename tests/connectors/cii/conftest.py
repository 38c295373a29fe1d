"""A running CII software over a small population, and the real connector against it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from connectors.cii.cases import CiiCases
from connectors.http import HttpChannel, HttpTarget, Retries
from domain.cases import CaseFile
from sandbox.cii.service import CiiService
from sandbox.cii.state import CiiState
from sandbox.faults import Fault
from sandbox.population.generate import Population, generate

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TOKEN = "sandbox-token"

Switch = Callable[..., None]
Connect = Callable[..., CiiCases]


@pytest.fixture(scope="session")
def population() -> Population:
    return generate(seed=7, cases=220, today=TODAY)


@pytest.fixture
def service(population: Population) -> Iterator[CiiService]:
    state = CiiState(population.cii_cases, lambda: NOW)
    with CiiService(state, tokens={TOKEN: "cii-sync"}) as running:
        yield running


@pytest.fixture
def connect(service: CiiService) -> Connect:
    def make(*, token: str = TOKEN, page_size: int = 50, attempts: int = 1, deadline: float = 5.0) -> CiiCases:
        target = HttpTarget(
            "cii",
            service.url,
            token=token,
            read_seconds=deadline,
            deadline_seconds=deadline,
            retries=Retries(attempts=attempts, first_wait=0.0, longest_wait=0.0),
        )
        return CiiCases(HttpChannel(target), page_size=page_size)

    return make


@pytest.fixture
def cases(connect: Connect) -> CiiCases:
    return connect()


@pytest.fixture
def switch(service: CiiService) -> Switch:
    def on(kind: str, operations: str = "listCases", **options: object) -> None:
        service.faults.switch_on(Fault(kind, operations, **options))  # type: ignore[arg-type]

    return on


@pytest.fixture
def somebody(cases: CiiCases) -> CaseFile:
    """A case with a mirrored registration, read before any fault is switched on."""
    return next(case for page in cases.changes(None) for case in page.cases if case.mirror)
