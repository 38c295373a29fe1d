"""What the pipelines need of the world outside, as roles. Adapters live in ``connectors`` and ``config``.

Every verb raises only the families of :mod:`domain.errors`. A read that fails raises
:class:`~domain.errors.UnavailableError` and friends; a write whose answer proves nothing raises
:class:`~domain.errors.OutcomeUnknownError`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeAlias

from domain.cases import CaseFile, Mirrored
from domain.consent_terms import Recipient
from domain.facets import Facet, FacetValue
from domain.mail import Acceptance, Mailbox, OutgoingMail
from domain.people import CaseId, PersonalNumber, PersonKey, RegistrationId
from domain.registrations import Hit, KeywordState, RegistryPerson

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present as an aware UTC instant; injected everywhere, so that tests own the time."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Whether a system answers as it should; ``message`` holds no personal data and says what to do if it does not."""

    system: str
    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be read: where it is wrong and why. ``raw`` is sealed at rest, for support."""

    system: str
    reference: str
    path: str
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of changes; ``cursor`` is where the next one starts once this one is stored."""

    cases: tuple[CaseFile, ...]
    bad: tuple[BadRecord, ...]
    cursor: str
    more: bool


class CaseSystem(Protocol):
    """The CII software (CII001)."""

    def changes(self, since: str | None) -> Iterator[CasePage]:
        """Every case changed since a cursor, oldest change first; a page repeated for ever is an error."""
        ...

    def case(self, case_id: CaseId) -> CaseFile:
        """One case as it stands now."""
        ...

    def mirrored(self, case_id: CaseId, facet: Facet) -> Mirrored:
        """What is mirrored of a facet now: the look after a lost answer."""
        ...

    def write_mirror(
        self, case_id: CaseId, facet: Facet, value: FacetValue, version: int, observed_at: datetime
    ) -> Mirrored:
        """Save PLASTA's state of a facet against the version that the decision saw; a stale one is a conflict."""
        ...

    def check(self) -> CheckResult:
        """Whether the system answers, without personal data."""
        ...


@dataclass(frozen=True, slots=True)
class PersonAnswers:
    """What the registry says of the numbers asked: each is found, missing (proven), or unreadable."""

    found: Mapping[PersonalNumber, RegistryPerson]
    missing: frozenset[PersonalNumber] = frozenset()
    bad: Mapping[PersonalNumber, BadRecord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of the registry's feed: whose records changed, and the sequence number reached.

    ``gaps`` are the first and last numbers of holes that stayed after waiting: what they held is not known (F46).
    """

    numbers: frozenset[PersonalNumber]
    sequence: int
    more: bool
    gaps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RegistrationRequest:
    """The registry's answer to a registration asked for: a process id and PENDENT, AKTIV or ABGELEHNT."""

    process_id: str
    state: str


class JobSeekerRegistry(Protocol):
    """PLASTA (AVAM)."""

    def find(self, key: PersonKey) -> tuple[Hit, ...]:
        """Persons that fit, by the surest identifier of the key alone; an empty answer is proof, a cut one an error."""
        ...

    def persons(self, numbers: Sequence[PersonalNumber]) -> PersonAnswers:
        """Master data and all registrations of any number of persons, in as few calls as the target allows."""
        ...

    def changes(self, since: int) -> Iterator[ChangePage]:
        """The feed after a sequence number; a sequence that goes back or repeats for ever is an error."""
        ...

    def keyword(self, registration_id: RegistrationId) -> KeywordState:
        """Whether a registration carries our keyword now."""
        ...

    def add_keyword(self, registration_id: RegistrationId, version: int, correlation_id: str) -> None:
        """Ask for our keyword; the answer proves nothing until it is read back (C2)."""
        ...

    def remove_keyword(self, registration_id: RegistrationId, version: int, correlation_id: str) -> None:
        """Ask for our keyword to go; read back as well."""
        ...

    def request_registration(self, key: PersonKey, office: str, correlation_id: str) -> RegistrationRequest:
        """Ask for a registration (C3); only where a setting allows it."""
        ...

    def check(self) -> CheckResult:
        """Whether the registry answers and knows our keyword, without personal data."""
        ...


class Mailer(Protocol):
    """Hands a mail to a server, for one envelope recipient at a time."""

    def send(self, mail: OutgoingMail, recipient: Mailbox) -> Acceptance:
        """The server's acceptance. Accepted is not read; a lost answer is an unknown outcome."""
        ...

    def check(self) -> CheckResult:
        """Whether the server lets us in; sends nothing."""
        ...


class Institutions(Protocol):
    """The partner registry: which institutions exist, who they are to the consent gate, where they read mail."""

    def recipient(self, institution: str) -> Recipient:
        """The institution as the consent gate sees it; raises ``MisconfiguredError`` when it is not registered."""
        ...

    def orp_of(self, region: str) -> str:
        """The employment office of a region."""
        ...

    def office_code_of(self, region: str) -> str:
        """PLASTA's code of a region's office (``VSO10``)."""
        ...

    def coordinator_of(self, region: str) -> str:
        """The regional coordination."""
        ...

    def cii_office(self) -> str:
        """The CII office of the canton."""
        ...

    def mailbox(self, institution: str) -> Mailbox | None:
        """Where the institution receives mail; None where it has no mailbox."""
        ...


class WorkingCalendar(Protocol):
    """Days as people count them: Europe/Zurich, with the public holidays of the canton."""

    def today(self, now: datetime) -> date:
        """The calendar day of an instant."""
        ...

    def add_working_days(self, day: date, count: int) -> date:
        """The day that is ``count`` working days after ``day``."""
        ...
