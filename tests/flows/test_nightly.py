"""The nightly over real HTTP, SOAP and SMTP, held against the population's own expectation, case by case."""

from datetime import timedelta

from domain.books import Run, RunState
from pipelines.needs import silent
from sandbox.serve import Sandbox
from scheduler.bootstrap import House, utc_now
from scheduler.runner import NightlyOrder
from tests.flows.counting import doubled, happened

PATIENCE = timedelta(seconds=60)


def night(house: House, *, apply: bool = True) -> Run:
    """A nightly with everything that follows from it sent."""
    run = house.runner.nightly(NightlyOrder(utc_now(), apply=apply), silent)
    assert run is not None
    if apply:
        assert house.runner.send(PATIENCE, silent).waiting == 0
    return run


def effects(sandbox: Sandbox) -> int:
    """All that ever happened at the stand-ins."""
    return sum(len(one.ledger.effects()) for one in (sandbox.cii, sandbox.plasta, sandbox.mailbox))


def assert_as_expected(house: House, sandbox: Sandbox) -> None:
    """Every case ended as its scenario says, no more and no less."""
    told = happened(house, sandbox)
    for case_id, scenario in sandbox.population.expected.scenario_of.items():
        expected, real = sandbox.population.expected.of(case_id), told.get(case_id)
        found = (
            (real.keyword_set, sorted(real.write_backs), len(real.mails), sorted(real.work_items))
            if real
            else (0, [], 0, [])
        )
        wanted = (
            expected.keyword_set,
            sorted(expected.write_backs),
            expected.mails,
            sorted(expected.work_items),
        )
        assert found == wanted, (scenario, case_id)


def test_a_first_nightly_does_what_each_scenario_expects_and_the_second_nothing(house: House, sandbox: Sandbox) -> None:
    first = night(house)
    totals = sandbox.population.expected.totals
    assert first.state is RunState.DONE
    assert_as_expected(house, sandbox)
    assert doubled(sandbox) == {}
    for word in ("seen", "quarantined", "conflicts", "agreed", "looked_up"):
        assert first.counts.get(word, 0) == totals[word], word
    before = effects(sandbox)
    second = night(house)
    assert second.state is RunState.DONE
    assert second.counts.get("wished", 0) == 0
    assert effects(sandbox) == before
    assert_as_expected(house, sandbox)


def test_a_plan_writes_nothing_outside_and_is_applied_later(sqlite_house: House, sandbox: Sandbox) -> None:
    planned = night(sqlite_house, apply=False)
    assert planned.state is RunState.PLANNED
    assert sqlite_house.runner.send(PATIENCE, silent).outcomes == {}
    assert effects(sandbox) == 0
    assert sqlite_house.runner.apply(planned.run_id) == planned.counts["wished"]
    sqlite_house.runner.send(PATIENCE, silent)
    assert_as_expected(sqlite_house, sandbox)


def test_a_plan_that_was_never_applied_is_made_again(sqlite_house: House, sandbox: Sandbox) -> None:
    night(sqlite_house, apply=False)
    night(sqlite_house)
    assert_as_expected(sqlite_house, sandbox)


def test_observe_is_the_default_and_writes_nothing(quiet_house: House, sandbox: Sandbox) -> None:
    run = night(quiet_house)
    assert run.counts["observed"] > 0
    assert effects(sandbox) == 0


def test_a_paused_target_gets_nothing_and_the_others_go_on(sqlite_house: House, sandbox: Sandbox) -> None:
    switches, now = sqlite_house.needs.switches, utc_now()
    target = next(target for (_, target), mode in switches.modes().items() if mode.active and target == "plasta")
    switches.pause(target, reason="test", by="test", now=now)
    assert sqlite_house.runner.nightly(NightlyOrder(now), silent) is not None
    sqlite_house.runner.send(timedelta(0), silent)
    assert sandbox.plasta.ledger.effects() == ()
    assert sandbox.cii.ledger.effects() != ()
    assert switches.resume(target, reason="test", by="test", now=now) == 1
    sqlite_house.runner.send(PATIENCE, silent)
    assert_as_expected(sqlite_house, sandbox)


def test_the_same_run_is_never_made_twice(sqlite_house: House) -> None:
    order = NightlyOrder(utc_now())
    assert sqlite_house.runner.nightly(order, silent) is not None
    assert sqlite_house.runner.nightly(order, silent) is None
