"""Random histories of two cases: whatever people do and whatever gets lost, everything agrees in the end or is asked.

Moves on either side of any facet, nights, lost and cut answers, in any order; then the faults end, and two nights pass.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.books import RunState
from domain.cases import CaseFile
from domain.facets import Facet
from domain.normal_form import cii_says, plasta_says
from domain.registrations import RegistryPerson
from store.opening import open_store
from store.transactions import Store
from tests.builders import NOW
from tests.fakes import Clock
from tests.pipelines.histories import INDEXES, MIRRORS, WRITES, History, StrictCii, StrictMailer, StrictPlasta
from tests.pipelines.world import EVERY_FLOW, World, copied
from tests.store.conftest import empty

Step = tuple[str, tuple[object, ...]]

NIGHT: Step = ("night", ())
SEND: Step = ("send", ())
ON_A_CASE = (
    "inactivate",
    "move_office",
    "register_anew",
    "deregister",
    "rename_in_plasta",
    "keyword_by_hand",
    "close_or_reopen",
    "rename_in_cii",
    "confirm",
    "revoke_or_sign",
)
MOVES = (
    *((name, ()) for name in ON_A_CASE),
    *(("mirror_by_hand", (facet,)) for facet in MIRRORS),
)
FAULTS: tuple[Step, ...] = tuple(
    (name, (operation,)) for name in ("lose", "cut", "refuse_connection") for operation in WRITES
)


@dataclass(frozen=True)
class Plan:
    """A history as it is to happen, under which settings."""

    steps: tuple[Step, ...]
    removes: bool
    auto: bool


def drawn(seed: int) -> Plan:
    """A few kinds of moves and faults, again and again: together they meet what a mixture of all would hardly meet.

    Drawn by Python's own generator: Hypothesis likes to repeat itself, and here every example should be another one.
    """
    chance = random.Random(seed)
    moves, faults = chance.sample(MOVES, 3), chance.sample(FAULTS, chance.randrange(3))
    indexes = chance.choice(((1,), INDEXES))
    known = [(name, (index, *rest)) for index in indexes for name, rest in moves]
    beginning = chance.choice(([], [NIGHT, SEND, NIGHT]))
    steps = chance.choices([NIGHT, SEND, *faults, *known], k=chance.randrange(4, 10))
    return Plan((*beginning, *steps), chance.random() < 0.5, chance.random() < 0.3)


@pytest.fixture(scope="module")
def shared(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all examples, emptied before each."""
    store = open_store(*copied(template, tmp_path_factory.mktemp("histories")), Clock(NOW))
    yield store
    store.engine.dispose()


def begin(store: Store, *, removes: bool, auto: bool) -> History:
    """A fresh history over an emptied store."""
    empty(store.engine)
    cii, plasta, mailer = StrictCii(), StrictPlasta(), StrictMailer()
    clock = store.clock
    assert isinstance(clock, Clock)
    clock.now = NOW
    world = World(store, clock, cii, plasta, mailer)
    world.switch(*EVERY_FLOW)
    world.rules(remove_keyword_on_closing=removes, reinsertion_auto=auto)
    history = History(world, cii, plasta, mailer)
    history.begin()
    return history


@settings(max_examples=60)
@given(st.integers(0, 2**64))
def test_everything_agrees_in_the_end_or_is_asked_and_nothing_is_lost_or_doubled(shared: Store, seed: int) -> None:
    plan = drawn(seed)
    if (wrong := happened(shared, plan)) != []:
        shortest = shortened(shared, plan)
        raise AssertionError(f"{wrong} after {shortest}")


def shortened(store: Store, plan: Plan) -> Plan:
    """The same history without every step that it goes wrong without, too."""
    for place in reversed(range(len(plan.steps))):
        shorter = replace(plan, steps=(*plan.steps[:place], *plan.steps[place + 1 :]))
        plan = shorter if happened(store, shorter) else plan
    return plan


def happened(store: Store, plan: Plan) -> list[str]:
    """What a history leaves behind that must not be: nothing, once the faults have ended and two nights passed."""
    history = begin(store, removes=plan.removes, auto=plan.auto)
    for name, arguments in plan.steps:
        getattr(history, name)(*arguments)
    for fakes in (history.cii, history.plasta, history.mailer):
        fakes.faults.clear()
    for _ in range(2):
        history.night()
        history.world.settle()
    wrong = disagreements(history) + history.cii.violations + history.plasta.violations + history.mailer.violations
    before = effects(history)
    last = history.world.night()
    history.world.settle()
    if (last.state, last.counts.get("wished", 0), effects(history)) != (RunState.DONE, 0, before):
        wrong.append("a further night did something")
    return wrong


def effects(history: History) -> int:
    """All that ever took effect."""
    return len(history.cii.written) + len(history.plasta.written) + len(history.mailer.taken)


def disagreements(history: History) -> list[str]:
    """What differs between the systems and nobody is asked about."""
    found: list[str] = []
    for index in INDEXES:
        one, her = history.cii.cases[history.case_id(index)], history.person(index)
        if not history.world.asked(one.case_id):
            found += [f"{one.case_id}: {what}" for what in differing(history, index, one, her)]
    return found


def differing(history: History, index: int, one: CaseFile, her: RegistryPerson) -> Iterator[str]:
    """What differs in one case, as far as a basis lets us compare it."""
    truth, current = history.truth(index), her.current()
    compared = MIRRORS if one.procurations else (Facet.REGISTRATION, Facet.KEYWORD_STATE)
    if one.procurations or one.coaching():
        for facet in compared:
            says = plasta_says(truth, facet)
            if says is not None and (says or None) != (cii_says(one, facet) or None):
                yield facet
        if current is not None and current.active and current.has_keyword is not (one.coaching() is not None):
            yield "keyword"
    if one.procurations and cii_says(one, Facet.IDENTITY) != plasta_says(truth, Facet.IDENTITY):
        yield "identity"
    told = {box.address for mail, box in history.mailer.taken if f".{one.case_id}." in mail.message_id}
    if one.reinsertion and not {"cii-office@vs.example", "coordinator-sion@vs.example"} <= told:
        yield "reinsertion"
