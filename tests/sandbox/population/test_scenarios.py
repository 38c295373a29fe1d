"""Each scenario is in the data what its row of the table says, read as a client would read both systems."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from sandbox.cii.records import Case
from sandbox.plasta.code_lists import CII_KEYWORD
from sandbox.plasta.records import ACTIVE, JobSeeker, Registration
from sandbox.population import hard_stories, stories
from sandbox.population.generate import Population, generate
from sandbox.population.scenarios import BULK, SCENARIOS, WORK_ITEM_KINDS, counts

TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Pair:
    """A case, and the persons of PLASTA that its numbers, or name and birth date, lead to."""

    case: Case
    by_number: tuple[JobSeeker, ...]
    by_name: tuple[JobSeeker, ...]

    @property
    def registration(self) -> Registration:
        """The active registration, else the newest."""
        (person,) = self.by_number
        return max(person.registrations, key=lambda one: (one.status == ACTIVE, one.registered_on))

    @property
    def has_keyword(self) -> bool:
        return CII_KEYWORD in self.registration.keywords

    def mirror(self, facet: str) -> dict[str, str] | None:
        entry = self.case.mirror.get(facet)
        return dict(entry.value) if entry else None

    @property
    def mirror_agrees(self) -> bool:
        """Every mirrored facet is there and as PLASTA has it."""
        one = self.registration
        end = one.deregistration
        standing = end is not None and end.withdrawn_at is None
        return (
            self.mirror("registration")
            == {
                "status": "registered" if one.status == ACTIVE else "inactive",
                "office": one.office,
                "registration": one.stes_id,
                "since": one.registered_on.isoformat(),
            }
            and self.mirror("keyword") == {"present": "yes" if self.has_keyword else "no"}
            and bool(self.mirror("deregistration")) == standing
        )

    def covered(self, on: date) -> bool:
        """A procuration names the region's ORP, which follows the case, for administrative matters, on this day."""
        orp = f"orp-{self.case.region}"
        return orp in {member.institution for member in self.case.team} and any(
            orp in paper.recipients
            and "administrative" in paper.categories
            and paper.valid_from <= on <= paper.valid_to
            and (paper.revoked_on is None or paper.revoked_on > on)
            for paper in self.case.procurations
        )

    @property
    def is_open(self) -> bool:
        return self.case.procedures[0].closed_on is None


@pytest.fixture(scope="module")
def pairs() -> dict[str, list[Pair]]:
    population = generate(seed=11, cases=1200, today=TODAY)
    told: dict[str, list[Pair]] = {name: [] for name in SCENARIOS}
    for pair in _pairs(population):
        told[population.expected.scenario_of[pair.case.case_id]].append(pair)
    return told


