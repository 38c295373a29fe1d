"""Real workers and beats over RabbitMQ and PostgreSQL: they die, stop and come back, and nothing is lost or doubled."""

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import kombu
import pytest

from domain.books import RunState
from domain.intents import IntentState
from domain.people import CaseId
from pipelines.needs import silent
from sandbox.faults import Fault
from sandbox.serve import Sandbox
from scheduler.bell import Bell
from scheduler.bootstrap import House, open_house, upgrade, utc_now
from scheduler.broker import channel_to
from scheduler.celery_app import make_app
from scheduler.jobs import Jobs
from scheduler.queues import LANES, Topology
from scheduler.runner import NightlyOrder
from tests.flows.conftest import switched_on
from tests.flows.counting import doubled
from tests.flows.settings import configuration, environ
from tests.flows.test_nightly import assert_as_expected, effects
from tests.scheduler.fakes import NIGHTLY_AT, Rung
from tests.scheduler.processes import FAST_BEAT, LOOKABLE, Program, until

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq]

PATIENCE = timedelta(seconds=60)
LEASE = "3"


@dataclass
class Site:
    """An installation with its own database, queues and targets, and no worker yet."""

    house: House
    sandbox: Sandbox
    variables: dict[str, str]
    folder: Path
    topology: Topology
    broker_url: str

    def worker(self, name: str = "worker", group: str = "all") -> Program:
        """A worker as compose starts it."""
        return Program(self.variables, self.folder / f"{name}.log", "worker", "--group", group)

    def program(self, name: str, python: str) -> Program:
        """A process that runs some Python with the settings of this site."""
        return Program(self.variables, self.folder / f"{name}.log", python=python)

    def bell(self) -> Bell:
        """The bell that workers of this site hear."""
        return Bell(make_app(self.broker_url, self.topology.prefix), self.topology, self.broker_url)

    def sweep_until_sent(self) -> None:
        """Ring as beat would, until nothing is left that a worker can do."""

        def look() -> bool:
            self.bell().sweep()
            return self.house.runner.send(timedelta(seconds=2), silent).waiting == 0

        until(look, "everything sent")


@pytest.fixture
def site(sandbox: Sandbox, tmp_path: Path, postgres_url: str, rabbitmq_url: str, topology: Topology) -> Iterator[Site]:
    """A site with every flow switched on."""
    more = {
        "CII_DATABASE_URL": postgres_url,
        "CII_RUNNER": "celery",
        "CII_BROKER_URL": rabbitmq_url,
        "CII_QUEUE_PREFIX": topology.prefix,
        "CII_DISPATCH__LEASE_SECONDS": LEASE,
    }
    made = configuration(sandbox, tmp_path, **more)
    upgrade(made.settings)
    with open_house(made) as house:
        variables = environ(sandbox, tmp_path, **more)
        yield Site(switched_on(house), sandbox, variables, tmp_path, topology, rabbitmq_url)


def test_plan_apply_and_send_through_a_worker(site: Site) -> None:
    with site.worker():
        planned = site.house.runner.nightly(NightlyOrder(utc_now(), apply=False), silent)
        assert planned is not None
        assert planned.state is RunState.PLANNED
        assert effects(site.sandbox) == 0
        ready = site.house.runner.apply(planned.run_id)
        sent = site.house.runner.send(PATIENCE, silent)

    assert ready == planned.counts["wished"] > 0
    assert sent.waiting == 0
    assert sent.outcomes["done"] >= ready
    assert_as_expected(site.house, site.sandbox)
    assert doubled(site.sandbox) == {}


def test_check_and_notice_are_answered_by_an_express_worker_alone(site: Site) -> None:
    expected = site.sandbox.population.expected
    missing = CaseId(expected.cases("keyword_missing")[0])
    confirmed = CaseId(expected.cases("reinserted")[0])
    with site.worker(group="express"):
        request, repeated = site.house.runner.check(missing, "test", PATIENCE)
        again, twice = site.house.runner.check(missing, "other", PATIENCE)
        site.bell().hand("check.run", request.message_id)
        with site.worker("sender", "dispatch"):
            mails = site.house.runner.notice(confirmed, PATIENCE)

    assert request.answer is not None
    assert request.answer["answer"] == "keyword_set"
    assert (repeated, twice) == (False, True)
    assert again == request
    assert {mail.state for mail in mails} == {IntentState.DONE}
    assert len(mails) == 2
    assert doubled(site.sandbox) == {}


def test_f4_f6_a_worker_killed_in_the_middle_of_a_chunk_is_replaced_and_nothing_is_lost_or_doubled(site: Site) -> None:
    for system, operation in ((site.sandbox.plasta, "addStesSchlagwort"), (site.sandbox.cii, "putMirrorFacet")):
        system.faults.switch_on(Fault("slow", operations=operation, seconds=0.3))
    with site.program("first", LOOKABLE) as first:
        assert site.house.runner.nightly(NightlyOrder(utc_now()), silent) is not None
        until(lambda: len(site.sandbox.plasta.ledger.effects()) > 3, "some keywords set")
        first.stop(signal.SIGKILL)
    claimed = site.house.needs.intents.listed(frozenset({IntentState.CLAIMED}))
    assert claimed, "killed while it held a chunk, else this shows nothing"
    for system in (site.sandbox.plasta, site.sandbox.cii):
        system.faults.clear()

    with site.worker("second"):
        site.sweep_until_sent()

    assert_as_expected(site.house, site.sandbox)
    assert doubled(site.sandbox) == {}
    assert site.house.needs.intents.listed(frozenset({IntentState.CLAIMED})) == []


