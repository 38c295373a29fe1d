"""What the pipelines need of our own store, as roles. Every method is one transaction of its own.

The order of writing is the promise: a cursor moves only with its page, an intent is stored with the decision
that wants it, an effect's end with the agreement that it settles.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.cases import CaseFile
from domain.causes import FailedWork
from domain.decision import CaseFacts, Decision, Mode
from domain.facets import Facet, Target
from domain.intents import Attempt, Claim, Intent, IntentKind, IntentState, Result
from domain.people import AvsNumber, CaseId, PersonalNumber
from domain.ports import BadRecord, CasePage
from domain.registrations import RegistryView
from domain.work_items import Ask, WorkItem, WorkItemState


@dataclass(frozen=True, slots=True)
class PageCount:
    """What storing a page of cases did."""

    seen: int
    changed: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class LookUp:
    """A case whose person is to be looked up, with the number that it is bound to, if any."""

    facts: CaseFacts
    bound_to: PersonalNumber | None


class CaseBook(Protocol):
    """Cases, bindings, views, agreements, findings, quarantine, cursors."""

    def cursor(self, source: str) -> str | None:
        """Where a source was read up to; None before the first page."""
        ...

    def save_cases(self, page: CasePage, source: str, read_at: datetime, run_id: str) -> PageCount:
        """Store a page and move the cursor with it; a case whose content is unchanged is not written."""
        ...

    def save_case(self, case: CaseFile, read_at: datetime) -> None:
        """Store one case read by itself."""
        ...

    def note_changed(self, numbers: frozenset[PersonalNumber], source: str, cursor: str) -> int:
        """Mark the bound cases among these persons for a new look and move the feed's cursor; the rest is dropped."""
        ...

    def to_look_up(self, on: date, *, everything: bool, size: int) -> Iterator[Sequence[LookUp]]:
        """Chunks of cases whose view may be out of date: new, changed, marked, unresolved, or due by time."""
        ...

    def save_views(
        self, views: Mapping[CaseId, RegistryView], bad: Sequence[tuple[CaseId, BadRecord]], run_id: str
    ) -> int:
        """Store views with their bindings and quarantine what could not be read; returns how many changed."""
        ...

    def undecided(self, rules: str, on: date, size: int) -> Iterator[Sequence[CaseFacts]]:
        """Chunks of cases whose views, rules (modes) or due day differ from what was last decided on."""
        ...

    def unfollowed(self, size: int) -> Iterator[Sequence[CaseFacts]]:
        """Chunks of cases that an effect of ours changed, and that were not decided again since: somebody died."""
        ...

    def cases_of(self, number: PersonalNumber | None, avs_number: AvsNumber | None) -> Sequence[CaseId]:
        """The cases of a person, by keyed hash of either number as the CII software or a binding has it."""
        ...

    def bound_to(self, case_id: CaseId) -> PersonalNumber | None:
        """The person that a case is bound to, if any."""
        ...

    def facts(self, case_ids: Sequence[CaseId]) -> Mapping[CaseId, CaseFacts]:
        """The facts of some cases; a case that we do not know is absent."""
        ...

    def commit(self, decisions: Sequence[Decision], rules: str, run_id: str, now: datetime, *, planned: bool) -> int:
        """Findings, agreements, asks and wishes of a chunk in one transaction; returns how many wishes are new.

        ``planned`` keeps wishes and asks aside until the plan is applied. A wish whose key exists is not new,
        but one that was *overtaken*, or *parked* with the code ``consent``, is planned or ready again: it is
        wanted after all.
        """
        ...


class IntentBook(FailedWork, Protocol):
    """Intents and their attempts: the queue of record."""

    def discard_plans(self) -> int:
        """Drop plans that were never applied, so that their cases are decided afresh."""
        ...

    def apply(self, run_id: str, now: datetime) -> int:
        """Turn a run's planned intents and asks into real ones."""
        ...

    def due(self, now: datetime, limit: int) -> Mapping[Target, Sequence[str]]:
        """Ids that the dispatcher could claim now (paused and halted left out), oldest due first, by target."""
        ...

    def claim(
        self, now: datetime, lease: timedelta, limit: int, worker: str, ids: Sequence[str] | None = None
    ) -> Sequence[Claim]:
        """Take due intents (or some of ``ids``) for a time, an open attempt written with each.

        At most one of a lane at once; nothing of a paused target or halted kind. An expired lease is claimed
        again with ``look_first``.
        """
        ...

    def renew(self, claims: Sequence[Claim], until: datetime, *, beginning: bool = False) -> Sequence[Claim]:
        """Prolong leases; a claim that somebody else holds by now is left out.

        ``beginning`` notes that the first byte is about to leave: from here on a lost worker leaves a doubt.
        """
        ...

    def record(self, results: Sequence[Result]) -> int:
        """End attempts. Results of a claim that is no longer ours are refused (fencing) and not counted.

        An *unknown* one without ``due_at`` cannot be looked at: it waits for :meth:`answer_unknown`.
        """
        ...

    def find(self, intent_id: str) -> Intent | None:
        """One intent."""
        ...

    def listed(
        self,
        states: frozenset[IntentState] | None = None,
        case_id: CaseId | None = None,
        run_id: str = "",
        limit: int = 500,
    ) -> Sequence[Intent]:
        """Intents, newest first."""
        ...

    def attempts(self, intent_id: str) -> Sequence[Attempt]:
        """All tries at an intent, oldest first."""
        ...

    def retry(self, intent_id: str, now: datetime, by: str) -> bool:
        """Offer a parked intent again; False when it is not parked."""
        ...

    def answer_unknown(self, intent_id: str, now: datetime, by: str, reason: str, *, arrived: bool) -> bool:
        """End a doubt by a person: arrived (done), or not (ready again); False when there is no doubt."""
        ...

    def counts(self, run_id: str = "") -> Mapping[tuple[Target, IntentKind, IntentState], int]:
        """How many intents stand where, of one run or of all."""
        ...

    def next_due(self) -> datetime | None:
        """When the next open intent that is not paused or halted falls due; None when there is none."""
        ...


