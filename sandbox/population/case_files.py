"""Writes a plot down twice: as the CII software's case file, and as the persons that PLASTA holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from sandbox.cii.records import STATES, Beneficiary, Case, Document, Locality, MirrorEntry, Procedure
from sandbox.plasta.code_lists import CII_KEYWORD
from sandbox.plasta.records import JobSeeker
from sandbox.population.plots import (
    Bench,
    Plot,
    current,
    deregistration_value,
    registration_value,
    standing,
)
from sandbox.population.registrations import at_noon, job_seeker
from sandbox.population.teams import coaching_team, managed_team

_DOCUMENT_KINDS = ("case_announcement", "evaluation_grid", "procuration", "cv", "report", "final_report")
_MAY_BE_NEWER = timedelta(days=1)


def case_file(plot: Plot, bench: Bench, case_id: str) -> Case:
    """The case as the CII software has it. `case_id` is CII-<year>-<number>."""
    person, place = plot.known, plot.person.commune
    changed_at = _changed_at(plot, bench)
    pick = bench.rng.randrange(9)
    team = coaching_team(plot.region, pick) if plot.kind == "coaching" else managed_team(plot.region, pick)
    return Case(
        case_id,
        plot.region,
        person.language,
        Beneficiary(
            person.family_name,
            person.first_name,
            person.birth_date,
            person.language,
            Locality(place.postal_code, place.locality, place.bfs_number),
            person.avs_number if plot.avs_known else None,
            person.personal_number if plot.personal_number_known else None,
        ),
        (Procedure(plot.kind, plot.state, plot.opened_on, plot.closed_on),),
        changed_at,
        "coordinator" if plot.exit else "tandem",
        team,
        tuple(replace(paper, id=f"P{case_id[3:]}{paper.id}") for paper in plot.procurations),
        plot.exit,
        plot.reinsertion,
        _mirror(plot, changed_at),
        _documents(plot, bench, case_id),
        version=bench.rng.randint(1, 30),
    )


def job_seekers(plot: Plot, bench: Bench) -> tuple[JobSeeker, ...]:
    """The persons of this plot in PLASTA: herself, a number of hers that was merged away, others who look like her."""
    if plot.registrations is None:
        return plot.others
    person = job_seeker(bench, plot.person, plot.registrations)
    if plot.known.personal_number == plot.person.personal_number:
        return (person, *plot.others)
    merged = replace(
        person,
        personal_number=plot.known.personal_number,
        avs_number=None,
        registrations=(),
        merged_into=person.personal_number,
    )
    return (merged, person, *plot.others)


def _changed_at(plot: Plot, bench: Bench) -> datetime:
    if plot.changed_today:
        return datetime.combine(bench.today - _MAY_BE_NEWER, time(23), UTC)
    latest = bench.today - _MAY_BE_NEWER
    first = min(latest, max(_days_of(plot)))
    day = first + timedelta(days=bench.rng.randint(0, (latest - first).days))
    return datetime.combine(day, time(7), UTC) + timedelta(seconds=bench.rng.randrange(10 * 3600))


def _days_of(plot: Plot) -> Iterator[date]:
    """The days on which something happened that the case knows of: its last change is not older."""
    yield plot.closed_on or plot.opened_on
    for paper in plot.procurations:
        yield paper.revoked_on or paper.signed_on
    if plot.reinsertion:
        yield plot.reinsertion.confirmed_on
    if plot.registrations and plot.mirrored:
        yield current(plot.registrations).changed_at.date()


def _mirror(plot: Plot, changed_at: datetime) -> dict[str, MirrorEntry]:
    values = dict(plot.mirror_instead)
    if plot.registrations is not None:
        one = current(plot.registrations)
        end = standing(one)
        if "registration" in plot.mirrored:
            values.setdefault("registration", registration_value(one))
        if "keyword" in plot.mirrored:
            values.setdefault("keyword", {"present": "yes" if CII_KEYWORD in one.keywords else "no"})
        if "deregistration" in plot.mirrored and end is not None:
            values.setdefault("deregistration", deregistration_value(end))
    return {facet: MirrorEntry(value, 1, changed_at, plot.mirror_by, changed_at) for facet, value in values.items()}


def _documents(plot: Plot, bench: Bench, case_id: str) -> tuple[Document, ...]:
    states = STATES[plot.kind]
    reached = states.index(plot.state) if plot.state in states else 0
    filed = min(len(_DOCUMENT_KINDS), reached // 2)
    return tuple(
        Document(
            f"D{case_id[3:]}-{number:03}",
            kind,
            "application/pdf",
            bench.rng.randint(20_000, 900_000),
            sha256(f"{case_id} {kind}".encode()).hexdigest(),
            at_noon(plot.opened_on + timedelta(days=number)).date(),
            "tandem",
        )
        for number, kind in enumerate(_DOCUMENT_KINDS[:filed], start=1)
    )
