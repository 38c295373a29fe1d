"""What every pipeline is given: the books, the ports, the clock and the rules. Built once, in the bootstrap."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeVar

from domain.books import CaseBook, Inbox, IntentBook, RunBook, Switchboard, WorkBook
from domain.consent_terms import SHIPPED_STATUTES, Statute
from domain.errors import RetryPolicy
from domain.facets import Target
from domain.ports import CaseSystem, Clock, Institutions, JobSeekerRegistry, Mailer, WorkingCalendar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Spread(Protocol):
    """Runs one function over many items, in order of the items; threads or not is the runner's matter."""

    def __call__(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> Sequence[Answer]:
        """Every answer, in the order of the items."""
        ...


def one_by_one(work: Callable[[Item], Answer], items: Sequence[Item]) -> Sequence[Answer]:
    """The plainest spread: no threads."""
    return [work(item) for item in items]


class Progress(Protocol):
    """Tells a person how far long work is."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """``total`` is None where it is not known yet."""
        ...


def silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that decisions depend on, as plain values."""

    statutes: tuple[Statute, ...] = SHIPPED_STATUTES
    register_within: int = 5
    """Working days that the tandem has to register a person (C3)."""
    settle_conflict_within: int = 5
    """Working days for any other work item."""
    reinsertion_auto: bool = False
    """Whether a PLASTA de-registration with a job sends the mail without being asked (C10)."""
    registration_enabled: bool = False
    """Whether a registration may be asked for by operation (C3)."""
    remove_keyword_on_closing: bool = False
    """Whether the keyword of a closed case is removed by itself (C13)."""
    mail_domain: str = "cii-sync.example"
    """The right side of our Message-IDs; a domain of the canton's service."""
    cii_pages: str = ""
    """Where the CII software's pages are, for links in mails; empty where unknown."""
    resent_mails: frozenset[str] = frozenset()
    """Kinds of mail that go again by themselves after a lost answer; all others are held for a person."""
    overlap_pages: int = 1
    """Pages before the cursor that are read again: a change committed late is not missed."""
    repeat_check_after: timedelta = timedelta(minutes=10)
    """A second press within this time gets the first answer."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is taken at once, and how failures are paced, per target."""

    chunk: int = 200
    claim: int = 50
    lease: timedelta = timedelta(minutes=5)
    retry: Mapping[Target, RetryPolicy] = field(default_factory=dict)

    def policy(self, target: Target) -> RetryPolicy:
        """The target's own retry policy, or the common one."""
        return self.retry.get(target, RetryPolicy())


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything a pipeline may touch; nothing else is in reach."""

    cases: CaseBook
    intents: IntentBook
    runs: RunBook
    switches: Switchboard
    inbox: Inbox
    work: WorkBook
    cii: CaseSystem
    plasta: JobSeekerRegistry
    mailer: Mailer
    institutions: Institutions
    calendar: WorkingCalendar
    clock: Clock
    rules: Rules = field(default_factory=Rules)
    pace: Pace = field(default_factory=Pace)
    spread: Spread = one_by_one
    draw: Callable[[], float] = random.random
    """Uniform in [0, 1), for jitter."""


def chunked(items: Iterable[Item], size: int) -> Iterable[list[Item]]:
    """Lists of at most ``size`` items, in order."""
    chunk: list[Item] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
