"""Look cases up in PLASTA (C1): the gate first, then the surest identifier, then everything in pages of persons.

A case is bound to a number only with a matching birth date; whatever is less sure is for a person to settle.
An unknown person is only ever concluded from whole answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain import consent
from domain.books import LookUp
from domain.cases import CaseFile
from domain.consent_terms import Category, Purpose
from domain.errors import AmbiguousError, MappingError, RefusedError, ThrottledError, UnavailableError
from domain.facets import System
from domain.failpoints import failpoint
from domain.people import CaseId, PersonalNumber, PersonKey
from domain.ports import BadRecord, PersonAnswers
from domain.registrations import Hit, RegistryPerson, RegistryView, Sight
from pipelines import quarantine
from pipelines.needs import Needs


@dataclass(slots=True)
class Sightings:
    """What a chunk of look-ups ended as; ``failed`` cases stay due and nothing is concluded about them."""

    views: dict[CaseId, RegistryView] = field(default_factory=dict)
    bad: list[tuple[CaseId, BadRecord]] = field(default_factory=list)
    failed: list[CaseId] = field(default_factory=list)

    @property
    def denied(self) -> int:
        """How many were not looked up for want of a basis."""
        return sum(view.sight is Sight.NOT_ALLOWED for view in self.views.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """One allowed look-up under way: the case, the fields that may be shown and kept, the number to read."""

    case: CaseFile
    fields: frozenset[str]
    number: PersonalNumber | None


def look_up(chunk: Sequence[LookUp], needs: Needs) -> Sightings:
    """Every case of a chunk, gate first; raises what stops the whole target (credentials, contract)."""
    read_at = needs.clock()
    sightings = Sightings()
    asked = _allowed(chunk, sightings, needs, read_at)
    unread = _read([one for one in asked if one.number], sightings, needs, read_at)
    to_search = [one for one in asked if not one.number] + unread
    numbered = _search(to_search, sightings, needs, read_at)
    lost = _read(numbered, sightings, needs, read_at)
    sightings.failed.extend(one.case.case_id for one in lost)
    return sightings


def keep(sightings: Sightings, needs: Needs, run_id: str) -> int:
    """Store what was seen; returns how many views changed.

    Stored last: what was cut short before that is due again, so that nothing bad is ever set aside untold.
    """
    quarantine.tell(sightings.bad, needs)
    quarantine.untell(list(sightings.views), System.PLASTA, needs)
    failpoint("look_up.told")
    return needs.cases.save_views(sightings.views, sightings.bad, run_id)


def _allowed(chunk: Sequence[LookUp], sightings: Sightings, needs: Needs, read_at: datetime) -> list[Asked]:
    """The cases that a basis covers; for the others the denial is the view, and nothing is asked."""
    allowed: list[Asked] = []
    for one in chunk:
        case = one.facts.case
        verdict = gate(case, needs, read_at)
        if isinstance(verdict, consent.Denied):
            because = tuple(reason.value for reason in verdict.reasons)
            sightings.views[case.case_id] = RegistryView(Sight.NOT_ALLOWED, read_at, denied_because=because)
        else:
            number = one.bound_to or case.beneficiary.personal_number
            allowed.append(Asked(case, verdict.fields, number))
    return allowed


def gate(case: CaseFile, needs: Needs, at: datetime) -> consent.Verdict:
    """Whether this case may be looked up in PLASTA now: its ORP learns of it by the question."""
    recipient = needs.institutions.recipient(needs.institutions.orp_of(case.region))
    categories = frozenset({Category.ADMINISTRATIVE})
    today = needs.calendar.today(at)
    return consent.decide(case, recipient, categories, Purpose.REGISTRATION_CHECK, today, needs.rules.statutes)


def _read(asked: Sequence[Asked], sightings: Sightings, needs: Needs, read_at: datetime) -> list[Asked]:
    """Read persons by number, in one go; returns the cases whose number PLASTA does not know."""
    if not asked:
        return []
    answers = needs.plasta.persons(sorted({one.number for one in asked if one.number}))
    answers = _follow_mergers(answers, needs)
    unread: list[Asked] = []
    for one in asked:
        case_id = one.case.case_id
        if one.number and one.number in answers.bad:
            sightings.bad.append((case_id, answers.bad[one.number]))
        elif one.number and one.number in answers.found:
            sightings.views[case_id] = _view_of(one, answers.found[one.number], read_at)
        else:
            unread.append(one)
    return unread


def _follow_mergers(answers: PersonAnswers, needs: Needs) -> PersonAnswers:
    """Two that were one person: read the number that lives on, and answer with it for the old one."""
    merged = {number: person.merged_into for number, person in answers.found.items() if person.merged_into}
    if not merged:
        return answers
    survivors = needs.plasta.persons(sorted(set(merged.values())))
    found: dict[PersonalNumber, RegistryPerson] = {
        number: survivors.found.get(merged[number], person) if number in merged else person
        for number, person in answers.found.items()
    }
    return replace(answers, found=found)


def _view_of(asked: Asked, person: RegistryPerson, read_at: datetime) -> RegistryView:
    """Bound when the birth date matches; else a question, and nothing of the other person is kept."""
    if person.birth_date != asked.case.beneficiary.birth_date:
        return RegistryView(Sight.OTHER_BIRTH_DATE, read_at, candidates=(person.personal_number,))
    return RegistryView(Sight.BOUND, read_at, person=_only(person, asked.fields))


def _only(person: RegistryPerson, fields: frozenset[str]) -> RegistryPerson:
    """What the basis lets us keep: without "identity" no names, without "deregistration" no such hint."""
    if "identity" not in fields:
        person = replace(person, family_name="", first_name="", avs_number=None)
    if "deregistration" not in fields:
        bare = tuple(replace(one, deregistration=None) for one in person.registrations)
        person = replace(person, registrations=bare)
    return person


def _search(asked: Sequence[Asked], sightings: Sightings, needs: Needs, read_at: datetime) -> list[Asked]:
    """Search those without a usable number; returns the ones found with certainty, with their number."""
    numbered: list[Asked] = []
    for one, result in zip(asked, needs.spread(lambda each: _search_one(each, needs, read_at), asked), strict=True):
        case_id = one.case.case_id
        match result:
            case RegistryView():
                sightings.views[case_id] = result
            case BadRecord():
                sightings.bad.append((case_id, result))
            case None:
                sightings.failed.append(case_id)
            case number:
                numbered.append(replace(one, number=number))
    return numbered


def _search_one(asked: Asked, needs: Needs, read_at: datetime) -> RegistryView | BadRecord | PersonalNumber | None:
    """A number, a view that settles it, a bad record, or None when PLASTA could not be asked this time.

    A refusal is one case for a person, and no proof of anything; the AVS number goes only where the basis covers it.
    """
    key = replace(asked.case.beneficiary.key(), personal_number=None)
    if "avs_number" not in asked.fields:
        key = replace(key, avs_number=None)
    try:
        if key.avs_number and (hits := needs.plasta.find(key)):
            return sight_by_avs(hits, key, read_at)
        return sight_by_name(needs.plasta.find(replace(key, avs_number=None)), key, read_at)
    except AmbiguousError:
        return RegistryView(Sight.SEVERAL_PERSONS, read_at)
    except MappingError as error:
        return BadRecord("plasta", asked.case.case_id, error.path, error.reason, b"")
    except RefusedError as error:
        reason = f"PLASTA refuses the search ({error.code or error.family})"
        return BadRecord("plasta", asked.case.case_id, "search", reason, b"")
    except (UnavailableError, ThrottledError):
        return None


def sight_by_avs(hits: Sequence[Hit], key: PersonKey, read_at: datetime) -> RegistryView | PersonalNumber:
    """An AVS number with the same birth date binds; with another it is a question; two persons are another one."""
    if len(hits) > 1:
        return RegistryView(Sight.SEVERAL_PERSONS, read_at, candidates=_numbers(hits))
    if hits[0].birth_date != key.birth_date:
        return RegistryView(Sight.OTHER_BIRTH_DATE, read_at, candidates=_numbers(hits))
    return hits[0].personal_number


def sight_by_name(hits: Sequence[Hit], key: PersonKey, read_at: datetime) -> RegistryView:
    """A name with a birth date is never a binding, only "is it her?"."""
    same_day = [hit for hit in hits if hit.birth_date == key.birth_date]
    if not same_day:
        return RegistryView(Sight.UNKNOWN_PERSON, read_at)
    sight = Sight.CANDIDATE if len(same_day) == 1 else Sight.SEVERAL_PERSONS
    return RegistryView(sight, read_at, candidates=_numbers(same_day))


def _numbers(hits: Sequence[Hit]) -> tuple[PersonalNumber, ...]:
    """The candidates' numbers, in a stable order."""
    return tuple(sorted(hit.personal_number for hit in hits))
