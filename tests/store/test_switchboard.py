"""The switchboard: observe until switched on, every change with its reason and author."""

from datetime import date, timedelta

import pytest

from domain.books import Bar
from domain.decision import Mode
from domain.facets import Facet, Target
from domain.intents import IntentKind
from store.switchboard import SqlSwitchboard
from store.transactions import Store
from tests.builders import NOW

HALT = Bar(Target.PLASTA, IntentKind.SET_KEYWORD, "keyword not in the catalogue", "dispatch", NOW, halted=True)


@pytest.fixture
def switches(store: Store) -> SqlSwitchboard:
    return SqlSwitchboard(store)


def test_nothing_is_switched_on_by_itself(switches: SqlSwitchboard) -> None:
    assert switches.modes() == {}
    assert switches.bars() == []


def test_a_mode_is_switched_on_and_off_with_a_reason(switches: SqlSwitchboard) -> None:
    on = Mode(active=True, since=date(2026, 11, 22))
    switches.set_mode(Facet.KEYWORD, Target.PLASTA, on, reason="pilot in Sion", by="m.rey", now=NOW)
    assert switches.modes() == {(Facet.KEYWORD, Target.PLASTA): on}

    later = NOW + timedelta(hours=1)
    switches.set_mode(Facet.KEYWORD, Target.PLASTA, Mode(), reason="pilot over", by="a.favre", now=later)

    assert switches.modes() == {(Facet.KEYWORD, Target.PLASTA): Mode()}
    assert [(one.at, one.what, one.about, one.reason, one.by) for one in switches.log()] == [
        (later, "mode observe", "keyword to plasta", "pilot over", "a.favre"),
        (NOW, "mode active", "keyword to plasta", "pilot in Sion", "m.rey"),
    ]


def test_a_halt_is_told_once(switches: SqlSwitchboard) -> None:
    assert switches.halt(HALT)
    assert not switches.halt(HALT)
    assert switches.bars() == [HALT]
    assert [one.what for one in switches.log()] == ["halt"]


def test_pausing_again_renews_the_reason(switches: SqlSwitchboard) -> None:
    switches.pause(Target.MAIL, reason="first", by="ops", now=NOW)
    switches.pause(Target.MAIL, reason="second", by="ops", now=NOW)

    assert [bar.reason for bar in switches.bars()] == ["second"]


def test_resuming_a_target_lifts_its_pauses_and_halts_only(switches: SqlSwitchboard) -> None:
    switches.pause(None, reason="all", by="ops", now=NOW)
    switches.pause(Target.PLASTA, reason="plasta", by="ops", now=NOW)
    switches.halt(HALT)
    switches.pause(Target.MAIL, reason="mail", by="ops", now=NOW)

    assert switches.resume(Target.PLASTA, reason="back", by="ops", now=NOW) == 2
    assert [bar.target for bar in switches.bars()] == [None, Target.MAIL]
    assert {one.about for one in switches.log() if one.what == "resume"} == {"plasta", "plasta set_keyword"}

    assert switches.resume(None, reason="all back", by="ops", now=NOW) == 2
    assert switches.bars() == []
    assert switches.resume(None, reason="again", by="ops", now=NOW) == 0


def test_a_halt_that_was_lifted_is_new_when_it_comes_back(switches: SqlSwitchboard) -> None:
    switches.halt(HALT)
    switches.resume(Target.PLASTA, reason="corrected", by="ops", now=NOW)

    assert switches.halt(HALT)