class RunState(StrEnum):
    """How a run stands; ``planned`` waits to be applied."""

    RUNNING = "running"
    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a job: unique per (job, due time), its end always recorded."""

    run_id: str
    job: str
    due_at: datetime
    state: RunState
    started_at: datetime
    ended_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    message: str = ""


class RunBook(Protocol):
    """Runs of scheduled jobs."""

    def open(self, job: str, due_at: datetime, now: datetime) -> Run | None:
        """Start a run; None when this (job, due time) ran already or the job is running."""
        ...

    def find(self, run_id: str) -> Run | None:
        """One run."""
        ...

    def progress(self, run_id: str, counts: Mapping[str, int], now: datetime) -> None:
        """Tell how far a run is; also its sign of life."""
        ...

    def end(self, run_id: str, state: RunState, counts: Mapping[str, int], now: datetime, message: str = "") -> None:
        """Record how a run ended (or that its plan waits)."""
        ...

    def listed(self, job: str = "", limit: int = 30) -> Sequence[Run]:
        """Runs, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Bar:
    """Why nothing goes to a target (``target`` None: to any): paused by a person, or halted by a failure."""

    target: Target | None
    kind: IntentKind | None
    reason: str
    by: str
    since: datetime
    halted: bool = False


class Switchboard(Protocol):
    """Modes per facet and target, pauses, halts; every change with its reason and author."""

    def modes(self) -> Mapping[tuple[Facet, Target], Mode]:
        """What is switched on; absent means observe."""
        ...

    def set_mode(self, facet: Facet, target: Target, mode: Mode, *, reason: str, by: str, now: datetime) -> None:
        """Switch a facet and target to active or back to observe."""
        ...

    def bars(self) -> Sequence[Bar]:
        """What is paused or halted now."""
        ...

    def pause(self, target: Target | None, *, reason: str, by: str, now: datetime) -> None:
        """Stop a target, or everything."""
        ...

    def resume(self, target: Target | None, *, reason: str, by: str, now: datetime) -> int:
        """Lift pauses and halts of a target (None: all of them); returns how many were lifted."""
        ...

    def halt(self, bar: Bar) -> bool:
        """Record a halt; True when it is new (so that it is told once)."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """A request from outside (a button, a webhook, a queue): accepted once per message id, answered once."""

    message_id: str
    kind: str
    case_id: CaseId
    received_at: datetime
    by: str
    answer: Mapping[str, str] | None = None
    answered_at: datetime | None = None


class Inbox(Protocol):
    """Requests from outside."""

    def accept(self, request: Request) -> bool:
        """Store a request; False when its message id is known already."""
        ...

    def answer(self, message_id: str, answer: Mapping[str, str], now: datetime) -> None:
        """Store the answer; a second one is refused silently, the first stands."""
        ...

    def find(self, message_id: str) -> Request | None:
        """One request."""
        ...

    def latest(self, kind: str, case_id: CaseId, since: datetime) -> Request | None:
        """The newest request of a kind about a case since an instant."""
        ...

    def unanswered(self, kind: str, before: datetime, limit: int) -> Sequence[Request]:
        """Requests of a kind that were received before an instant and still have no answer, oldest first."""
        ...


class WorkBook(Protocol):
    """Work items that are not born of a decision, and all of them for reading."""

    def open(self, ask: Ask, now: datetime) -> bool:
        """Open a work item; False when one with its key is open already."""
        ...

    def close(self, item_id: str, reason: str, by: str, now: datetime) -> bool:
        """End a work item by a person; False when it is not open."""
        ...

    def moot(self, keys: Sequence[str], now: datetime) -> int:
        """End work items whose cause went away, by their keys; returns how many were open."""
        ...

    def listed(
        self, states: frozenset[WorkItemState], case_id: CaseId | None = None, limit: int = 500
    ) -> Sequence[WorkItem]:
        """Work items, soonest due first."""
        ...
