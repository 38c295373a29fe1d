"""What each scenario changes in a fresh plot: whose person is it, may we ask, can we read it. Named as in the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sandbox.cii.records import ASSESSMENT_STATES, CASE_MANAGEMENT_STATES
from sandbox.population.avs import with_wrong_check_digit
from sandbox.population.fresh import consent, paper
from sandbox.population.plots import Bench, Plot
from sandbox.population.registrations import job_seeker, registration

_YEAR = timedelta(days=365)


def case_management_covered(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Case management with a procuration that names the ORP; the keyword belongs to coachings only."""
    _managed(plot, bench, ordinal)
    consent(plot, bench)


def assessment_covered(plot: Plot, bench: Bench, ordinal: int) -> None:
    """An assessment with a procuration that names the ORP."""
    _managed(plot, bench, ordinal)
    plot.kind, plot.state = "assessment", _open_state(ASSESSMENT_STATES, ordinal)
    consent(plot, bench)


def no_procuration(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Case management, and nothing was signed."""
    _managed(plot, bench, ordinal)


def procuration_without_orp(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Case management; others are named, the ORP is not."""
    _managed(plot, bench, ordinal)
    plot.procurations = (paper(plot, plot.opened_on, bench.today + _YEAR, with_orp=False),)


def procuration_expired(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Case management; what was signed ended some days ago."""
    _managed(plot, bench, ordinal)
    plot.procurations = (paper(plot, plot.opened_on, bench.days_ago(1, 40)),)


def procuration_revoked(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Case management; the person took it back."""
    _managed(plot, bench, ordinal)
    revoked_on = bench.days_ago(1, 40)
    plot.procurations = (paper(plot, plot.opened_on, bench.today + _YEAR, revoked_on=revoked_on),)


def not_registered(plot: Plot, bench: Bench, ordinal: int) -> None:
    """PLASTA does not know the person."""
    plot.registrations = None
    plot.state = ("announced", "registration_pending")[ordinal % 2]
    plot.opened_on = bench.days_ago(1, 10)
    plot.procurations = ()
    plot.mirrored = set()
    plot.personal_number_known = False
    plot.avs_known = ordinal % 5 != 0


def two_persons(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Two persons of the same name were born on the same day, and the case has no number."""
    name_only_candidate(plot, bench, ordinal)
    avs, personal = bench.people.numbers()
    twin = replace(plot.person, avs_number=avs, personal_number=personal)
    hers = registration(bench, plot.region, plot.opened_on, keyword=False)
    plot.others = (job_seeker(bench, twin, (hers,)),)


def name_only_candidate(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """One person fits by name and birth date, and the case has no number."""
    plot.avs_known = plot.personal_number_known = False
    plot.mirrored = set()


def birth_date_differs(plot: Plot, bench: Bench, ordinal: int) -> None:
    """The number is known to PLASTA, under another birth date."""
    born = plot.person.birth_date
    typed = born.replace(day=born.day % 28 + 1) if ordinal % 2 else born - timedelta(days=bench.rng.randint(300, 4000))
    plot.known = replace(plot.known, birth_date=typed)
    plot.personal_number_known = ordinal % 3 == 0
    plot.mirrored = set()


def identity_differs(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """She married: one system has the new family name, the other the old one."""
    other = plot.person.family_name
    while other == plot.person.family_name:
        other = bench.people.one().family_name
    plot.known = replace(plot.known, family_name=other)
    if not plot.procurations:
        consent(plot, bench)


def invalid_avs(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """A digit of the AVS number was typed wrong."""
    plot.known = replace(plot.known, avs_number=with_wrong_check_digit(plot.known.avs_number))


def unknown_code(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """The CII software has a new state that nobody told us of."""
    plot.state = "awaiting_arbitration"


def _managed(plot: Plot, bench: Bench, ordinal: int) -> None:
    plot.kind, plot.state = "case_management", _open_state(CASE_MANAGEMENT_STATES, ordinal)
    plot.opened_on = bench.days_ago(100, 900)
    plot.procurations = ()
    one = registration(bench, plot.region, plot.opened_on, keyword=False)
    plot.registrations = (one,)


def _open_state(states: tuple[str, ...], ordinal: int) -> str:
    still_open = states[:-1]
    return still_open[ordinal % len(still_open)]
