"""Random histories of two cases: whatever people do and whatever gets lost, everything agrees in the end or is asked.

Moves on either side of any facet, nights, lost and cut answers, in any order; then the faults end, and two nights pass.
"""

from collections.abc import Iterator
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
ON_A_WRITE = ("lose", "cut", "refuse_connection")

Step = tuple[str, tuple[object, ...]]

steps = st.one_of(
    st.tuples(st.just("night"), st.just(())),
    st.tuples(st.just("send"), st.just(())),
    st.tuples(st.sampled_from(ON_A_CASE), st.tuples(st.sampled_from(INDEXES))),
    st.tuples(st.just("mirror_by_hand"), st.tuples(st.sampled_from(INDEXES), st.sampled_from(MIRRORS))),
    st.tuples(st.sampled_from(ON_A_WRITE), st.tuples(st.sampled_from(WRITES))),
)


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


@settings(max_examples=40)
@given(st.lists(steps, max_size=10), st.booleans(), st.booleans())
def test_everything_agrees_in_the_end_or_is_asked_and_nothing_is_lost_or_doubled(
    shared: Store, taken: list[Step], removes: bool, auto: bool
) -> None:
    history = begin(shared, removes=removes, auto=auto)
    for name, arguments in taken:
        getattr(history, name)(*arguments)
    for fakes in (history.cii, history.plasta, history.mailer):
        fakes.faults.clear()
    for _ in range(2):
        history.night()
        history.world.settle()
    assert disagreements(history) == []
    assert history.cii.violations + history.plasta.violations + history.mailer.violations == []
    before = effects(history)
    last = history.world.night()
    history.world.settle()
    assert (last.state, last.counts.get("wished", 0), effects(history)) == (RunState.DONE, 0, before)


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
