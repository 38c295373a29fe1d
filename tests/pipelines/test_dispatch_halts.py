"""Dispatch stops where going on does harm: a wrong login, a dropped keyword, a person's pause; the rest goes on."""

from domain.errors import ContractBrokenError, CredentialsError, MisconfiguredError, SyncError
from domain.facets import Facet, Target
from domain.intents import IntentKind, IntentState, Outcome
from domain.work_items import Role, WorkItemKind
from pipelines.dispatch import dispatch
from tests.pipelines.world import WORKER, World, numbered

LOCKED = CredentialsError("the login was refused", system="plasta", code="AUTH_FEHLER")


def planned(world: World, count: int = 3) -> None:
    """Cases that each want a keyword in PLASTA and a mirrored registration in the CII software."""
    for index in range(1, count + 1):
        one, her = numbered(index)
        world.cii.put(one)
        world.plasta.put(her)
    world.night()
    world.plasta.faults.calls.clear()


def stands(world: World) -> set[tuple[Target | None, IntentKind | None, bool]]:
    """The bars that stand."""
    return {(bar.target, bar.kind, bar.halted) for bar in world.needs.switches.bars()}


def waiting(world: World, kind: IntentKind) -> set[tuple[IntentState, int]]:
    """State and counted tries of all intents of a kind."""
    return {(one.state, one.attempts) for one in world.intents(kind=kind)}


def test_f36_a_wrong_login_is_tried_once_and_nothing_more_goes_to_that_target(world: World) -> None:
    planned(world)
    world.plasta.faults.fail("keyword", LOCKED, times=10)
    world.send()
    assert world.plasta.faults.calls.total() == 1, "three waited in the same round"
    assert stands(world) == {(Target.PLASTA, None, True)}
    assert waiting(world, IntentKind.SET_KEYWORD) == {(IntentState.READY, 0)}, "not their fault"
    assert waiting(world, IntentKind.WRITE_BACK) == {(IntentState.DONE, 1)}, "the CII software goes on"
    assert dispatch(world.needs, WORKER).claimed == 0


def test_a_halt_is_told_to_operations_once_and_lifted_by_a_person(world: World) -> None:
    planned(world)
    world.plasta.faults.fail("keyword", LOCKED)
    world.send()
    world.night()
    (item,) = [one for one in world.items() if one.ask.kind is WorkItemKind.TARGET_HALTED]
    assert (item.ask.role, item.ask.about) == (Role.OPS, "the login was refused")
    assert world.needs.switches.resume(Target.PLASTA, reason="unlocked", by="test", now=world.clock()) == 1
    world.settle()
    assert len(world.plasta.written) == 3


def test_f48_a_keyword_dropped_under_ok_halts_this_kind_of_write_at_the_first(world: World) -> None:
    planned(world)
    world.plasta.drops_keyword = True
    world.send()
    assert len(world.plasta.written) == 1, "a fault of the catalogue is the same for every case"
    assert stands(world) == {(Target.PLASTA, IntentKind.SET_KEYWORD, True)}
    codes = {one.last_code for one in world.intents(kind=IntentKind.SET_KEYWORD)}
    assert "dropped_under_ok" in codes
    assert world.asked() == [WorkItemKind.TARGET_HALTED]


def test_f48_after_the_catalogue_is_corrected_every_keyword_is_set_once(world: World) -> None:
    planned(world)
    world.plasta.drops_keyword = True
    world.send()
    world.plasta.drops_keyword = False
    world.plasta.written.clear()
    world.needs.switches.resume(Target.PLASTA, reason="catalogue corrected", by="test", now=world.clock())
    world.settle()
    assert sorted(world.plasta.written) == [("add_keyword", f"AD00000{index}") for index in (1, 2, 3)]


def test_a_halted_kind_leaves_the_other_kinds_of_its_target_alone(world: World) -> None:
    planned(world)
    world.rules(registration_enabled=True)
    missing, _ = numbered(4)
    world.cii.put(missing)
    world.plasta.faults.fail("keyword", MisconfiguredError("not in the catalogue"), times=10)
    world.night()
    world.send()
    assert ("request_registration", "VSO10") in world.plasta.written


def test_every_family_that_stops_a_target_stops_it(world: World) -> None:
    errors: list[SyncError] = [ContractBrokenError("another contract"), CredentialsError("locked")]
    planned(world, 1)
    for error in errors:
        world.plasta.faults.fail("keyword", error)
        assert dispatch(world.needs, WORKER).outcomes[Outcome.HALTED] == 1
        assert stands(world) == {(Target.PLASTA, None, True)}
        world.needs.switches.resume(Target.PLASTA, reason="mended", by="test", now=world.clock())


def test_a_paused_target_gets_nothing_keeps_its_place_and_goes_on(world: World) -> None:
    planned(world)
    world.needs.switches.pause(Target.PLASTA, reason="test", by="test", now=world.clock())
    world.send()
    assert world.plasta.faults.calls == {}
    assert len(world.cii.written) == 3, "the others go on"
    world.needs.switches.resume(Target.PLASTA, reason="test", by="test", now=world.clock())
    world.send()
    assert len(world.plasta.written) == 3


def test_a_pause_of_everything_stops_every_target(world: World) -> None:
    planned(world)
    world.needs.switches.pause(None, reason="test", by="test", now=world.clock())
    assert world.send() == {}
    assert (world.plasta.written, world.cii.written) == ([], [])


def test_a_flow_switched_back_to_observe_sends_nothing_that_waits_and_comes_back(world: World) -> None:
    planned(world, 1)
    world.switch((Facet.KEYWORD, Target.PLASTA), active=False)
    world.send()
    assert waiting(world, IntentKind.SET_KEYWORD) == {(IntentState.OVERTAKEN, 1)}
    world.switch((Facet.KEYWORD, Target.PLASTA))
    world.night()
    world.settle()
    assert world.plasta.written == [("add_keyword", "AD000001")]
