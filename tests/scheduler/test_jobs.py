"""What a worker does with each kind of message, without a broker; and each of them twice is once (F20)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from domain.books import RunState
from domain.cases import Reinsertion, TeamRole
from domain.errors import UnavailableError
from domain.facets import Target
from domain.intents import IntentKind, IntentState
from domain.ports import CasePage
from domain.work_items import WorkItemKind
from pipelines import nightly_reconcile, registration_check
from scheduler.jobs import RING_AT_ONCE
from scheduler.schedule import AGAIN_AFTER, SILENCE
from scheduler.signs import with_signs_of_life
from tests.builders import CASE_ID, NOW, case, person
from tests.fakes import FakeCii, nothing
from tests.pipelines.world import World, numbered
from tests.scheduler.fakes import Rung, deliver, jobs_of

REPEATED = pytest.mark.parametrize("times", [1, 2, 3])


@REPEATED
def test_a_nightly_is_planned_applied_and_sent(keyword_missing: World, times: int) -> None:
    world, rung = keyword_missing, Rung()
    jobs = jobs_of(world, rung)
    run = nightly_reconcile.start("nightly", NOW, world.needs)
    assert run is not None
    for _ in range(times):
        jobs.nightly_whole(run.run_id)
    deliver(jobs, rung)

    found = world.needs.runs.find(run.run_id)
    assert found is not None
    assert found.state is RunState.DONE
    assert world.plasta.written == [("add_keyword", "AD000001")]
    assert len(world.cii.written) == len({(case_id, facet) for case_id, facet, _ in world.cii.written})


@REPEATED
def test_a_plan_waits_until_it_is_applied(keyword_missing: World, times: int) -> None:
    world, rung = keyword_missing, Rung()
    jobs = jobs_of(world, rung)
    run = nightly_reconcile.start("nightly", NOW, world.needs)
    assert run is not None
    for _ in range(times):
        jobs.nightly_plan(run.run_id)
    deliver(jobs, rung)
    assert world.plasta.written == []
    found = world.needs.runs.find(run.run_id)
    assert found is not None
    assert found.state is RunState.PLANNED

    for _ in range(times):
        jobs.nightly_apply(run.run_id)
    deliver(jobs, rung)
    assert world.plasta.written == [("add_keyword", "AD000001")]


@dataclass
class Interrupted(FakeCii):
    """The CII software; while it is read, something else happens."""

    meanwhile: Callable[[], None] = nothing
    reads: int = 0

    def changes(self, since: str | None) -> Iterator[CasePage]:
        self.reads += 1
        self.meanwhile()
        yield from super().changes(since)


def test_a_redelivered_plan_is_left_to_whoever_has_it(keyword_missing: World) -> None:
    """The first delivery is still at work (its channel was closed, F22), or its worker is dead: nobody can tell."""
    world, rung = keyword_missing, Rung()
    run = nightly_reconcile.start("nightly", NOW, world.needs)
    assert run is not None
    elsewhere = jobs_of(world, rung, "two")
    cii = Interrupted(cases=world.cii.cases, meanwhile=lambda: elsewhere.nightly_whole(run.run_id))
    world.needs = replace(world.needs, cii=cii)
    elsewhere = jobs_of(world, rung, "two")
    jobs_of(world, rung, "one").nightly_whole(run.run_id)

    assert cii.reads == 1, "the second did not read beside the first"
    found = world.needs.runs.find(run.run_id)
    assert found is not None
    assert found.state is RunState.DONE


def test_a_run_whose_worker_died_is_noticed_and_made_anew_once(keyword_missing: World) -> None:
    world, rung = keyword_missing, Rung()
    jobs = jobs_of(world, rung)
    jobs.clock_tick()
    (handed,) = rung.handed
    dead = handed[1]
    rung.handed.clear()  # the message is lost with its worker

    world.clock.wait(SILENCE.total_seconds() - 1)
    jobs.clock_tick()
    assert rung.handed == [], "it may be alive still"

    world.clock.wait(2)
    jobs.clock_tick()
    jobs_of(world, rung, "two").clock_tick()
    assert [task for task, _ in rung.handed] == ["nightly.whole"]
    deliver(jobs, rung)
    jobs.nightly_whole(dead)
    deliver(jobs, rung)

    assert [one.state for one in world.needs.runs.listed()] == [RunState.DONE, RunState.FAILED]
    assert world.plasta.written == [("add_keyword", "AD000001")]


def test_a_long_decision_is_a_sign_of_life(keyword_missing: World) -> None:
    """Each chunk takes nearly as long as a silence may last; another nightly must not start meanwhile."""
    world = keyword_missing
    for index in range(2, 7):
        filed, registered = numbered(index)
        world.cii.put(filed)
        world.plasta.put(registered)
    world.pace(chunk=1)
    run = nightly_reconcile.start("nightly", NOW, world.needs)
    assert run is not None
    stages: list[str] = []

    def slowly(stage: str, done: int, total: int | None) -> None:
        stages.append(stage)
        world.clock.wait(SILENCE.total_seconds() - 1)
        assert world.needs.runs.open("nightly", world.clock(), world.clock()) is None

    planned = nightly_reconcile.plan(run, world.needs, with_signs_of_life(run, world.needs, slowly))

    assert stages.count("decide") > 2
    assert planned.state is RunState.PLANNED
    assert planned.counts["seen"] == 6


def test_f12_two_clocks_start_one_nightly_and_the_next_one_the_next_day(keyword_missing: World) -> None:
    world, rung = keyword_missing, Rung()
    for worker in ("one", "two", "one", "two"):
        jobs_of(world, rung, worker).clock_tick()
        world.clock.wait(20)
    assert len(rung.handed) == 1
    deliver(jobs_of(world, rung), rung)
    jobs_of(world, rung).clock_tick()
    assert rung.handed == []

    world.clock.wait(timedelta(days=1).total_seconds())
    jobs_of(world, rung).clock_tick()
    jobs_of(world, rung, "two").clock_tick()
    assert len(rung.handed) == 1


def test_a_night_that_failed_is_made_again_an_hour_later(keyword_missing: World) -> None:
    world, rung = keyword_missing, Rung()
    world.cii.faults.fail("changes", UnavailableError("away", system="cii"))
    jobs = jobs_of(world, rung)
    jobs.clock_tick()
    deliver(jobs, rung)
    assert [one.state for one in world.needs.runs.listed()] == [RunState.FAILED]
    jobs.clock_tick()
    assert rung.handed == []

    world.clock.wait(AGAIN_AFTER.total_seconds())
    jobs.clock_tick()
    deliver(jobs, rung)
    assert [one.state for one in world.needs.runs.listed()] == [RunState.DONE, RunState.FAILED]
    assert world.plasta.written == [("add_keyword", "AD000001")]


@REPEATED
def test_a_check_is_answered_once(keyword_missing: World, times: int) -> None:
    world, rung = keyword_missing, Rung()
    jobs = jobs_of(world, rung)
    accepted = registration_check.accept("M1", CASE_ID, "test", world.needs)
    for _ in range(times):
        jobs.check_run(accepted.request.message_id)
    deliver(jobs, rung)

    request = world.needs.inbox.find("M1")
    assert request is not None
    assert request.answer is not None
    assert request.answer["answer"] == "keyword_set"
    assert world.plasta.written == [("add_keyword", "AD000001")]


def test_a_check_that_nobody_accepted_does_nothing(world: World) -> None:
    jobs_of(world, Rung()).check_run("M-unknown")

    assert world.plasta.asked == []


@REPEATED
def test_a_notice_sends_each_reinsertion_mail_once(world: World, times: int) -> None:
    world.cii.put(case(reinsertion=Reinsertion(NOW.date(), TeamRole.ORP_RESPONDENT)))
    world.plasta.put(person())
    rung = Rung()
    jobs = jobs_of(world, rung)
    for _ in range(times):
        jobs.notice_run(CASE_ID)
    deliver(jobs, rung)

    to = sorted(box.address for _, box in world.mailer.taken)
    assert to == ["cii-office@vs.example", "coordinator-sion@vs.example"]
    assert len({mail.message_id for mail, _ in world.mailer.taken}) == 1


@REPEATED
def test_ids_are_sent_once_and_what_follows_is_rung_for(keyword_missing: World, times: int) -> None:
    world, rung = keyword_missing, Rung()
    world.night()
    ids = [one.intent_id for one in world.intents(IntentState.READY, kind=IntentKind.SET_KEYWORD)]
    jobs = jobs_of(world, rung)
    for _ in range(times):
        jobs.dispatch_run(ids)

    assert world.plasta.written == [("add_keyword", "AD000001")]
    assert rung.ids(Target.CII), "the keyword's mirror follows from the keyword"
    deliver(jobs, rung)
    assert world.intents(IntentState.READY) == []


def test_what_follows_is_rung_for_and_nobody_elses_work(world: World) -> None:
    """Each chunk ringing for the whole backlog would be a storm that grows with its square."""
    for index in range(1, 7):
        case, registered = numbered(index)
        world.cii.put(case)
        world.plasta.put(registered)
    world.night()
    one = world.intents(IntentState.READY, kind=IntentKind.SET_KEYWORD)[0]
    rung = Rung()
    jobs_of(world, rung).dispatch_run([one.intent_id])

    rung_for = {
        intent.wish.case_id
        for _, ids in rung.rings
        for intent_id in ids
        if (intent := world.needs.intents.find(intent_id)) is not None
    }
    assert rung_for == {one.wish.case_id}


def test_the_sweep_rings_for_what_is_due_by_target_in_chunks(world: World) -> None:
    for index in range(1, 7):
        case, registered = numbered(index)
        world.cii.put(case)
        world.plasta.put(registered)
    world.night()
    rung = Rung()
    jobs_of(world, rung).dispatch_sweep()

    due = world.needs.intents.due(world.clock(), 1000)
    assert {target: sorted(rung.ids(target)) for target in due} == {target: sorted(ids) for target, ids in due.items()}
    assert all(0 < len(ids) <= RING_AT_ONCE for _, ids in rung.rings)


def test_f3_a_check_that_nobody_heard_of_is_handed_out_again_until_it_is_answered(keyword_missing: World) -> None:
    world, rung = keyword_missing, Rung()
    jobs = jobs_of(world, rung)
    registration_check.accept("M1", CASE_ID, "test", world.needs)
    jobs.dispatch_sweep()
    assert rung.handed == [], "its own message is still on its way"

    world.clock.wait(61)
    jobs.dispatch_sweep()
    jobs.dispatch_sweep()
    assert rung.handed == [("check.run", "M1")] * 2
    deliver(jobs, rung)
    jobs.dispatch_sweep()
    assert rung.handed == []
    assert world.plasta.written == [("add_keyword", "AD000001")]


def test_f8_what_a_dead_worker_held_is_taken_by_another_after_the_lease(keyword_missing: World) -> None:
    world, rung = keyword_missing, Rung()
    world.night()
    claims = world.needs.intents.claim(world.clock(), world.needs.pace.lease, 10, "dead")
    assert claims
    jobs = jobs_of(world, rung, "two")
    jobs.dispatch_sweep()
    deliver(jobs, rung)
    assert world.plasta.written == []

    world.clock.wait(world.needs.pace.lease.total_seconds() + 1)
    jobs.dispatch_sweep()
    deliver(jobs, rung)
    assert world.plasta.written == [("add_keyword", "AD000001")]
    assert WorkItemKind.SETTLE_UNKNOWN not in world.asked()