def test_f7_sigterm_lets_a_call_under_way_end_and_be_recorded(site: Site) -> None:
    site.sandbox.plasta.faults.switch_on(Fault("slow", operations="addStesSchlagwort", seconds=1.0))
    case_id = CaseId(site.sandbox.population.expected.cases("keyword_missing")[0])
    with site.worker() as worker:
        request, _ = site.house.runner.check(case_id, "test", timedelta(0))
        until(site.sandbox.plasta.ledger.effects, "the keyword set")
        code = worker.stop(signal.SIGTERM)

    assert code == 0
    answered = site.house.needs.inbox.find(request.message_id)
    assert answered is not None
    assert answered.answer is not None, "what was under way was finished"
    assert site.house.needs.intents.listed(frozenset({IntentState.CLAIMED, IntentState.UNKNOWN})) == []


def test_f12_two_beats_and_two_workers_make_one_nightly(site: Site) -> None:
    with (
        site.program("beat-1", FAST_BEAT),
        site.program("beat-2", FAST_BEAT),
        site.worker("worker-1"),
        site.worker("worker-2"),
    ):
        until(lambda: [run.state for run in site.house.needs.runs.listed()] == [RunState.DONE], "the owed nightly")
        until(lambda: site.house.runner.send(timedelta(seconds=1), silent).waiting == 0, "everything sent")

    assert len(site.house.needs.runs.listed()) == 1
    assert_as_expected(site.house, site.sandbox)
    assert doubled(site.sandbox) == {}


def test_f21_what_no_worker_can_read_is_set_aside_untold_and_the_worker_goes_on(site: Site) -> None:
    canary = "Bonvin-canary"
    publish(site, b'["' + canary.encode(), task="clock.tick")
    publish(site, json.dumps([[canary], {}, {}]).encode(), task="no.such.task")
    publish(site, json.dumps([[canary], {}, {}]).encode(), task="clock.tick")
    publish(site, canary.encode(), task="clock.tick", content_type="application/x-python-serialize")
    with site.worker() as worker:
        until(lambda: site.topology.set_aside(site.broker_url) == 4, "all four set aside")
        case_id = CaseId(site.sandbox.population.expected.cases("agreed")[0])
        request, _ = site.house.runner.check(case_id, "test", PATIENCE)
        assert request.answer is not None
        worker.stop()
        levels = {line["level"] for line in worker.lines()}

    assert "ERROR" in levels
    assert canary not in worker.said()


def test_the_log_is_ours_alone_and_each_cause_has_one_id(site: Site) -> None:
    """Celery neither prints its banner nor sets up logging of its own; a failed task is told with its cause."""
    site.bell().hand("notice.run", "CII-no-such-case")
    with site.worker() as worker:
        until(lambda: site.topology.set_aside(site.broker_url) == 1, "the failed message set aside")
        worker.stop()
    told = [line for line in worker.lines() if line["logger"] == "scheduler.tasks"]

    assert [line["message"] for line in told] == ["task failed"]
    assert told[0]["kind"] == "notice.run"
    assert told[0]["correlation_id"]


def test_calls_to_the_targets_carry_the_id_of_their_cause(site: Site) -> None:
    with site.worker():
        assert site.house.runner.nightly(NightlyOrder(utc_now()), silent) is not None
        assert site.house.runner.send(PATIENCE, silent).waiting == 0
    causes = {effect.correlation_id for effect in site.sandbox.cii.ledger.effects()}

    assert causes
    assert "" not in causes
    assert len(causes) < len(site.sandbox.cii.ledger.effects()), "many effects, few causes"


def test_messages_hold_ids_only(site: Site) -> None:
    """Everything that a nightly, a check and a notice publish, read from the queues before any worker has it."""
    house, bell, population = site.house, site.bell(), site.sandbox.population
    rung = Rung()
    jobs = Jobs(house.needs, "test", bell.ring, bell.hand, NIGHTLY_AT)
    Jobs(house.needs, "test", rung.ring, rung.hand, NIGHTLY_AT).clock_tick()
    jobs.nightly_whole(rung.handed[0][1])
    jobs.clock_tick()
    house.runner.check(CaseId(population.expected.cases("agreed")[0]), "test", timedelta(0))
    house.runner.notice(CaseId(population.expected.cases("agreed")[0]), timedelta(0))
    bodies = published(site)

    assert len(bodies) >= 5
    people = [case.beneficiary for case in population.cii_cases]
    canaries = {name for person in people for name in (person.family_name, person.first_name) if len(name) > 3}
    canaries |= {person.avs_number for person in people if person.avs_number}
    assert len(canaries) > 50
    for body in bodies:
        assert not [canary for canary in canaries if canary in body]


def publish(site: Site, body: bytes, *, task: str, content_type: str = "application/json") -> None:
    """A message in Celery's form (protocol 2), as anybody with a login could send it."""
    headers = {"lang": "py", "task": task, "id": f"id-{task}", "root_id": None, "argsrepr": "", "kwargsrepr": ""}
    with kombu.Connection(site.broker_url, transport_options={"confirm_publish": True}) as connection:
        connection.Producer().publish(
            body,
            exchange=site.topology.exchange,
            routing_key=site.topology.name("jobs"),
            headers=headers,
            content_type=content_type,
            content_encoding="utf-8",
        )


def published(site: Site) -> list[str]:
    """Every message in every lane, headers and body, as text."""
    found = []
    with channel_to(site.broker_url) as channel:
        for lane in LANES:
            queue = site.topology.queue(lane)(channel)
            while (message := queue.get(no_ack=True)) is not None:
                got: Any = message
                found.append(f"{got.headers} {got.properties} {got.body!r}")
    return found
