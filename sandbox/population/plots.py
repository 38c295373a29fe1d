"""One case before it is written down twice: who, what each system knows of her, and what is mirrored.

A fresh plot is the bulk: a coaching that runs, registered with keyword, both sides agreed. A scenario changes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sandbox.cii.records import Exit, Procuration, Reinsertion
from sandbox.plasta.records import ACTIVE, Deregistration, JobSeeker, Registration
from sandbox.population.people import People, Person

US = "cii-sync"
"""How the CII software names the middleware as author of a mirrored value."""


@dataclass
class Plot:
    """What one case is about, open to change until it is written down.

    `mirrored` names the facets that the CII software shows as PLASTA has them; `mirror_instead` holds other values.
    `registrations` None means that PLASTA does not know the person.
    """

    person: Person
    known: Person
    opened_on: date
    state: str
    registrations: tuple[Registration, ...] | None
    avs_known: bool = True
    personal_number_known: bool = True
    kind: str = "coaching"
    closed_on: date | None = None
    exit: Exit | None = None
    reinsertion: Reinsertion | None = None
    mirrored: set[str] = field(default_factory=lambda: {"registration", "deregistration", "keyword"})
    mirror_instead: dict[str, Mapping[str, str]] = field(default_factory=dict)
    mirror_by: str = US
    procurations: tuple[Procuration, ...] = ()
    others: tuple[JobSeeker, ...] = ()
    changed_today: bool = False

    @property
    def region(self) -> str:
        """The region that follows the case: where the person lives."""
        return self.person.commune.region


@dataclass
class Bench:
    """What a scenario works with: its place among the cases of the same scenario, chance, people, and today."""

    rng: Random
    people: People
    today: date
    next_stes_id: int = 0

    def days_ago(self, least: int, most: int) -> date:
        """A day between `least` and `most` days before today."""
        return self.today - timedelta(days=self.rng.randint(least, most))

    def stes_id(self) -> str:
        """A registration id (`stesIdAvam`) that no other has."""
        self.next_stes_id += 1
        number = self.next_stes_id
        return f"A{'BCDEFGH'[number // 1_000_000]}{number % 1_000_000:06}"


def current(registrations: tuple[Registration, ...]) -> Registration:
    """The registration that speaks for the person: the active one, else the newest."""
    active = [one for one in registrations if one.status == ACTIVE]
    return active[0] if active else max(registrations, key=lambda one: one.registered_on)


def standing(registration: Registration) -> Deregistration | None:
    """Its de-registration, unless there is none or it was withdrawn."""
    ended = registration.deregistration
    return ended if ended is not None and ended.withdrawn_at is None else None


def registration_value(registration: Registration) -> dict[str, str]:
    """Mirror facet `registration`: what PLASTA says of it, in the contract's words."""
    return {
        "status": "registered" if registration.status == ACTIVE else "inactive",
        "office": registration.office,
        "registration": registration.stes_id,
        "since": registration.registered_on.isoformat(),
    }


def deregistration_value(ended: Deregistration) -> dict[str, str]:
    """Mirror facet `deregistration`."""
    return {
        "effective": ended.effective_on.isoformat(),
        "job_found": "yes" if ended.job_found else "no",
        "reason_domain": ended.reason_domain,
        "reason": ended.reason_code,
    }