Fact = Callable[[Pair], bool]
FACTS: dict[str, Fact] = {
    "agreed": lambda pair: pair.mirror_agrees and pair.has_keyword and pair.is_open,
    "several_registrations": lambda pair: pair.mirror_agrees and len(pair.by_number[0].registrations) == 2,
    "avs_without_personal_number": lambda pair: pair.mirror_agrees and pair.case.beneficiary.personal_number is None,
    "personal_number_only": lambda pair: pair.mirror_agrees and pair.case.beneficiary.avs_number is None,
    "merged_person": lambda pair: (
        pair.mirror_agrees and pair.by_number[0].personal_number != pair.case.beneficiary.personal_number
    ),
    "case_management_covered": lambda pair: (
        pair.mirror_agrees and pair.covered(TODAY) and pair.case.procedures[0].kind == "case_management"
    ),
    "assessment_covered": lambda pair: (
        pair.mirror_agrees and pair.covered(TODAY) and pair.case.procedures[0].kind == "assessment"
    ),
    "reinserted_earlier": lambda pair: (
        pair.mirror_agrees and pair.case.reinsertion is not None and pair.case.reinsertion.confirmed_on < TODAY
    ),
    "closed_agreed": lambda pair: (
        pair.mirror_agrees
        and not pair.is_open
        and not pair.has_keyword
        and pair.covered(TODAY)
        and pair.registration.status != ACTIVE
    ),
    "closed_not_asked": lambda pair: not pair.is_open and not pair.covered(TODAY),
    "keyword_missing": lambda pair: (
        not pair.has_keyword and pair.registration.status == ACTIVE and pair.mirror("keyword") != {"present": "yes"}
    ),
    "mirror_missing": lambda pair: pair.has_keyword and not pair.case.mirror,
    "mirror_outdated": lambda pair: (
        pair.mirror("registration") == {"status": "not_registered"}
        and pair.case.mirror["registration"].changed_by == "cii-sync"
    ),
    "office_changed": lambda pair: (
        pair.registration.kind == "4"
        and not pair.has_keyword
        and (pair.mirror("registration") or {})["registration"] != pair.registration.stes_id
    ),
    "deregistered_future": lambda pair: (
        pair.registration.status == ACTIVE
        and pair.registration.deregistration is not None
        and pair.registration.deregistration.effective_on > TODAY
        and pair.mirror("deregistration") is None
        and pair.covered(TODAY)
    ),
    "deregistration_withdrawn": lambda pair: (
        pair.registration.deregistration is not None
        and pair.registration.deregistration.withdrawn_at is not None
        and bool(pair.mirror("deregistration"))
        and pair.covered(TODAY)
    ),
    "reinserted": lambda pair: (
        pair.mirror_agrees and pair.case.reinsertion is not None and pair.case.reinsertion.confirmed_on == TODAY
    ),
    "not_registered": lambda pair: not pair.by_number and not pair.by_name and pair.is_open,
    "registration_inactive": lambda pair: (
        pair.registration.status != ACTIVE and pair.mirror("registration") is None and pair.case.reinsertion is None
    ),
    "deregistered_with_job": lambda pair: (
        pair.registration.deregistration is not None
        and pair.registration.deregistration.job_found
        and pair.registration.deregistration.effective_on <= TODAY
        and pair.case.reinsertion is None
        and pair.covered(TODAY)
    ),
    "several_active": lambda pair: len(pair.by_number[0].active_registrations) == 2,
    "two_persons": lambda pair: not pair.by_number and len(pair.by_name) == 2,
    "name_only_candidate": lambda pair: not pair.by_number and len(pair.by_name) == 1,
    "birth_date_differs": lambda pair: pair.by_number[0].birth_date != pair.case.beneficiary.birth_date,
    "keyword_left": lambda pair: pair.has_keyword and not pair.is_open and pair.mirror_agrees and pair.covered(TODAY),
    "keyword_by_hand": lambda pair: (
        pair.has_keyword and not pair.is_open and pair.mirror("keyword") == {"present": "no"} and pair.covered(TODAY)
    ),
    "keyword_removed_by_hand": lambda pair: (
        not pair.has_keyword and pair.is_open and pair.mirror("keyword") == {"present": "yes"}
    ),
    "mirror_by_hand": lambda pair: not pair.mirror_agrees and pair.case.mirror["registration"].changed_by == "tandem",
    "identity_differs": lambda pair: (
        pair.mirror_agrees
        and pair.covered(TODAY)
        and pair.by_number[0].family_name.casefold() != pair.case.beneficiary.family_name.casefold()
        and pair.by_number[0].birth_date == pair.case.beneficiary.birth_date
    ),
    "closed_but_active": lambda pair: (
        pair.case.exit is not None
        and pair.case.exit.reason == "employment"
        and pair.registration.status == ACTIVE
        and not pair.has_keyword
        and pair.covered(TODAY)
    ),
    "no_procuration": lambda pair: not pair.case.procurations and pair.case.procedures[0].kind == "case_management",
    "procuration_without_orp": lambda pair: len(pair.case.procurations) == 1 and not pair.covered(TODAY),
    "procuration_expired": lambda pair: not pair.covered(TODAY) and pair.covered(pair.case.procurations[0].valid_to),
    "procuration_revoked": lambda pair: (
        not pair.covered(TODAY) and pair.covered((pair.case.procurations[0].revoked_on or TODAY) - timedelta(days=1))
    ),
    "invalid_avs": lambda pair: pair.case.beneficiary.avs_number is not None,
    "unknown_code": lambda pair: pair.case.procedures[0].state == "awaiting_arbitration",
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_data_tell_the_scenario(pairs: dict[str, list[Pair]], name: str) -> None:
    assert pairs[name]
    assert [pair.case.case_id for pair in pairs[name] if not FACTS[name](pair)] == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_names_agree_unless_the_scenario_is_about_them(pairs: dict[str, list[Pair]], name: str) -> None:
    if name == "identity_differs":
        return
    for pair in pairs[name]:
        for person in pair.by_number:
            assert person.family_name.casefold() == pair.case.beneficiary.family_name.casefold()


def test_the_shares_add_up_and_leave_the_bulk_the_most() -> None:
    assert sum(row.share for row in SCENARIOS.values()) == 1000
    assert counts(10_000)[BULK] >= 5_980
    assert sum(counts(199).values()) == 199


def test_the_table_uses_the_agreed_words_only() -> None:
    kinds = {kind for row in SCENARIOS.values() for kind in row.expected.work_items}

    assert kinds == set(WORK_ITEM_KINDS)
    assert {facet for row in SCENARIOS.values() for facet in row.expected.write_backs} == {
        *("registration", "deregistration", "keyword"),
    }


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_a_story_of_its_name(name: str) -> None:
    assert hasattr(stories, name) != hasattr(hard_stories, name)


def _pairs(population: Population) -> list[Pair]:
    by_avs = {person.avs_number: person for person in population.job_seekers if person.avs_number}
    by_personal = {person.personal_number: person for person in population.job_seekers}
    found = []
    for case in population.cii_cases:
        who = case.beneficiary
        hit = by_personal.get(who.personal_number or "") or by_avs.get(who.avs_number or "")
        hit = by_personal[hit.merged_into] if hit and hit.merged_into else hit
        same_name = tuple(
            person
            for person in population.job_seekers
            if person.birth_date == who.birth_date and person.family_name.casefold() == who.family_name.casefold()
        )
        found.append(Pair(case, (hit,) if hit else (), same_name))
    return found
