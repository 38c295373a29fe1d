"""A house in memory for the command line: books and runner that keep what was asked of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

from config.calendar import WorkingDays, local_date
from domain.books import Bar, CaseBook, Inbox, IntentBook, Request, Run, RunBook, Switchboard, WorkBook
from domain.causes import Batch, CauseCount, Stretch, pin_of
from domain.compare import Treatment
from domain.decision import CaseFacts, FacetFinding, Mode
from domain.errors import NotFoundError, SyncError
from domain.facets import Facet, Target
from domain.intents import Attempt, Intent, IntentKind, IntentState
from domain.people import CaseId
from domain.ports import CheckResult, Institutions, WorkingCalendar
from domain.work_items import Ask, WorkItem, WorkItemState
from pipelines.needs import Needs, Progress
from scheduler.runner import NightlyOrder, Runner, Sent
from tests.builders import CASE_ID
from tests.builders import Institutions as SmallRegistry
from tests.fakes import Clock, FakeCii, FakeMailer, FakePlasta


@dataclass
class FakeCases:
    """Known facts, and whose number belongs to which cases."""

    known: dict[CaseId, CaseFacts] = field(default_factory=dict)
    numbers: dict[str, list[CaseId]] = field(default_factory=dict)

    def facts(self, case_ids: Sequence[CaseId]) -> Mapping[CaseId, CaseFacts]:
        return {one: self.known[one] for one in case_ids if one in self.known}

    def cases_of(self, number: str | None, avs_number: str | None) -> Sequence[CaseId]:
        return self.numbers.get(number or avs_number or "", [])


@dataclass
class FakeIntents:
    """Intents that a person looks at and acts on."""

    rows: list[Intent] = field(default_factory=list)
    tries: dict[str, list[Attempt]] = field(default_factory=dict)
    acts: list[tuple[str, ...]] = field(default_factory=list)
    by_cause: list[CauseCount] = field(default_factory=list)
    batches: dict[str, Batch] = field(default_factory=dict)
    late: bool = False
    """Whether the time to take a withdrawal back is over."""

    def find(self, intent_id: str) -> Intent | None:
        return next((one for one in self.rows if one.intent_id == intent_id), None)

    def listed(
        self,
        states: frozenset[IntentState] | None = None,
        case_id: CaseId | None = None,
        run_id: str = "",
        limit: int = 500,
    ) -> Sequence[Intent]:
        fits = [
            one
            for one in self.rows
            if (states is None or one.state in states)
            and case_id in (None, one.wish.case_id)
            and run_id in ("", one.run_id)
        ]
        return fits[:limit]

    def attempts(self, intent_id: str) -> Sequence[Attempt]:
        return self.tries.get(intent_id, [])

    def counts(self, run_id: str = "") -> Mapping[tuple[Target, IntentKind, IntentState], int]:
        return Counter((one.wish.target, one.wish.kind, one.state) for one in self.listed(run_id=run_id))

    def _move(self, intent_id: str, wanted: IntentState, becomes: IntentState) -> bool:
        one = self.find(intent_id)
        if one is None or one.state is not wanted:
            return False
        self.rows[self.rows.index(one)] = replace(one, state=becomes)
        return True

    def retry(self, intent_id: str, now: datetime, by: str) -> bool:
        self.acts.append(("retry", intent_id, by))
        return self._move(intent_id, IntentState.PARKED, IntentState.READY)

    def answer_unknown(self, intent_id: str, now: datetime, by: str, reason: str, *, arrived: bool) -> bool:
        self.acts.append(("arrived" if arrived else "again", intent_id, by, reason))
        return self._move(intent_id, IntentState.UNKNOWN, IntentState.DONE if arrived else IntentState.READY)

    def causes(self) -> Sequence[CauseCount]:
        return self.by_cause

    def parked_for(self, target: Target, kind: IntentKind, code: str, stretch: Stretch) -> Sequence[Intent]:
        return [
            one
            for one in self.listed(frozenset({IntentState.PARKED}))
            if (one.wish.target, one.wish.kind, one.last_code) == (target, kind, code)
            and (stretch.since is None or one.due_at >= stretch.since)
            and (stretch.until is None or one.due_at < stretch.until)
        ]

    def retry_pinned(self, pinned: Sequence[Intent], now: datetime, by: str, reason: str) -> Batch:
        offered = tuple(
            one.intent_id for one in pinned if self._move(one.intent_id, IntentState.PARKED, IntentState.READY)
        )
        made = Batch(pin_of(pinned), now, by, reason, offered)
        self.batches[made.pin] = replace(made, before=True)
        return made

    def batch(self, pin: str) -> Batch | None:
        return self.batches.get(pin)

    def withdraw(self, intent_id: str, now: datetime, by: str, reason: str) -> bool:
        self.acts.append(("withdraw", intent_id, by, reason))
        return any(
            self._move(intent_id, state, IntentState.WITHDRAWN) for state in (IntentState.PARKED, IntentState.READY)
        )

    def restore(self, ask: Ask, intent_id: str, now: datetime, by: str, reason: str) -> bool:
        self.acts.append(("restore", intent_id, by, reason, ask.key))
        return not self.late and self._move(intent_id, IntentState.WITHDRAWN, IntentState.PARKED)


@dataclass
class FakeRuns:
    """Runs, newest first."""

    rows: list[Run] = field(default_factory=list)

    def find(self, run_id: str) -> Run | None:
        return next((one for one in self.rows if one.run_id == run_id), None)

    def listed(self, job: str = "", limit: int = 30) -> Sequence[Run]:
        return [one for one in self.rows if job in ("", one.job)][:limit]


@dataclass
class FakeSwitches:
    """Modes, pauses and halts, with the reason and author of every change."""

    active: dict[tuple[Facet, Target], Mode] = field(default_factory=dict)
    barred: list[Bar] = field(default_factory=list)
    changes: list[tuple[str, str]] = field(default_factory=list)

    def modes(self) -> Mapping[tuple[Facet, Target], Mode]:
        return self.active

    def set_mode(self, facet: Facet, target: Target, mode: Mode, *, reason: str, by: str, now: datetime) -> None:
        self.active[facet, target] = mode
        self.changes.append((reason, by))

    def bars(self) -> Sequence[Bar]:
        return list(self.barred)

    def pause(self, target: Target | None, *, reason: str, by: str, now: datetime) -> None:
        self.barred.append(Bar(target, None, reason, by, now))

    def resume(self, target: Target | None, *, reason: str, by: str, now: datetime) -> int:
        left = [bar for bar in self.barred if target is not None and bar.target is not target]
        lifted, self.barred = len(self.barred) - len(left), left
        return lifted


@dataclass
class FakeWork:
    """Work items."""

    rows: list[WorkItem] = field(default_factory=list)
    ended: list[tuple[str, str, str]] = field(default_factory=list)

    def close(self, item_id: str, reason: str, by: str, now: datetime) -> bool:
        for index, one in enumerate(self.rows):
            if one.item_id == item_id and one.state is WorkItemState.OPEN:
                self.rows[index] = replace(one, state=WorkItemState.DONE)
                self.ended.append((item_id, reason, by))
                return True
        return False

    def listed(
        self, states: frozenset[WorkItemState], case_id: CaseId | None = None, limit: int = 500
    ) -> Sequence[WorkItem]:
        return [one for one in self.rows if one.state in states and case_id in (None, one.ask.case_id)][:limit]


@dataclass(frozen=True)
class Entry:
    """An entry of a timeline."""

    at: datetime
    source: str
    what: str
    reference: str = ""
    about: str = ""


@dataclass(frozen=True)
class Stored:
    """A stored finding."""

    case_id: CaseId
    since: datetime
    finding: FacetFinding


@dataclass(frozen=True)
class Unreadable:
    """A record in quarantine."""

    system: str
    reference: str
    path: str
    reason: str
    since: datetime


@dataclass
class FakeRecords:
    """The reading side."""

    entries: list[Entry] = field(default_factory=list)
    found: list[Stored] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)

    def timeline(self, case_id: CaseId) -> Sequence[Entry]:
        return self.entries if case_id == CASE_ID else []

    def findings(self, case_id: CaseId | None, kinds: frozenset[Treatment] | None) -> Sequence[Stored]:
        return [
            one
            for one in self.found
            if case_id in (None, one.case_id) and (kinds is None or one.finding.treatment in kinds)
        ]

    def quarantine(self) -> Sequence[Unreadable]:
        return self.unreadable


@dataclass
class FakeRunner:
    """Implements ``scheduler.runner.Runner``: gives what it was told to, keeps what it was asked."""

    runs: FakeRuns
    night: Run | None = None
    sent: Sent = field(default_factory=Sent)
    checks: dict[CaseId, tuple[Request, bool]] = field(default_factory=dict)
    mails: list[Intent] = field(default_factory=list)
    orders: list[NightlyOrder] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    asked: list[tuple[CaseId, str, timedelta]] = field(default_factory=list)
    fails: SyncError | None = None

    def nightly(self, order: NightlyOrder, progress: Progress) -> Run | None:
        self._perhaps_fail()
        self.orders.append(order)
        progress("decide", 1, None)
        return self.night

    def apply(self, run_id: str) -> int:
        if self.runs.find(run_id) is None:
            raise NotFoundError("no plan of this run waits to be applied", system="cii-sync", reference=run_id)
        self.applied.append(run_id)
        return 3

    def send(self, patience: timedelta, progress: Progress) -> Sent:
        self._perhaps_fail()
        return self.sent

    def check(self, case_id: CaseId, by: str, patience: timedelta) -> tuple[Request, bool]:
        self._perhaps_fail()
        self.asked.append((case_id, by, patience))
        return self.checks[case_id]

    def notice(self, case_id: CaseId, patience: timedelta) -> Sequence[Intent]:
        self._perhaps_fail()
        return self.mails

    def _perhaps_fail(self) -> None:
        if self.fails is not None:
            raise self.fails


class Calendar(WorkingDays):
    """The canton's working days, with the day of an instant."""

    def today(self, now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a date
        return local_date(now)


@dataclass
class FakeHouse:
    """Implements ``console.doors.House``; tests fill its books."""

    clock: Clock = field(default_factory=Clock)
    cases: FakeCases = field(default_factory=FakeCases)
    intents: FakeIntents = field(default_factory=FakeIntents)
    runs: FakeRuns = field(default_factory=FakeRuns)
    switches: FakeSwitches = field(default_factory=FakeSwitches)
    work: FakeWork = field(default_factory=FakeWork)
    records: FakeRecords = field(default_factory=FakeRecords)

    def __post_init__(self) -> None:
        self.jobs = FakeRunner(self.runs)

    @property
    def runner(self) -> Runner:
        return self.jobs

    @property
    def needs(self) -> Needs:
        return Needs(
            cases=cast("CaseBook", self.cases),
            intents=cast("IntentBook", self.intents),
            runs=cast("RunBook", self.runs),
            switches=cast("Switchboard", self.switches),
            inbox=cast("Inbox", None),
            work=cast("WorkBook", self.work),
            cii=FakeCii(),
            plasta=FakePlasta(),
            mailer=FakeMailer(),
            institutions=cast("Institutions", SmallRegistry()),
            calendar=cast("WorkingCalendar", Calendar()),
            clock=self.clock,
        )


@dataclass
class FakeDoors:
    """Implements ``console.doors.Doors``."""

    inside: FakeHouse = field(default_factory=FakeHouse)
    environ: Mapping[str, str] = field(default_factory=dict)
    results: list[CheckResult] = field(default_factory=list)
    at_guard: Callable[[], None] = lambda: None
    fails: SyncError | None = None
    done: list[tuple[str, ...]] = field(default_factory=list)

    def guard(self) -> None:
        self.at_guard()

    @contextmanager
    def house(self) -> Iterator[FakeHouse]:
        if self.fails is not None:
            raise self.fails
        self.done.append(("opened",))
        try:
            yield self.inside
        finally:
            self.done.append(("closed",))

    def checks(self) -> Sequence[CheckResult]:
        return self.results

    def settings(self) -> Sequence[tuple[str, str, bool, str]]:
        return [("CII_CII__TOKEN", "***", False, "bearer token"), ("CII_LANG", "", True, "language")]

    def upgrade(self) -> None:
        if self.fails is not None:
            raise self.fails
        self.done.append(("upgraded",))

    def work(self, group: str) -> None:
        self.done.append(("worked", group))

    def beat(self) -> None:
        self.done.append(("beaten",))

    def log_to_stderr(self, *, debug: bool, service: bool) -> None:
        self.done.append(("logging", "debug" if debug else "quiet", "service" if service else "command"))

    def who(self) -> str:
        return "cli:somebody"
