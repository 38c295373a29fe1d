"""Ports in memory: state over calls, with answers that can be lost before or after the effect."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.cases import CaseFile, Mirrored
from domain.errors import ConflictError, NotFoundError, OutcomeUnknownError, SyncError
from domain.facets import Facet, FacetValue
from domain.mail import Acceptance, Mailbox, OutgoingMail
from domain.people import CaseId, PersonalNumber, PersonKey, RegistrationId
from domain.ports import BadRecord, CasePage, ChangePage, CheckResult, PersonAnswers, RegistrationRequest
from domain.registrations import Hit, KeywordState, RegistryPerson
from domain.settlement import WRITER
from tests.builders import NOW


@dataclass
class Clock:
    """A clock that tests set; calling it gives the time."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The present of the test."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Time passes without anybody waiting."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Faults:
    """What goes wrong: a script of errors per operation, raised before or after the effect."""

    before: dict[str, list[SyncError]] = field(default_factory=dict)
    after: dict[str, list[SyncError]] = field(default_factory=dict)

    def lose_answer(self, operation: str, times: int = 1) -> None:
        """The effect happens and the answer is lost."""
        lost = OutcomeUnknownError("the answer was lost", operation=operation)
        self.after.setdefault(operation, []).extend([lost] * times)

    def fail(self, operation: str, error: SyncError, times: int = 1) -> None:
        """The call fails and nothing happens."""
        self.before.setdefault(operation, []).extend([error] * times)

    def around(self, operation: str, effect: Callable[[], None]) -> None:
        """Do the effect unless scripted otherwise."""
        if self.before.get(operation):
            raise self.before[operation].pop(0)
        effect()
        if self.after.get(operation):
            raise self.after[operation].pop(0)


def nothing() -> None:
    """No effect: the operation only reads."""


