"""Hypothesis drives two workers over one SQLite queue: one holder, lanes in order, nothing lost, no blind repeat.

The model is a dictionary of what each intent may do next; the store is the real one.
"""

import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from domain.facets import Facet
from domain.intents import OPEN, SETTLED, Claim, IntentState, Outcome, Result
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.opening import open_store, prepare
from store.transactions import Store
from tests.builders import NOW
from tests.fakes import Clock
from tests.store.conftest import empty
from tests.store.steps import LEASE, case_id, commit, decision, facts_of, result, seen, wish

NUMBERS = (1, 2)
FACETS = (Facet.REGISTRATION, Facet.DEREGISTRATION)
WORKERS = st.sampled_from(("one", "two"))
MINUTE = timedelta(minutes=1)


@dataclass
class Known:
    """What the model knows of an intent."""

    token: int = 0
    lease_until_minute: int = -1
    doubt: bool = False
    effects: int = 0
    over: bool = False
    claims: list[Claim] = field(default_factory=list)
    said: Result | None = None


@cache
def prepared() -> tuple[tempfile.TemporaryDirectory[str], Store, Clock]:
    """One migrated file for all examples; the folder goes when the tests end."""
    folder = tempfile.TemporaryDirectory()
    clock = Clock()
    url, key_file = f"sqlite:///{folder.name}/queue.db", Path(folder.name) / "queue.key"
    prepare(url, key_file, clock)
    return folder, open_store(url, key_file, clock), clock


class Queue(RuleBasedStateMachine):
    """Wishes come, workers claim, renew, record, die and come back; time passes; a person retries."""

    held = Bundle("claims")

    @initialize()
    def open_the_store(self) -> None:
        _, store, self.clock = prepared()
        empty(store.engine)
        self.clock.now = NOW
        self.cases, self.intents = SqlCaseBook(store), SqlIntentBook(store)
        seen(self.cases, *NUMBERS)
        self.known: dict[str, Known] = {}
        self.marks = 0
        self.minute = 0

    @rule(number=st.sampled_from(NUMBERS), facet=st.sampled_from(FACETS))
    def wish_something(self, number: int, facet: Facet) -> None:
        self.marks += 1
        new = commit(
            self.cases, decision(facts_of(self.cases, number), wish(number, str(self.marks), facet)), at=self.clock.now
        )
        assert new == 1
        for intent in self.intents.listed():
            self.known.setdefault(intent.intent_id, Known())

    @rule(target=held, worker=WORKERS, limit=st.integers(1, 3))
    def claim(self, worker: str, limit: int) -> object:
        claims = self.intents.claim(self.clock.now, LEASE, limit, worker)
        lanes = [one.intent.wish.case_id for one in claims]
        assert len(set(lanes)) == len(lanes), "at most one of a lane at once"
        for one in claims:
            known = self.known[one.intent.intent_id]
            assert not known.over
            assert one.token == known.token + 1, "tokens rise by one"
            assert known.lease_until_minute < self.minute, "nobody else holds it"
            assert one.look_first == (known.doubt or bool(known.claims)), "a lost worker may have sent"
            known.doubt = one.look_first
            known.token, known.lease_until_minute = one.token, self.minute + 5
            known.claims.append(one)
        return multiple(*claims)

    @rule(one=held, outcome=st.sampled_from(Outcome))
    def record(self, one: Claim, outcome: Outcome) -> None:
        known = self.known[one.intent.intent_id]
        due = self.clock.now if outcome in (Outcome.RETRY_AT, Outcome.UNKNOWN) else None
        word = result(one, outcome, self.clock.now - MINUTE, due_at=due)
        ours = one in known.claims and one.token == known.token
        again = known.said is not None and (known.said.claim.token, word) == (known.token, known.said)
        assert self.intents.record([word]) == int(ours or again), "only the last token may speak"
        if not ours:
            return
        known.said = word
        known.claims.clear()
        known.lease_until_minute = -1
        known.effects += outcome is Outcome.DONE
        known.doubt |= outcome is Outcome.UNKNOWN
        known.over = outcome in (Outcome.DONE, Outcome.ALREADY_SO, Outcome.OVERTAKEN)

    @rule(one=held)
    def renew(self, one: Claim) -> None:
        known = self.known[one.intent.intent_id]
        ours = one in known.claims and one.token == known.token
        assert len(self.intents.renew([one], self.clock.now + LEASE)) == int(ours)
        if ours:
            known.lease_until_minute = self.minute + 5

    @rule(minutes=st.integers(1, 7))
    def wait(self, minutes: int) -> None:
        self.minute += minutes
        self.clock.wait(60 * minutes)

    @precondition(lambda self: self.known)
    @rule()
    def retry_what_is_parked(self) -> None:
        for intent in self.intents.listed(frozenset({IntentState.PARKED})):
            assert self.intents.retry(intent.intent_id, self.clock.now, "ops")

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        if not hasattr(self, "known"):
            return
        stored = {one.intent_id: one for one in self.intents.listed()}
        assert set(stored) == set(self.known)
        for intent_id, known in self.known.items():
            state = stored[intent_id].state
            assert known.effects <= 1
            assert (state in SETTLED) == known.over
            assert state in SETTLED | OPEN | {IntentState.PARKED}
            assert len(self.intents.attempts(intent_id)) == known.token

    @invariant()
    def somebody_can_always_go_on(self) -> None:
        """Unless everything waits for a person, the queue says when it moves next, and then it does."""
        if not hasattr(self, "known"):
            return
        states = {one.state for one in self.intents.listed()}
        if IntentState.PARKED not in states and states & OPEN:
            assert self.intents.next_due() is not None


Queue.TestCase.settings = settings(max_examples=25, stateful_step_count=25, phases=(Phase.generate, Phase.shrink))
TestQueue = Queue.TestCase


def test_the_lanes_of_the_machine_are_those_of_the_cases() -> None:
    assert {case_id(number) for number in NUMBERS} == {wish(number).case_id for number in NUMBERS}
