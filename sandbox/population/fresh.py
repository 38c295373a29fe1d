"""A fresh plot: coaching that runs, registered with keyword, both sides agreed. And the papers that scenarios need."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.cii.records import Procuration
from sandbox.population.plots import Bench, Plot
from sandbox.population.registrations import registration

RUNNING_STATES = (
    "running",
    "registered",
    "running",
    "preparing",
    "running",
    "interviewed",
    "evaluating",
    "running",
    "planned",
    "running",
)
"""States of open coachings, in the proportions of the bulk."""

_BEFORE_THE_INTERVIEW = {"announced", "registration_pending", "registered", "preparing"}
_YEAR = timedelta(days=365)


def fresh(bench: Bench, ordinal: int) -> Plot:
    """The `ordinal`-th agreed case (from 0), with a procuration once the interview (C4) was held."""
    person = bench.people.one()
    state = RUNNING_STATES[ordinal % len(RUNNING_STATES)]
    opened_on = bench.days_ago(20, 60) if state in _BEFORE_THE_INTERVIEW else bench.days_ago(60, 600)
    registered_on = opened_on - timedelta(days=bench.rng.randint(0, 120))
    one = registration(bench, person.commune.region, registered_on)
    plot = Plot(person, person, opened_on, state, (one,))
    if state not in _BEFORE_THE_INTERVIEW:
        consent(plot, bench)
    return plot


def paper(
    plot: Plot,
    signed_on: date,
    valid_to: date,
    *,
    with_orp: bool = True,
    revoked_on: date | None = None,
) -> Procuration:
    """A procuration of this case; its id is completed when the case gets its own."""
    region = plot.region
    recipients = (*((f"orp-{region}",) if with_orp else ()), f"cms-{region}", "oai-vs")
    return Procuration(
        f"-{len(plot.procurations) + 1:02}",
        signed_on,
        signed_on,
        valid_to,
        recipients,
        ("administrative", "social", "professional"),
        revoked_on,
    )


def consent(plot: Plot, bench: Bench) -> None:
    """A procuration that names the ORP and holds today; now and then an expired one before it."""
    signed_on = min(plot.opened_on + timedelta(days=14), bench.today - timedelta(days=3))
    if bench.today - signed_on > _YEAR:
        plot.procurations += (paper(plot, signed_on, signed_on + _YEAR - timedelta(days=1)),)
        signed_on += _YEAR
    plot.procurations += (paper(plot, signed_on, max(signed_on + _YEAR, bench.today + timedelta(days=100))),)
