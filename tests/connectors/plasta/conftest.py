"""A running PLASTA stand-in with a handful of invented persons, and the real registry against it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Protocol

import pytest

from connectors.http import HttpTarget, Retries
from connectors.plasta.factory import plasta_channel
from connectors.plasta.feed import Patience
from connectors.plasta.registry import PlastaRegistry
from connectors.soap import SoapTarget
from sandbox.plasta import Credentials, PlastaService, PlastaState
from sandbox.plasta.code_lists import CII_KEYWORD
from sandbox.plasta.records import INACTIVE, JOB_FOUND, NO_JOB, Address, Deregistration, JobSeeker, Registration

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
GONE = Deregistration(date(2025, 8, 31), False, NO_JOB, "201", NOW)
HIRED = Deregistration(date(2026, 10, 1), True, JOB_FOUND, "101", NOW, start_of_work=date(2026, 10, 1))


def seeker(number: str, family_name: str, first_name: str, **changes: object) -> JobSeeker:
    """An invented person with one active registration in Sion, unless changed."""
    registration = Registration(f"AD{number[-6:]}", "VSO10", date(2026, 2, 2), NOW)
    values: dict[str, object] = {
        "birth_date": date(1979, 5, 17),
        "language": "2",
        "address": Address("1950", "Sion"),
        "changed_at": NOW,
        "registrations": (registration,),
        **changes,
    }
    return JobSeeker(personal_number=number, family_name=family_name, first_name=first_name, **values)  # type: ignore[arg-type]


PERSONS = (
    seeker("80000001", "Bonvin", "Zoé", avs_number="7569217076985"),
    seeker("80000002", "D'Andrès", "Loïc", avs_number="7561234567897"),
    seeker("80000003", "Zenhäusern", "Jürg", language="1", birth_date=date(1990, 1, 31)),
    seeker(
        "80000004",
        "Rossier",
        "Anaïs",
        registrations=(
            Registration("AD000040", "VSM10", date(2024, 9, 1), NOW, status=INACTIVE, deregistration=GONE),
            Registration("AD000041", "VSO10", date(2026, 3, 1), NOW, kind="3", keywords=(CII_KEYWORD,), version=4),
        ),
    ),
    seeker("80000005", "Bonvin", "Zora", registrations=()),
    seeker("80000006", "Geheim", "Nadia", protected=True),
    seeker("80000007", "Bonvin", "Zoé", birth_date=date(1979, 5, 17)),
    seeker(
        "80000008",
        "Imhof",
        "Käthi",
        registrations=(
            Registration("AD000080", "VSP10", date(2026, 1, 5), NOW, status=INACTIVE, deregistration=HIRED),
        ),
    ),
)


class Registries(Protocol):
    """Makes registries against the running stand-in; only what a test is about is named."""

    def __call__(
        self,
        *,
        password: str = "geheim",
        wsse: bool = False,
        attempts: int = 1,
        keyword: str = "CII LIAS-LEMC",
        list_size: int = 300,
        enabled: bool = False,
        office: str = "VSO10",
        deadline: float = 5.0,
        max_bytes: int = 2**20,
        cache_seconds: float = 3600.0,
    ) -> PlastaRegistry: ...


@pytest.fixture
def state() -> PlastaState:
    return PlastaState(PERSONS, clock=lambda: NOW)


@pytest.fixture
def service(state: PlastaState) -> Iterator[PlastaService]:
    with PlastaService(state, credentials=Credentials("cii", "geheim")) as running:
        yield running


@pytest.fixture
def registries(service: PlastaService) -> Registries:
    def make(
        *,
        password: str = "geheim",
        wsse: bool = False,
        attempts: int = 1,
        keyword: str = "CII LIAS-LEMC",
        list_size: int = 300,
        enabled: bool = False,
        office: str = "VSO10",
        deadline: float = 5.0,
        max_bytes: int = 2**20,
        cache_seconds: float = 3600.0,
    ) -> PlastaRegistry:
        http = HttpTarget(
            "plasta",
            service.endpoint,
            deadline_seconds=deadline,
            read_seconds=deadline,
            max_bytes=max_bytes,
            retries=Retries(attempts=attempts, first_wait=0.0, longest_wait=0.0),
        )
        target = SoapTarget(http, "cii", password, auth="wsse" if wsse else "body", office=office)
        return PlastaRegistry(
            plasta_channel(target),
            keyword_name=keyword,
            list_size=list_size,
            registration_enabled=enabled,
            cache_seconds=cache_seconds,
            patience=Patience(attempts=2, seconds=0.0, sleep=lambda _seconds: None),
        )

    return make


@pytest.fixture
def registry(registries: Registries) -> PlastaRegistry:
    return registries()
