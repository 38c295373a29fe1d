"""A small world to run pipelines in: the real store on SQLite, both systems and the mail server in memory, our clock.

Nothing waits: :meth:`World.settle` moves the clock to whatever falls due next.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from config.calendar import WorkingDays
from domain.books import Run, RunState
from domain.cases import CaseFile
from domain.decision import Mode
from domain.errors import RetryPolicy
from domain.facets import Facet, FacetValue, Target
from domain.intents import Intent, IntentKind, IntentState
from domain.people import CaseId, PersonalNumber, RegistrationId
from domain.registrations import Registration, RegistryPerson, RegistryView
from domain.work_items import WorkItem, WorkItemKind, WorkItemState
from pipelines import nightly_reconcile
from pipelines.deciding import decide_again
from pipelines.dispatch import dispatch
from pipelines.needs import Needs, Pace
from pipelines.nightly_reconcile import NIGHTLY
from store.case_book import SqlCaseBook
from store.inbox import SqlInbox
from store.intent_book import SqlIntentBook
from store.run_book import SqlRunBook
from store.switchboard import SqlSwitchboard
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests.builders import CASE_ID, Institutions, beneficiary, case, person, registration
from tests.fakes import Clock, FakeCii, FakeMailer, FakePlasta

WORKER = "one"
ATTEMPTS = 3
SETTLE = timedelta(minutes=2)
LEASE = timedelta(minutes=5)
EVERY_FLOW = tuple((facet, target) for facet in Facet for target in Target)
POLICY = RetryPolicy(attempts=ATTEMPTS, settle=SETTLE)
OPEN_ITEMS = frozenset({WorkItemState.OPEN})


@dataclass
class World:
    """What a pipeline needs, and the hands of the people outside; every flow is on unless switched back."""

    store: Store
    clock: Clock
    cii: FakeCii = field(default_factory=FakeCii)
    plasta: FakePlasta = field(default_factory=FakePlasta)
    mailer: FakeMailer = field(default_factory=FakeMailer)

    def __post_init__(self) -> None:
        """The books over the store, as the bootstrap builds them."""
        self.needs = Needs(
            cases=SqlCaseBook(self.store),
            intents=SqlIntentBook(self.store),
            runs=SqlRunBook(self.store),
            switches=SqlSwitchboard(self.store),
            inbox=SqlInbox(self.store),
            work=SqlWorkBook(self.store),
            cii=self.cii,
            plasta=self.plasta,
            mailer=self.mailer,
            institutions=Institutions(),
            calendar=WorkingDays(),
            clock=self.clock,
            pace=Pace(lease=LEASE, retry=dict.fromkeys(Target, POLICY)),
            draw=lambda: 0.5,
        )

    def rules(self, **changes: Any) -> None:  # noqa: ANN401 - any rule
        """Other settings from now on."""
        self.needs = replace(self.needs, rules=replace(self.needs.rules, **changes))

    def pace(self, **changes: Any) -> None:  # noqa: ANN401 - any part of the pace
        """Another pace from now on."""
        self.needs = replace(self.needs, pace=replace(self.needs.pace, **changes))

    def switch(self, *flows: tuple[Facet, Target], active: bool = True, since: date | None = None) -> None:
        """Switch flows on, or back to observe."""
        for facet, target in flows:
            mode = Mode(active=active, since=since)
            self.needs.switches.set_mode(facet, target, mode, reason="test", by="test", now=self.clock())

    def night(self, job: str = NIGHTLY, *, apply: bool = True) -> Run:
        """One run, planned and applied, nothing sent; a second passes, so that the next one is another."""
        run = nightly_reconcile.start(job, self.clock(), self.needs)
        assert run is not None
        run = nightly_reconcile.plan(run, self.needs)
        if apply and run.state is RunState.PLANNED:
            nightly_reconcile.apply(run, self.needs)
            run = self.needs.runs.find(run.run_id) or run
        self.clock.wait(1)
        return run

    def send(self) -> dict[str, int]:
        """Send what is due now, and what follows from it; how attempts ended."""
        ended: dict[str, int] = {}
        while (report := dispatch(self.needs, WORKER)).claimed:
            decide_again(sorted(report.touched), self.needs)
            for outcome, count in report.outcomes.items():
                ended[outcome.value] = ended.get(outcome.value, 0) + count
        return ended

    def settle(self) -> None:
        """Send until nothing is left that time alone can move."""
        for _ in range(100):
            self.send()
            due = self.needs.intents.next_due()
            if due is None or due <= self.clock():
                return
            self.clock.now = due + timedelta(milliseconds=1)
        raise AssertionError("this never settles")

    def intents(self, *states: IntentState, kind: IntentKind | None = None) -> list[Intent]:
        """Intents in some states (or all), oldest first, in the order of their lanes."""
        found = self.needs.intents.listed(frozenset(states) or None, limit=10_000)
        return sorted(
            (one for one in found if kind in (None, one.wish.kind)),
            key=lambda one: (one.created_at, one.wish.target, one.order),
        )

    def intent(self, kind: IntentKind = IntentKind.SET_KEYWORD) -> Intent:
        """The only intent of a kind."""
        (one,) = self.intents(kind=kind)
        return one

    def items(self, case_id: CaseId | None = None) -> list[WorkItem]:
        """The open work items, in the order of their kinds."""
        found = self.needs.work.listed(OPEN_ITEMS, case_id, limit=10_000)
        return sorted(found, key=lambda item: (item.ask.kind, item.ask.key))

    def asked(self, case_id: CaseId | None = None) -> list[WorkItemKind]:
        """What people are asked now."""
        return [item.ask.kind for item in self.items(case_id)]

    def view(self, case_id: CaseId = CASE_ID) -> RegistryView | None:
        """What is stored of PLASTA's answer about a case."""
        return self.needs.cases.facts([case_id])[case_id].view

    def mirrored(self, facet: Facet, case_id: CaseId = CASE_ID) -> FacetValue | None:
        """What the CII software shows of a facet."""
        return self.cii.cases[case_id].mirrored(facet).value

    def change_case(self, change: Callable[[CaseFile], CaseFile], case_id: CaseId = CASE_ID) -> None:
        """A person changes a case in the CII software."""
        before = self.cii.cases[case_id]
        self.cii.put(replace(change(before), version=before.version + 1))

    def change_registration(self, change: Callable[[Registration], Registration], number: str = "10000001") -> None:
        """An officer changes the newest registration of a person in PLASTA."""
        before = self.plasta.people[PersonalNumber(number)]
        *others, last = before.registrations
        changed = replace(change(last), version=last.version + 1)
        self.plasta.put(replace(before, registrations=(*others, changed)))


def numbered(index: int, **changes: Any) -> tuple[CaseFile, RegistryPerson]:  # noqa: ANN401 - any field of a case
    """The case and the person of a number from 1 to 9, who agree in everything but the keyword, which is missing."""
    number, registered = PersonalNumber(f"1000000{index}"), RegistrationId(f"AD00000{index}")
    name = f"Bonvin {'ABCDEFGHI'[index - 1]}"
    her = beneficiary(family_name=name, personal_number=number, avs_number=None)
    made = case(case_id=CaseId(f"CII-2026-00000{index}"), beneficiary=her, mirror={})
    bare = registration(registration_id=registered, has_keyword=False)
    return replace(made, **changes), person(bare, family_name=name, personal_number=number, avs_number=None)


def copied(template: Path, folder: Path) -> tuple[str, Path]:
    """A copy of a prepared database and its key file: the URL and the file."""
    for source in template.iterdir():
        (folder / source.name).write_bytes(source.read_bytes())
        (folder / source.name).chmod(0o600)
    return f"sqlite:///{folder / 'cii.db'}", folder / "cii.key"
