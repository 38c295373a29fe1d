"""A running stand-in with a handful of invented persons, at a clock that the test sets."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from sandbox.plasta import Credentials, PlastaService, PlastaState
from sandbox.plasta.code_lists import CII_KEYWORD
from sandbox.plasta.records import INACTIVE, NO_JOB, Address, Deregistration, Document, JobSeeker, Registration
from tests.sandbox.plasta.raw import Raw

START = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, days: int) -> None:
        self.now += timedelta(days=days)


def job_seeker(number: str, family_name: str, first_name: str, **changes: object) -> JobSeeker:
    """An invented person with one active registration in Sion, unless changed."""
    registration = Registration(f"AD{number[-6:]}", "VSO10", date(2026, 2, 2), START, adviser="vso1001")
    values: dict[str, object] = {
        "birth_date": date(1979, 5, 17),
        "language": "2",
        "address": Address("1950", "Sion", "Rue de l'Église 3"),
        "changed_at": START,
        "registrations": (registration,),
        **changes,
    }
    return JobSeeker(personal_number=number, family_name=family_name, first_name=first_name, **values)  # type: ignore[arg-type]


ENDED = Deregistration(date(2025, 8, 31), False, NO_JOB, "201", START)
REPORT = Document("D-1", "Rapport d'évaluation", "Bericht", "STES", "F-1", START, 1234, "ab" * 32)
PERSONS = (
    job_seeker("80000001", "Bonvin", "Zoé", avs_number="7569217076985", sex="W", documents=(REPORT,)),
    job_seeker("80000002", "D'Andrès", "Loïc", avs_number="7561234567897"),
    job_seeker("80000003", "Zenhäusern", "Jürg", language="1", birth_date=date(1990, 1, 31)),
    job_seeker(
        "80000004",
        "Rossier",
        "Anaïs",
        registrations=(
            Registration("AD000040", "VSM10", date(2024, 9, 1), START, status=INACTIVE, deregistration=ENDED),
            Registration("AD000041", "VSO10", date(2026, 3, 1), START, kind="3", keywords=(CII_KEYWORD,), version=4),
        ),
    ),
    job_seeker(
        "80000005",
        "Favre",
        "Noé",
        registrations=(
            Registration("AD000050", "VSO10", date(2026, 1, 5), START),
            Registration("AD000051", "VSM10", date(2026, 4, 5), START),
        ),
    ),
    job_seeker("80000006", "Bonvin", "Zora", registrations=()),
    job_seeker("80000007", "Geheim", "Nadia", protected=True),
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(clock: Clock) -> PlastaState:
    return PlastaState(PERSONS, clock=clock)


@pytest.fixture
def service(state: PlastaState) -> Iterator[PlastaService]:
    with PlastaService(state, credentials=Credentials("cii", "geheim")) as running:
        yield running


@pytest.fixture
def raw(service: PlastaService) -> Raw:
    return Raw(service)
