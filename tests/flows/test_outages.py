"""A target away for a while, on a clock of our own and with the settings as installed: nothing lost, nothing doubled.

It is knocked at by one probe at a time, and everything that waited goes at once when it answers again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import UnavailableError
from domain.facets import Target
from domain.intents import IntentKind, IntentState
from domain.people import CaseId, PersonalNumber, RegistrationId
from domain.registrations import KeywordState
from pipelines.needs import Pace, silent
from scheduler.sending import send_all
from store.intent_book import SqlIntentBook
from store.opening import open_store, prepare
from tests.builders import NOW, beneficiary, case, person, registration
from tests.fakes import Clock, FakePlasta
from tests.pipelines.world import EVERY_FLOW, World

CASES = 300


@dataclass
class AwayPlasta(FakePlasta):
    """PLASTA that refuses every connection for a while."""

    clock: Callable[[], datetime] = field(default_factory=Clock)
    away_until: datetime = NOW
    refused: int = 0

    def keyword(self, registration_id: RegistrationId) -> KeywordState:
        """Nobody there, or as it stands."""
        if self.clock() < self.away_until:
            self.refused += 1
            raise UnavailableError("no connection", system="plasta", operation="keyword")
        return super().keyword(registration_id)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    """Keywords to be set in many cases, applied and due; every pace as installed."""
    clock = Clock(NOW)
    url, key_file = f"sqlite:///{tmp_path / 'cii.db'}", tmp_path / "cii.key"
    prepare(url, key_file, clock)
    store = open_store(url, key_file, clock)
    world = World(store, clock)
    world.switch(*EVERY_FLOW)
    plasta = AwayPlasta(clock=world.clock)
    for number in range(CASES):
        one = PersonalNumber(f"2{number:07d}")
        registered = registration(registration_id=RegistrationId(f"AD{number:06d}"), has_keyword=False)
        plasta.put(person(registered, personal_number=one, avs_number=None))
        who = beneficiary(personal_number=one, avs_number=None)
        world.cii.put(case(case_id=CaseId(f"CII-2026-{number:06d}"), beneficiary=who, mirror={}))
    world.plasta = plasta
    world.needs = replace(world.needs, plasta=plasta, intents=SqlIntentBook(world.store), pace=Pace())
    world.night()
    yield world
    store.engine.dispose()


@pytest.mark.parametrize("away", [timedelta(seconds=60), timedelta(seconds=300), timedelta(seconds=600)])
def test_f42_an_outage_loses_and_doubles_nothing_and_is_made_up_for_at_once(busy: World, away: timedelta) -> None:
    plasta = busy.plasta
    assert isinstance(plasta, AwayPlasta)
    plasta.away_until = busy.clock() + away
    send_all(busy.needs, "one", away / 2, silent, busy.clock.wait)
    back = plasta.away_until
    assert plasta.written == []
    assert plasta.refused < 60 + away.total_seconds() / 5, "a target that is away is not hammered"
    sent = send_all(busy.needs, "one", timedelta(minutes=15), silent, busy.clock.wait)
    assert sent.waiting == 0
    assert len(plasta.written) == len(set(plasta.written)) == CASES
    assert busy.intents(IntentState.PARKED) == []
    done = [
        busy.needs.intents.attempts(one.intent_id)[-1].ended_at for one in busy.intents(kind=IntentKind.SET_KEYWORD)
    ]
    last = max(instant for instant in done if instant is not None)
    assert last - back <= timedelta(seconds=20), "half-open probe, then full speed"


def test_f43_while_one_target_is_away_the_others_are_served(busy: World) -> None:
    plasta = busy.plasta
    assert isinstance(plasta, AwayPlasta)
    plasta.away_until = busy.clock() + timedelta(hours=6)
    send_all(busy.needs, "one", timedelta(seconds=30), silent, busy.clock.wait)
    assert len(busy.cii.written) == CASES, "every mirror was written meanwhile"
    assert Target.PLASTA in {one.wish.target for one in busy.intents(IntentState.READY)}
