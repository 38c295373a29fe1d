"""The PLASTA stand-in's state, and what people do in PLASTA's own screens.

Every act is a change that our side did not make: it appears in the change feed, never in the ledger. Days are local
(Europe/Zurich), the clock returns aware instants.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from sandbox.plasta import people_store as feed
from sandbox.plasta.code_lists import Catalogue
from sandbox.plasta.people_store import PeopleStore
from sandbox.plasta.records import (
    ACTIVE,
    AGAIN_AFTER_SIX_MONTHS,
    AGAIN_WITHIN_SIX_MONTHS,
    CHANGE_OF_OFFICE,
    FIRST_REGISTRATION,
    INACTIVE,
    Deregistration,
    JobSeeker,
    Registration,
    RegistrationRequest,
)

ZURICH = ZoneInfo("Europe/Zurich")
_SIX_MONTHS_DAYS = 183


class ActError(ValueError):
    """An act that PLASTA's screens would not allow, or about somebody who is not there."""


class PlastaState:
    """Persons, catalogue and clock; `people.lock` makes several steps one."""

    def __init__(
        self,
        job_seekers: Iterable[JobSeeker] = (),
        *,
        clock: Callable[[], datetime],
        catalogue: Catalogue | None = None,
        first_sequence: int = 1,
    ) -> None:
        """Load the persons; de-registrations that are in effect today make their registration inactive."""
        self.clock = clock
        self.catalogue = catalogue or Catalogue()
        self.requests: dict[str, RegistrationRequest] = {}
        self._numbers = count(1)
        today = self.today()
        self.people = PeopleStore((_settled(person, today) for person in job_seekers), first_sequence)
        self._announced = [
            (item.deregistration.effective_on, person.personal_number)
            for person in self.people
            for item in person.registrations
            if item.deregistration is not None and item.status == ACTIVE
        ]

    def today(self) -> date:
        """Return the local day."""
        return self.clock().astimezone(ZURICH).date()

    def settle(self) -> None:
        """Make inactive what announced de-registrations have ended since; the feed tells INAKTIVIERT for each."""
        if not self._announced:
            return
        today = self.today()
        with self.people.lock:
            due = [number for effective_on, number in self._announced if effective_on <= today]
            self._announced = [item for item in self._announced if item[0] > today]
            for number in due:
                before = self.person(number)
                after = _settled(before, today)
                for old, new in zip(before.registrations, after.registrations, strict=True):
                    if old is not new:
                        self.people.put(after, new.stes_id, feed.INAKTIVIERT)

    def person(self, personal_number: str) -> JobSeeker:
        """Return a person; raises ActError when the number is unknown."""
        found = self.people.get(personal_number)
        if found is None:
            raise ActError("no such person")
        return found

    def change_registration(self, person: JobSeeker, changed: Registration, kind: str) -> Registration:
        """Store a changed registration with its next version and return it as stored."""
        stored = replace(changed, version=changed.version + 1, changed_at=self.clock())
        registrations = tuple(stored if item.stes_id == stored.stes_id else item for item in person.registrations)
        self.people.put(replace(person, registrations=registrations), stored.stes_id, kind)
        return stored

    def add_registration(self, person: JobSeeker, office: str, kind: str | None = None) -> Registration:
        """Store a new active registration from today; its kind follows from what came before unless given."""
        if self.catalogue.office(office) is None:
            raise ActError("no such office")
        now = self.clock()
        registration = Registration(
            stes_id=self._next_stes_id(),
            office=office,
            registered_on=self.today(),
            changed_at=now,
            kind=kind or _kind_after(person, self.today()),
            adviser=next((item.user_id for item in self.catalogue.advisers if item.office == office), None),
        )
        grown = replace(person, registrations=(*person.registrations, registration), changed_at=now)
        self.people.put(grown, registration.stes_id, feed.AKTIVIERT)
        return registration

    def announce(self, effective_on: date, personal_number: str) -> None:
        """Remember a de-registration that is recorded but may not be in effect yet."""
        self._announced.append((effective_on, personal_number))

    def next_personal_number(self) -> str:
        """Return an unused personal number (8 digits)."""
        return next(number for step in self._numbers if self.people.get(number := f"{89_000_000 + step}") is None)

    def _next_stes_id(self) -> str:
        return next(stes_id for step in self._numbers if self.people.with_stes_id(stes_id := f"ZZ{step:06d}") is None)


def active_registration(person: JobSeeker, stes_id: str | None) -> Registration:
    """Return the registration meant: by id, else the only active one; raises ActError when that is unclear."""
    if stes_id is not None:
        found = person.registration(stes_id)
        if found is None:
            raise ActError("no such registration of this person")
        return found
    active = person.active_registrations
    if len(active) != 1:
        raise ActError(f"{len(active)} active registrations: say which")
    return active[0]


def _settled(person: JobSeeker, today: date) -> JobSeeker:
    ended = tuple(
        replace(item, status=INACTIVE) if item.status == ACTIVE and _in_effect(item.deregistration, today) else item
        for item in person.registrations
    )
    return person if ended == person.registrations else replace(person, registrations=ended)


def _in_effect(deregistration: Deregistration | None, today: date) -> bool:
    return deregistration is not None and deregistration.withdrawn_at is None and deregistration.effective_on <= today


def _kind_after(person: JobSeeker, today: date) -> str:
    if not person.registrations:
        return FIRST_REGISTRATION
    last = person.registrations[-1]
    if last.status == ACTIVE:
        return CHANGE_OF_OFFICE
    ended = last.registered_on if last.deregistration is None else last.deregistration.effective_on
    return AGAIN_WITHIN_SIX_MONTHS if (today - ended).days < _SIX_MONTHS_DAYS else AGAIN_AFTER_SIX_MONTHS
