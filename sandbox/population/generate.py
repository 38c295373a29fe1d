"""A whole population out of a seed: both systems' data, and the result that a correct first nightly must have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from types import MappingProxyType

from sandbox.cii.records import Case
from sandbox.plasta.code_lists import Catalogue
from sandbox.plasta.records import JobSeeker
from sandbox.population import hard_stories, stories
from sandbox.population.case_files import case_file, job_seekers
from sandbox.population.fresh import fresh
from sandbox.population.people import People
from sandbox.population.plots import Bench, Plot
from sandbox.population.registrations import job_seeker, registration
from sandbox.population.scenarios import SCENARIOS, Expectation, counts, totals

Story = Callable[[Plot, Bench, int], None]
_STRANGERS_PER_HUNDRED = 20


@dataclass(frozen=True)
class Expected:
    """The scenario of each case by case id, and what they add up to."""

    scenario_of: Mapping[str, str]

    @property
    def counts(self) -> dict[str, int]:
        """How many cases follow each scenario, in the order of the table."""
        found = Counter(self.scenario_of.values())
        return {name: found[name] for name in SCENARIOS if found[name]}

    @property
    def totals(self) -> dict[str, int]:
        """The expected result of the first nightly over all cases."""
        return totals(self.counts)

    def of(self, case_id: str) -> Expectation:
        """What one case must lead to."""
        return SCENARIOS[self.scenario_of[case_id]].expected

    def cases(self, scenario: str) -> tuple[str, ...]:
        """The ids of the cases that follow a scenario."""
        return tuple(case_id for case_id, name in self.scenario_of.items() if name == scenario)

    def as_json(self) -> dict[str, object]:
        """Return totals, and each case with its scenario and expectation."""
        by_case = {
            case_id: {"scenario": name, **SCENARIOS[name].expected.as_json()}
            for case_id, name in self.scenario_of.items()
        }
        return {"totals": self.totals, "cases": by_case}


@dataclass(frozen=True)
class Population:
    """Cases in the order of their last change, job seekers in no order that means anything."""

    seed: int
    today: date
    cii_cases: tuple[Case, ...]
    job_seekers: tuple[JobSeeker, ...]
    catalogue: Catalogue
    expected: Expected


def generate(seed: int, cases: int, today: date) -> Population:
    """`cases` cases and their job seekers, plus job seekers without a case. The same arguments give the same result."""
    if cases < 0:
        raise ValueError("a population has no negative size")
    rng = Random(f"{seed} {cases} {today}")
    bench = Bench(rng, People(rng, today), today)
    plotted = _plots(bench, cases)
    numbered = _numbered(plotted)
    files = [(name, case_file(plot, bench, case_id)) for case_id, name, plot in numbered]
    seekers = [seeker for _, _, plot in numbered for seeker in job_seekers(plot, bench)]
    seekers += [_stranger(bench) for _ in range(cases * _STRANGERS_PER_HUNDRED // 100)]
    rng.shuffle(seekers)
    files.sort(key=lambda item: (item[1].changed_at, item[1].case_id))
    return Population(
        seed,
        today,
        tuple(case for _, case in files),
        tuple(seekers),
        Catalogue(),
        Expected(MappingProxyType({case.case_id: name for name, case in files})),
    )


def _plots(bench: Bench, cases: int) -> list[tuple[str, Plot]]:
    """Every scenario as often as the table says, mixed."""
    plotted: list[tuple[str, Plot]] = []
    for name, count in counts(cases).items():
        story = _story(name)
        for ordinal in range(count):
            plot = fresh(bench, ordinal)
            story(plot, bench, ordinal)
            plotted.append((name, plot))
    bench.rng.shuffle(plotted)
    return plotted


def _numbered(plotted: list[tuple[str, Plot]]) -> list[tuple[str, str, Plot]]:
    """Case ids by the year of opening, in the order of opening."""
    ordered = sorted(plotted, key=lambda item: item[1].opened_on)
    last: Counter[int] = Counter()
    numbered = []
    for name, plot in ordered:
        year = plot.opened_on.year
        last[year] += 1
        numbered.append((f"CII-{year}-{last[year]:06}", name, plot))
    return numbered


def _story(name: str) -> Story:
    """The function that tells a scenario: it bears the scenario's name."""
    found = getattr(stories, name, None) or getattr(hard_stories, name)
    story: Story = found
    return story


def _stranger(bench: Bench) -> JobSeeker:
    """Somebody PLASTA knows and the CII does not."""
    person = bench.people.one()
    return job_seeker(
        bench, person, (registration(bench, person.commune.region, bench.days_ago(5, 400), keyword=False),)
    )
