"""Ports in memory: state over calls, with answers that can be lost before or after the effect."""

from collections import Counter
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
    """What goes wrong: a script of errors per operation, raised before or after the effect; ``calls`` counts all."""

    before: dict[str, list[SyncError | None]] = field(default_factory=dict)
    after: dict[str, list[SyncError]] = field(default_factory=dict)
    acts: dict[str, list[Callable[[], None]]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def lose_answer(self, operation: str, times: int = 1) -> None:
        """The effect happens and the answer is lost."""
        lost = OutcomeUnknownError("the answer was lost", operation=operation)
        self.after.setdefault(operation, []).extend([lost] * times)

    def fail(self, operation: str, error: SyncError, times: int = 1, *, later: int = 0) -> None:
        """The call fails and nothing happens; ``later`` calls go through before that."""
        self.before.setdefault(operation, []).extend([None] * later + [error] * times)

    def meanwhile(self, operation: str, act: Callable[[], None], times: int = 1) -> None:
        """Somebody else does something while the call is on its way, just before it takes effect."""
        self.acts.setdefault(operation, []).extend([act] * times)

    def clear(self) -> None:
        """Everything works again."""
        for script in (self.before, self.after, self.acts):
            script.clear()

    def around(self, operation: str, effect: Callable[[], None]) -> None:
        """Do the effect unless scripted otherwise."""
        self.calls[operation] += 1
        if self.acts.get(operation):
            self.acts[operation].pop(0)()
        if self.before.get(operation) and (error := self.before[operation].pop(0)) is not None:
            raise error
        effect()
        if self.after.get(operation):
            raise self.after[operation].pop(0)


def nothing() -> None:
    """No effect: the operation only reads."""


@dataclass
class FakeCii:
    """Implements ``domain.ports.CaseSystem`` over a dictionary; every write is in ``written``.

    A cursor is a place in ``log``, which names a case at each of its changes; ``asked_since`` are the cursors that it
    was asked from.
    """

    cases: dict[CaseId, CaseFile] = field(default_factory=dict)
    log: list[CaseId] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    written: list[tuple[CaseId, Facet, FacetValue]] = field(default_factory=list)
    asked_since: list[str | None] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    page_size: int = 50

    def put(self, *cases: CaseFile) -> None:
        """Add or change cases, as people do."""
        for case in cases:
            self.cases[case.case_id] = case
            self.log.append(case.case_id)

    def changes(self, since: str | None) -> Iterator[CasePage]:
        """The cases changed after a cursor, each as it stands now; the bad records are on the last page."""
        self.asked_since.append(since)
        start = int(since or 0)
        more = True
        while more:
            self.faults.around("changes", nothing)
            end = min(start + self.page_size, len(self.log))
            more = end < len(self.log)
            part = tuple(self.cases[case_id] for case_id in dict.fromkeys(self.log[start:end]))
            yield CasePage(part, () if more else tuple(self.bad), str(end), more)
            start = end

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
        mirrored = Mirrored(version + 1, dict(value), WRITER)

        def effect() -> None:
            case = self.cases[case_id]
            if case.mirrored(facet).version != version:
                raise ConflictError("stale version", system="cii", reference=case_id)
            self.put(replace(case, mirror={**case.mirror, facet: mirrored}))
            self.written.append((case_id, facet, dict(value)))

        self.faults.around("write_mirror", effect)
        return mirrored

    def check(self) -> CheckResult:
        """Always well."""
        return CheckResult("cii", ok=True, message="answers")


@dataclass
class FakePlasta:
    """Implements ``domain.ports.JobSeekerRegistry`` over a dictionary; every write is in ``written``.

    ``asked`` are the searches, ``read`` the numbers read; ``gaps`` the holes in the feed, told to whoever passes them.
    """

    people: dict[PersonalNumber, RegistryPerson] = field(default_factory=dict)
    feed: list[PersonalNumber] = field(default_factory=list)
    bad: dict[PersonalNumber, BadRecord] = field(default_factory=dict)
    written: list[tuple[str, str]] = field(default_factory=list)
    asked: list[PersonKey] = field(default_factory=list)
    read: list[PersonalNumber] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    drops_keyword: bool = False
    request_state: str = "PENDENT"
    faults: Faults = field(default_factory=Faults)

    def put(self, *people: RegistryPerson) -> None:
        """Add or change persons; the feed tells of it."""
        for person in people:
            self.people[person.personal_number] = person
            self.feed.append(person.personal_number)

    def put_in_a_gap(self, person: RegistryPerson) -> None:
        """Change a person where the feed has a hole: nobody is told whom it was about (F46)."""
        self.people[person.personal_number] = person
        self.feed.append(PersonalNumber(""))
        self.gaps.append((len(self.feed), len(self.feed)))

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
        self.read.extend(numbers)
        self.faults.around("persons", nothing)
        bad = {number: self.bad[number] for number in numbers if number in self.bad}
        known = [number for number in numbers if number not in bad]
        found = {number: self.people[number] for number in known if number in self.people}
        return PersonAnswers(found, frozenset(known) - found.keys(), bad)

    def changes(self, since: int) -> Iterator[ChangePage]:
        """One page."""
        self.faults.around("feed", nothing)
        gaps = tuple(gap for gap in self.gaps if gap[0] > since)
        yield ChangePage(frozenset(filter(None, self.feed[since:])), len(self.feed), more=False, gaps=gaps)

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
        def effect() -> None:
            person, index = self._of(registration_id)
            old = person.registrations[index]
            if old.version != version:
                raise ConflictError("stale version", system="plasta", reference=registration_id)
            new = replace(old, has_keyword=present, version=version + 1)
            rows = (*person.registrations[:index], new, *person.registrations[index + 1 :])
            self.put(replace(person, registrations=rows))
            self.written.append((operation, registration_id))

        self.faults.around(operation, effect)

    def request_registration(self, key: PersonKey, office: str, correlation_id: str) -> RegistrationRequest:
        """Taken in, or as ``request_state`` says."""
        self.faults.around("request_registration", lambda: self.written.append(("request_registration", office)))
        return RegistrationRequest("1", self.request_state)

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