@dataclass
class FakeCii:
    """Implements ``domain.ports.CaseSystem`` over a dictionary; every write is in ``written``."""

    cases: dict[CaseId, CaseFile] = field(default_factory=dict)
    bad: list[BadRecord] = field(default_factory=list)
    written: list[tuple[CaseId, Facet, FacetValue]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    page_size: int = 50

    def put(self, *cases: CaseFile) -> None:
        """Add or change cases, as people do."""
        for case in cases:
            self.cases.pop(case.case_id, None)
            self.cases[case.case_id] = case

    def changes(self, since: str | None) -> Iterator[CasePage]:
        """Everything, in pages; the cursor is not looked at: the overlap is the whole."""
        self.faults.around("changes", nothing)
        every = list(self.cases.values())
        for start in range(0, max(len(every), 1), self.page_size):
            part = tuple(every[start : start + self.page_size])
            more = start + self.page_size < len(every)
            yield CasePage(part, tuple(self.bad if not more else ()), str(start + len(part)), more)

    def case(self, case_id: CaseId) -> CaseFile:
        """One case."""
        self.faults.around("case", nothing)
        if case_id not in self.cases:
            raise NotFoundError("no such case", system="cii", reference=case_id)
        return self.cases[case_id]

    def mirrored(self, case_id: CaseId, facet: Facet) -> Mirrored:
        """What is mirrored now."""
        self.faults.around("mirrored", nothing)
        return self.cases[case_id].mirrored(facet)

    def write_mirror(
        self, case_id: CaseId, facet: Facet, value: FacetValue, version: int, observed_at: datetime
    ) -> Mirrored:
        """Save against a version."""
        case = self.cases[case_id]
        if case.mirrored(facet).version != version:
            raise ConflictError("stale version", system="cii", reference=case_id)
        mirrored = Mirrored(version + 1, dict(value), WRITER)

        def effect() -> None:
            self.cases[case_id] = replace(case, mirror={**case.mirror, facet: mirrored})
            self.written.append((case_id, facet, dict(value)))

        self.faults.around("write_mirror", effect)
        return mirrored

    def check(self) -> CheckResult:
        """Always well."""
        return CheckResult("cii", ok=True, message="answers")


@dataclass
class FakePlasta:
    """Implements ``domain.ports.JobSeekerRegistry`` over a dictionary; every write is in ``written``."""

    people: dict[PersonalNumber, RegistryPerson] = field(default_factory=dict)
    feed: list[PersonalNumber] = field(default_factory=list)
    bad: dict[PersonalNumber, BadRecord] = field(default_factory=dict)
    written: list[tuple[str, str]] = field(default_factory=list)
    asked: list[PersonKey] = field(default_factory=list)
    drops_keyword: bool = False
    faults: Faults = field(default_factory=Faults)

    def put(self, *people: RegistryPerson) -> None:
        """Add or change persons; the feed tells of it."""
        for person in people:
            self.people[person.personal_number] = person
            self.feed.append(person.personal_number)

    def find(self, key: PersonKey) -> tuple[Hit, ...]:
        """By the surest identifier alone."""
        self.asked.append(key)
        self.faults.around("find", nothing)
        return tuple(
            Hit(one.personal_number, one.birth_date, one.family_name, one.first_name)
            for one in self.people.values()
            if self._fits(one, key)
        )

    def _fits(self, person: RegistryPerson, key: PersonKey) -> bool:
        if key.personal_number:
            return person.personal_number == key.personal_number
        if key.avs_number:
            return person.avs_number == key.avs_number
        names = (person.family_name.casefold(), person.first_name.casefold(), person.birth_date)
        return names == (key.family_name.casefold(), key.first_name.casefold(), key.birth_date)

    def persons(self, numbers: Sequence[PersonalNumber]) -> PersonAnswers:
        """All at once."""
        self.faults.around("persons", nothing)
        bad = {number: self.bad[number] for number in numbers if number in self.bad}
        known = [number for number in numbers if number not in bad]
        found = {number: self.people[number] for number in known if number in self.people}
        return PersonAnswers(found, frozenset(known) - found.keys(), bad)

    def changes(self, since: int) -> Iterator[ChangePage]:
        """One page."""
        self.faults.around("feed", nothing)
        yield ChangePage(frozenset(self.feed[since:]), len(self.feed), more=False)

    def _of(self, registration_id: RegistrationId) -> tuple[RegistryPerson, int]:
        for person in self.people.values():
            for index, one in enumerate(person.registrations):
                if one.registration_id == registration_id:
                    return person, index
        raise NotFoundError("no such registration", system="plasta", reference=registration_id)

    def keyword(self, registration_id: RegistrationId) -> KeywordState:
        """As it stands."""
        self.faults.around("keyword", nothing)
        person, index = self._of(registration_id)
        return KeywordState(person.registrations[index].has_keyword, person.registrations[index].version)

    def add_keyword(self, registration_id: RegistrationId, version: int, correlation_id: str) -> None:
        """Add against a version; may be dropped under OK."""
        self._save(registration_id, version, "add_keyword", present=not self.drops_keyword)

    def remove_keyword(self, registration_id: RegistrationId, version: int, correlation_id: str) -> None:
        """Remove against a version."""
        self._save(registration_id, version, "remove_keyword", present=False)

    def _save(self, registration_id: RegistrationId, version: int, operation: str, *, present: bool) -> None:
        person, index = self._of(registration_id)
        old = person.registrations[index]

        def effect() -> None:
            if old.version != version:
                raise ConflictError("stale version", system="plasta", reference=registration_id)
            new = replace(old, has_keyword=present, version=version + 1)
            rows = (*person.registrations[:index], new, *person.registrations[index + 1 :])
            self.put(replace(person, registrations=rows))
            self.written.append((operation, registration_id))

        self.faults.around(operation, effect)

    def request_registration(self, key: PersonKey, office: str, correlation_id: str) -> RegistrationRequest:
        """Taken in; a person decides."""
        self.faults.around("request_registration", lambda: self.written.append(("request_registration", office)))
        return RegistrationRequest("1", "PENDENT")

    def check(self) -> CheckResult:
        """Always well."""
        return CheckResult("plasta", ok=True, message="answers")


@dataclass
class FakeMailer:
    """Implements ``domain.ports.Mailer``: what was taken is in ``taken``."""

    taken: list[tuple[OutgoingMail, Mailbox]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def send(self, mail: OutgoingMail, recipient: Mailbox) -> Acceptance:
        """Take it."""
        self.faults.around("send", lambda: self.taken.append((mail, recipient)))
        return Acceptance(250, "2.0.0 taken", NOW)

    def check(self) -> CheckResult:
        """Always well."""
        return CheckResult("mail", ok=True, message="answers")
