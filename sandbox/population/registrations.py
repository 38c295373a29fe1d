"""Registrations and de-registrations for the plots, with PLASTA's codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sandbox.plasta.code_lists import ADVISERS, CII_KEYWORD
from sandbox.plasta.records import (
    ACTIVE,
    AGAIN_AFTER_SIX_MONTHS,
    CHANGE_OF_OFFICE,
    FIRST_REGISTRATION,
    FRENCH,
    GERMAN,
    INACTIVE,
    JOB_FOUND,
    NO_JOB,
    Address,
    Deregistration,
    JobSeeker,
    Registration,
)
from sandbox.population.people import Person
from sandbox.population.places import OFFICES
from sandbox.population.plots import Bench

OFFICE_CHANGED = "202"
_JOB_REASONS = ("101", "102", "103")
_OTHER_REASONS = ("201", "203", "204", "206", "299")
_OTHER_KEYWORD = "KW000110"
_IN_CAPITALS = 0.1
_WITHOUT_STREET = 0.3


def at_noon(day: date) -> datetime:
    """An instant on that day, the same in every zone that matters here."""
    return datetime.combine(day, time(12), UTC)


def registration(bench: Bench, region: str, registered_on: date, *, keyword: bool = True) -> Registration:
    """An active registration at the region's office, with or without our keyword and now and then another one."""
    office = OFFICES[region]
    advisers = [adviser.user_id for adviser in ADVISERS if adviser.office == office]
    keywords = (CII_KEYWORD,) if keyword else ()
    if bench.rng.random() < 0.25:  # noqa: PLR2004 - a quarter
        keywords = (*keywords, _OTHER_KEYWORD)
    return Registration(
        bench.stes_id(),
        office,
        registered_on,
        at_noon(registered_on),
        kind=bench.rng.choice((FIRST_REGISTRATION, AGAIN_AFTER_SIX_MONTHS)),
        status=ACTIVE,
        adviser=bench.rng.choice(advisers),
        keywords=keywords,
        version=bench.rng.randint(1, 9),
    )


def ended(bench: Bench, one: Registration, effective_on: date, *, job_found: bool) -> Registration:
    """The same registration with a de-registration; inactive when that lies in the past."""
    reason = bench.rng.choice(_JOB_REASONS if job_found else _OTHER_REASONS)
    return _with_end(bench, one, effective_on, job_found=job_found, reason=reason)


def moved_away(bench: Bench, one: Registration, effective_on: date) -> Registration:
    """The registration at the old office, after a change of office."""
    return _with_end(bench, one, effective_on, job_found=False, reason=OFFICE_CHANGED)


def after_move(bench: Bench, region: str, registered_on: date) -> Registration:
    """The registration at the new office: a new id, and no keyword."""
    return replace(registration(bench, region, registered_on, keyword=False), kind=CHANGE_OF_OFFICE)


def _with_end(bench: Bench, one: Registration, effective_on: date, *, job_found: bool, reason: str) -> Registration:
    recorded_on = min(effective_on, bench.today - timedelta(days=1))
    end = Deregistration(
        effective_on,
        job_found,
        JOB_FOUND if job_found else NO_JOB,
        reason,
        at_noon(recorded_on),
        start_of_work=effective_on + timedelta(days=1) if job_found else None,
    )
    status = INACTIVE if effective_on <= bench.today else ACTIVE
    return replace(one, status=status, deregistration=end, changed_at=at_noon(recorded_on))


def job_seeker(bench: Bench, person: Person, registrations: tuple[Registration, ...]) -> JobSeeker:
    """The person as PLASTA writes her down; some family names in capitals, some addresses without a street."""
    rng = bench.rng
    family = person.family_name
    if rng.random() < _IN_CAPITALS and family.upper().casefold() == family.casefold():
        family = family.upper()
    street = None if rng.random() < _WITHOUT_STREET else f"Rue de l'Église {rng.randint(1, 90)}"
    return JobSeeker(
        person.personal_number,
        family,
        person.first_name,
        person.birth_date,
        GERMAN if person.language == "de" else FRENCH,
        Address(person.commune.postal_code, person.commune.locality, street),
        max((one.changed_at for one in registrations), default=at_noon(bench.today - timedelta(days=1))),
        avs_number=person.avs_number,
        sex="W" if person.sex == "F" else "M",
        registrations=registrations,
    )
