"""The bell without a broker: told, nothing raised, and what it should have rung for is found by the sweep."""

import io
import json
from datetime import timedelta

import pytest

from config.correlation import correlated
from config.logging import logging_to
from domain.errors import CredentialsError, SettingsError, UnavailableError
from domain.facets import Target
from pipelines.needs import silent
from scheduler.bell import Bell
from scheduler.broker import broker_of, channel_to
from scheduler.celery_app import make_app
from scheduler.celery_runner import CeleryRunner
from scheduler.queues import Topology
from scheduler.runner import NightlyOrder
from tests.builders import CASE_ID, NOW
from tests.pipelines.world import World
from tests.scheduler.fakes import Rung, deliver, jobs_of
from tests.scheduler.settings import settings

AWAY = "amqp://somebody:secret-word@127.0.0.1:9//"


def bell_to(url: str) -> Bell:
    return Bell(make_app(url, "unit"), Topology("unit"), url)


def test_f14_a_broker_that_is_away_is_told_once_for_each_message_and_nothing_is_raised() -> None:
    bell, stream = bell_to(AWAY), io.StringIO()
    with logging_to(stream), correlated("cause-1"):
        bell.ring(Target.PLASTA, ["I1", "I2"])
        bell.hand("check.run", "M1")
        bell.sweep()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]

    assert [line["kind"] for line in lines] == ["dispatch.run", "check.run", "dispatch.sweep"]
    assert {line["correlation_id"] for line in lines} == {"cause-1"}
    assert {line["reason"] for line in lines} == {"UnavailableError"}
    assert "secret-word" not in stream.getvalue()


def test_f3_what_nobody_could_be_told_of_is_found_by_the_sweep(keyword_missing: World) -> None:
    world = keyword_missing
    runner = CeleryRunner(world.needs, bell_to(AWAY), world.clock.wait)
    planned = world.night(apply=False)
    assert runner.apply(planned.run_id) == len(world.intents()), "applied, though no worker heard of it"

    rung = Rung()
    jobs_of(world, rung).dispatch_sweep()
    deliver(jobs_of(world, rung), rung)
    assert world.plasta.written == [("add_keyword", "AD000001")]


def test_a_check_that_nobody_hears_of_is_accepted_and_waits_for_its_answer(keyword_missing: World) -> None:
    world = keyword_missing
    runner = CeleryRunner(world.needs, bell_to(AWAY), world.clock.wait)
    request, repeated = runner.check(CASE_ID, "test", timedelta(seconds=2))

    assert (request.answer, repeated) == (None, False)
    rung = Rung()
    jobs_of(world, rung).check_run(request.message_id)
    answered = world.needs.inbox.find(request.message_id)
    assert answered is not None
    assert answered.answer is not None


def test_a_person_who_sends_is_told_what_still_waits_when_patience_ends(keyword_missing: World) -> None:
    world = keyword_missing
    world.night()
    runner = CeleryRunner(world.needs, bell_to(AWAY), world.clock.wait)
    began = world.clock()
    sent = runner.send(timedelta(seconds=5), silent)

    assert sent.outcomes == {}
    assert sent.waiting == len(world.intents())
    assert world.clock() - began >= timedelta(seconds=5)


def test_nothing_to_send_is_not_waited_for(world: World) -> None:
    runner = CeleryRunner(world.needs, bell_to(AWAY), world.clock.wait)
    began = world.clock()

    assert runner.send(timedelta(hours=1), silent).waiting == 0
    assert world.clock() - began < timedelta(seconds=5)


def test_what_waits_for_a_paused_target_is_not_waited_for(keyword_missing: World) -> None:
    world = keyword_missing
    world.night()
    world.needs.switches.pause(None, reason="test", by="test", now=world.clock())
    runner = CeleryRunner(world.needs, bell_to(AWAY), world.clock.wait)
    began = world.clock()

    assert runner.send(timedelta(hours=1), silent).waiting == len(world.intents())
    assert world.clock() - began < timedelta(seconds=5)


def test_a_dead_nightly_is_watched_no_longer_than_our_patience(world: World) -> None:
    """The run goes on without us; the person gets her prompt back."""
    runner = CeleryRunner(world.needs, bell_to(AWAY), lambda seconds: world.clock.wait(seconds * 600))
    run = runner.nightly(NightlyOrder(NOW), silent)

    assert run is not None
    assert run.state == "running"


def test_without_a_broker_address_the_runner_cannot_start() -> None:
    with pytest.raises(SettingsError, match="CII_BROKER_URL"):
        broker_of(settings())


@pytest.mark.rabbitmq
def test_each_way_in_which_the_broker_says_no_is_told_apart_and_holds_no_login(rabbitmq_url: str) -> None:
    user = rabbitmq_url.partition("://")[2].partition("@")[0]
    urls = {
        rabbitmq_url.replace(user, "guest:wrong-word"): CredentialsError,
        rabbitmq_url.rpartition("/")[0] + "/no-such-vhost": CredentialsError,
        AWAY: UnavailableError,
    }
    for url, family in urls.items():
        with pytest.raises(family) as caught, channel_to(url):
            pass
        assert "word" not in str(caught.value)
        assert "127.0.0.1" not in str(caught.value)
        assert caught.value.__suppress_context__, "the broker's own words are not shown beside it"
