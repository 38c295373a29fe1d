"""The nightly's way through the CII software's changes: cursor, overlap, bad records, and the other side away."""

import pytest

from domain.books import RunState
from domain.errors import ContractBrokenError, CredentialsError, MisconfiguredError, UnavailableError
from domain.facets import System, Target
from domain.people import CaseId
from domain.ports import BadRecord
from domain.work_items import Role, WorkItemKind
from pipelines.nightly_reconcile import NIGHTLY, start
from tests.builders import case, person
from tests.pipelines.world import World, numbered

BAD = BadRecord("cii", "CII-2026-000009", "beneficiary.avsNumber", "ends with another check digit", b"{}")
AWAY = UnavailableError("away", system="cii", operation="listCases")


def filled(world: World, count: int) -> None:
    """Cases that agree in everything but the keyword, two on a page."""
    world.cii.page_size = 2
    for index in range(1, count + 1):
        one, her = numbered(index)
        world.cii.put(one)
        world.plasta.put(her)


def known(world: World) -> list[CaseId]:
    """The cases that we hold."""
    every = [CaseId(f"CII-2026-00000{index}") for index in range(1, 10)]
    return sorted(world.needs.cases.facts(every))


def test_the_cursor_stays_one_page_behind_and_a_change_committed_late_is_not_missed(world: World) -> None:
    filled(world, 4)
    world.night()
    assert world.needs.cases.cursor(System.CII) == "2"
    late, _ = numbered(5)
    world.cii.cases[late.case_id] = late
    world.cii.log.insert(3, late.case_id)
    assert world.night().counts["renewed"] >= 1
    assert world.cii.asked_since == [None, "2"]
    assert late.case_id in known(world)


def test_the_overlap_moves_on_with_the_pages(world: World) -> None:
    filled(world, 4)
    world.night()
    world.night()
    assert world.needs.cases.cursor(System.CII) == "2"
    world.cii.put(*(numbered(index)[0] for index in (5, 6)))
    world.night()
    assert world.needs.cases.cursor(System.CII) == "4"


def test_without_an_overlap_every_page_is_read_once(world: World) -> None:
    filled(world, 4)
    world.rules(overlap_pages=0)
    world.night()
    assert world.needs.cases.cursor(System.CII) == "4"
    assert world.night().counts.get("seen", 0) == 0


def test_f44_a_page_that_fails_leaves_the_pages_before_it_stored_and_the_next_night_goes_on(world: World) -> None:
    filled(world, 4)
    world.rules(overlap_pages=0)
    world.cii.faults.fail("changes", AWAY, later=1)
    assert world.night().state is RunState.FAILED
    assert (known(world), world.needs.cases.cursor(System.CII)) == (["CII-2026-000001", "CII-2026-000002"], "2")
    assert world.night().state is RunState.DONE
    assert len(known(world)) == 4
    assert world.cii.asked_since == [None, "2"]


def test_an_unchanged_case_read_again_is_not_written_again(world: World) -> None:
    filled(world, 1)
    world.night()
    world.settle()
    world.night()
    again = world.night()
    assert again.counts["seen"] >= 1
    assert (again.counts["renewed"], again.counts.get("decided", 0)) == (0, 0)


def test_without_the_cii_software_the_run_fails_and_nothing_is_asked_or_decided(world: World) -> None:
    world.cii.put(case())
    world.plasta.put(person())
    world.cii.faults.fail("changes", AWAY)
    run = world.night()
    assert (run.state, run.message) == (RunState.FAILED, "cii.listCases: away")
    assert world.plasta.faults.calls == {}
    assert "decided" not in run.counts


def test_a_halted_cii_software_is_not_even_asked(world: World) -> None:
    world.cii.faults.fail("changes", CredentialsError("locked", system="cii"))
    assert world.night().state is RunState.FAILED
    second = world.night()
    assert world.cii.faults.calls["changes"] == 1
    assert "halted since" in second.message
    assert world.asked() == [WorkItemKind.TARGET_HALTED], "told once"
    world.needs.switches.resume(Target.CII, reason="unlocked", by="test", now=world.clock())
    assert world.night().state is RunState.DONE


def test_a_bad_record_is_told_once_and_taken_back_when_it_can_be_read(world: World) -> None:
    world.cii.bad.append(BAD)
    filled(world, 1)
    assert world.night().counts["quarantined"] == 1
    world.night()
    (item,) = [one for one in world.items() if one.ask.kind is WorkItemKind.CORRECT_RECORD]
    assert (item.ask.case_id, item.ask.role) == (BAD.reference, Role.OFFICE)
    assert "beneficiary.avsNumber: ends with another check digit" in item.ask.about
    world.cii.bad.clear()
    world.cii.put(numbered(9)[0])
    world.night()
    assert WorkItemKind.CORRECT_RECORD not in world.asked()


def test_a_bad_record_does_not_touch_the_others(world: World) -> None:
    world.cii.bad.append(BAD)
    filled(world, 2)
    world.night()
    world.settle()
    assert len(world.plasta.written) == 2


def test_a_fault_in_the_program_is_recorded_as_failed_and_raised(world: World) -> None:
    def break_down() -> None:
        raise RuntimeError("a fault of ours")

    world.cii.faults.meanwhile("changes", break_down)
    with pytest.raises(RuntimeError):
        world.night()
    (run,) = world.needs.runs.listed()
    assert (run.state, run.message) == (RunState.FAILED, "stopped by a fault in the program; the log has it")
    world.clock.wait(1)
    assert world.night().state is RunState.DONE


def test_a_fault_of_the_settings_met_on_the_way_to_plasta_is_no_absence_of_plasta(world: World) -> None:
    world.cii.put(case())
    world.plasta.faults.fail("feed", MisconfiguredError("names no region of the registry", system="config"))
    run = world.night()
    assert (run.state, run.message) == (RunState.FAILED, "config: names no region of the registry")


def test_the_same_run_is_opened_once_and_no_other_beside_it(world: World) -> None:
    due = world.clock()
    assert start(NIGHTLY, due, world.needs) is not None
    assert start(NIGHTLY, due, world.needs) is None
    world.clock.wait(1)
    assert start(NIGHTLY, world.clock(), world.needs) is None, "the first one is still running"


def test_a_broken_contract_of_plasta_halts_it_once_and_the_night_goes_on(world: World) -> None:
    world.cii.put(case())
    world.plasta.faults.fail("feed", ContractBrokenError("another contract", system="plasta"))
    first, second = world.night(), world.night()
    assert (first.state, second.state) == (RunState.DONE, RunState.DONE)
    assert world.plasta.faults.calls["feed"] == 1
    assert world.asked() == [WorkItemKind.TARGET_HALTED]
