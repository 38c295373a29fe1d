"""The commands over the real store: a replay is decided on again, and old work never reverts a newer state (F74)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from console.records import Records
from domain.cases import CaseFile
from domain.consent_terms import SHIPPED_STATUTES
from domain.errors import RefusedError
from domain.facets import Facet
from domain.intents import IntentKind, IntentState
from domain.people import CaseId
from domain.registrations import Deregistration, Registration
from domain.work_items import WorkItemKind
from pipelines.needs import Needs
from scheduler.runner import Runner
from store.opening import open_store, prepare
from tests.builders import NOW, TODAY, coaching
from tests.console.conftest import Command
from tests.console.fakes import FakeDoors, FakeHouse
from tests.fakes import Clock
from tests.pipelines.world import EVERY_FLOW, World, numbered

CAUSE = ("--cause", "plasta/set_keyword/422")
REASON = ("--reason", "the catalogue is corrected")
SET = IntentKind.SET_KEYWORD
WEEK = timedelta(days=7)


@dataclass
class WorldHouse:
    """Implements ``console.doors.House`` over a world."""

    world: World

    @property
    def needs(self) -> Needs:
        return self.world.needs

    @property
    def runner(self) -> Runner:
        raise NotImplementedError

    @property
    def records(self) -> Records:
        raise NotImplementedError


@pytest.fixture
def world(doors: FakeDoors, tmp_path: Path) -> Iterator[World]:
    """Three cases whose keyword PLASTA refuses on the first night, for one cause; the doors lead there."""
    url, clock = f"sqlite:///{tmp_path / 'cii.db'}", Clock(NOW)
    prepare(url, tmp_path / "cii.key", clock)
    store = open_store(url, tmp_path / "cii.key", clock)
    made = World(store, clock)
    made.switch(*EVERY_FLOW)
    made.rules(statutes=tuple(one for one in SHIPPED_STATUTES if one.reference == "cii-convention"))
    for number in (1, 2, 3):
        file, registered = numbered(number)
        made.cii.put(file)
        made.plasta.put(registered)
    made.plasta.faults.fail("add_keyword", RefusedError("no", system="plasta", code="422"), times=3)
    made.night()
    made.settle()
    doors.inside = cast("FakeHouse", WorldHouse(made))
    yield made
    store.engine.dispose()


def case_id(number: int) -> CaseId:
    return CaseId(f"CII-2026-00000{number}")


def keyword_states(world: World) -> dict[CaseId, IntentState]:
    """Where the keyword of each case stands."""
    return {one.wish.case_id: one.state for one in world.intents(kind=SET)}


def closed(one: CaseFile) -> CaseFile:
    """Procedure C ends: the keyword is not wanted any more."""
    return replace(one, procedures=(coaching("closed", TODAY),))


def revoked(one: CaseFile) -> CaseFile:
    """The person takes every procuration back."""
    return replace(one, procurations=tuple(replace(paper, revoked_on=TODAY) for paper in one.procurations))


def stored(world: World, change: Callable[[CaseFile], CaseFile], number: int) -> None:
    """Somebody changes a case, and we have read it."""
    world.change_case(change, case_id(number))
    world.needs.cases.save_case(world.cii.cases[case_id(number)], world.clock())


def test_a_cause_is_listed_previewed_offered_and_sent_once(
    world: World, cli: Command, read: Callable[..., Any]
) -> None:
    (cause,) = read("causes")["causes"]
    assert (cause["count"], cause["state"], cause["retry"]) == (3, "parked", CAUSE[1])
    preview = read("retry", *CAUSE)
    assert preview["would_not_go"] == {}

    batch = read("retry", *CAUSE, "--yes", "--pinned", preview["pinned"], *REASON)
    world.settle()

    assert len(batch["done"]) == 3
    assert sorted(world.plasta.written) == [("add_keyword", f"AD00000{number}") for number in (1, 2, 3)]
    assert read("causes")["total"] == 0
    assert world.asked() == []
    cli("retry", *CAUSE, "--yes", "--pinned", preview["pinned"], *REASON)
    world.settle()
    assert len(world.plasta.written) == 3, "pressed twice is once"


def test_f74_what_changed_since_is_told_before_and_respected_after(world: World, read: Callable[..., Any]) -> None:
    world.clock.now += WEEK
    stored(world, closed, 1)
    stored(world, revoked, 2)

    preview = read("retry", *CAUSE)
    assert (preview["count"], preview["would_not_go"]) == (3, {"not_wanted": 1, "no_basis": 1})
    read("retry", *CAUSE, "--yes", "--pinned", preview["pinned"], *REASON)
    world.settle()

    assert world.plasta.written == [("add_keyword", "AD000003")]
    assert keyword_states(world) == {
        case_id(1): IntentState.OVERTAKEN,
        case_id(2): IntentState.PARKED,
        case_id(3): IntentState.DONE,
    }
    assert [one["family"] for one in read("causes")["causes"]] == ["consent"]


@pytest.mark.parametrize("restored", [False, True])
def test_a_week_old_intent_never_reverts_a_newer_state(world: World, cli: Command, *, restored: bool) -> None:
    (old,) = (one for one in world.intents(kind=SET) if one.wish.case_id == case_id(1))
    world.clock.now += WEEK

    def moved(one: Registration) -> Registration:
        return replace(one, active=False, has_keyword=False, deregistration=Deregistration(TODAY, True, "STELLE", "9"))

    world.change_registration(moved)
    world.night()
    world.settle()
    newer = world.mirrored(Facet.REGISTRATION, case_id(1))
    if restored:
        assert cli("withdraw", old.intent_id, *REASON).exit_code == 0
        assert cli("restore", old.intent_id, *REASON).exit_code == 0

    assert cli("retry", old.intent_id).exit_code == 0
    world.settle()

    assert keyword_states(world)[case_id(1)] is IntentState.OVERTAKEN
    assert world.plasta.written == []
    assert world.mirrored(Facet.REGISTRATION, case_id(1)) == newer
    assert newer is not None
    assert newer["status"] != "registered"


def test_a_week_old_mirror_is_overtaken_by_the_newer_one(world: World, cli: Command) -> None:
    refusal = RefusedError("no", system="cii", code="400")
    world.cii.faults.fail("write_mirror", refusal)
    world.change_registration(lambda one: replace(one, office="VSP10"))
    world.night()
    world.settle()
    (old,) = (one for one in world.intents(IntentState.PARKED) if one.wish.kind is IntentKind.WRITE_BACK)
    world.clock.now += WEEK
    world.change_registration(lambda one: replace(one, office="VSM10"))
    world.night()
    world.settle()

    assert cli("retry", old.intent_id).exit_code == 0
    world.settle()

    shown = world.mirrored(Facet.REGISTRATION, case_id(1))
    assert shown is not None
    assert shown["office"] == "VSM10"
    written = [
        value["office"] for case, facet, value in world.cii.written if (case, facet) == (case_id(1), "registration")
    ]
    assert "VSP10" not in written
    found = world.needs.intents.find(old.intent_id)
    assert found is not None
    assert found.state is IntentState.OVERTAKEN


def test_what_is_withdrawn_is_never_sent_and_the_next_night_respects_it(world: World, cli: Command) -> None:
    (one,) = (one for one in world.intents(kind=SET) if one.wish.case_id == case_id(1))

    assert cli("withdraw", one.intent_id, *REASON).exit_code == 0
    world.clock.now += WEEK
    world.night()
    world.settle()

    assert world.plasta.written == []
    assert keyword_states(world)[case_id(1)] is IntentState.WITHDRAWN
    assert WorkItemKind.LOOK_AT_PARKED not in world.asked(case_id(1))
    assert cli("restore", one.intent_id, *REASON).exit_code == 0
    assert world.asked(case_id(1)) == [WorkItemKind.LOOK_AT_PARKED]
    assert cli("retry", one.intent_id).exit_code == 0
    world.settle()
    assert world.plasta.written == [("add_keyword", "AD000001")]
    assert world.asked(case_id(1)) == []
