"""The rules of `searchStes`: what may be asked together, how names compare, and who is found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sandbox.plasta.call import RefusalError
from sandbox.plasta.people_store import PREFIX_LETTERS, PeopleStore, folded
from sandbox.plasta.records import JobSeeker, Registration

_AVS_LENGTH = 13


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is searched for; None is not asked."""

    avs_number: str | None = None
    personal_number: str | None = None
    stes_id: str | None = None
    family_name: str | None = None
    first_name: str | None = None
    birth_date: date | None = None
    keyword: str | None = None
    status: str | None = None
    office: str | None = None

    def check(self) -> None:
        """Raise RefusalError for criteria that do not go together, or an AVS number that cannot be one."""
        alone = [item for item in (self.avs_number, self.personal_number, self.stes_id) if item is not None]
        others = [item for item in (self.family_name, self.first_name, self.birth_date) if item is not None]
        narrowing = [item for item in (self.keyword, self.office) if item is not None]
        if len(alone) > 1 or (alone and (others or narrowing or self.status is not None)):
            raise RefusalError("SUCHE_UNZULAESSIG", "svNr, personenNr, stesIdAvam")
        if self.first_name is not None and self.family_name is None:
            raise RefusalError("SUCHE_UNZULAESSIG", "vorname")
        if any(len(folded(name)) < PREFIX_LETTERS for name in (self.family_name, self.first_name) if name is not None):
            raise RefusalError("SUCHE_UNZULAESSIG", "name, vorname")
        if not (alone or others or narrowing):
            raise RefusalError("SUCHE_UNZULAESSIG", "")
        if self.avs_number is not None and not is_avs_number(self.avs_number):
            raise RefusalError("SVNR_UNGUELTIG")


def is_avs_number(value: str) -> bool:
    """Tell whether these are 13 digits beginning with 756 whose last one is right by EAN-13."""
    if len(value) != _AVS_LENGTH or not (value.isascii() and value.isdigit()) or not value.startswith("756"):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(value[:-1]))
    return int(value[-1]) == -weighted % 10


def found(people: PeopleStore, criteria: Criteria) -> list[tuple[JobSeeker, Registration | None]]:
    """Return the hits, a registration each, sorted by name; protected persons are among them."""
    hits = [
        (person, item)
        for person in _candidates(people, criteria)
        if person.merged_into is None and _person_fits(person, criteria)
        for item in _registrations(person, criteria)
    ]
    return sorted(
        hits,
        key=lambda hit: (
            folded(hit[0].family_name),
            folded(hit[0].first_name),
            hit[0].personal_number,
            "" if hit[1] is None else hit[1].stes_id,
        ),
    )


def _candidates(people: PeopleStore, criteria: Criteria) -> Iterable[JobSeeker]:
    if criteria.avs_number is not None:
        return people.with_avs_number(criteria.avs_number)
    if criteria.personal_number is not None or criteria.stes_id is not None:
        person = (
            people.surviving(criteria.personal_number)
            if criteria.personal_number is not None
            else people.with_stes_id(criteria.stes_id or "")
        )
        return [] if person is None else [person]
    if criteria.family_name is not None:
        return people.with_name_prefix(criteria.family_name)
    return people


def _person_fits(person: JobSeeker, criteria: Criteria) -> bool:
    first_name_fits = criteria.first_name is None or folded(person.first_name).startswith(folded(criteria.first_name))
    return first_name_fits and criteria.birth_date in {None, person.birth_date}


def _registrations(person: JobSeeker, criteria: Criteria) -> list[Registration | None]:
    asked = (criteria.stes_id, criteria.keyword, criteria.status, criteria.office)
    if not person.registrations and all(item is None for item in asked):
        return [None]
    return [
        item
        for item in person.registrations
        if criteria.stes_id in {None, item.stes_id}
        and criteria.status in {None, item.status}
        and criteria.office in {None, item.office}
        and (criteria.keyword is None or criteria.keyword in item.keywords)
    ]
