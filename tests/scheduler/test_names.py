"""One name for one task: in the table, at the bell, in beat's entries, among the jobs, in compose and in the docs."""

import inspect
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from console.doors import GROUPS
from domain.facets import Target
from scheduler import bell as bell_module
from scheduler import celery_runner, in_process, jobs
from scheduler.bell import Bell
from scheduler.celery_app import make_app
from scheduler.jobs import Jobs
from scheduler.queues import LANES, Topology
from scheduler.tasks import TASKS, register
from tests.bars.source import REPOSITORY

BROKER = "amqp://nobody@127.0.0.1:9//"
ROOM_AND_VERB = re.compile(r"[a-z]+\.[a-z]+")
COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))
OPERATIONS = (REPOSITORY / "docs" / "operations.md").read_text(encoding="utf-8")


@dataclass
class Publisher:
    """Takes the place of the Celery application; keeps what was published."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    def send_task(self, name: str, **options: Any) -> None:  # noqa: ANN401 - Celery's own options
        assert options["queue"] == options["routing_key"]
        self.sent.append((name, options["queue"]))


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
def bell(publisher: Publisher) -> Bell:
    """A bell whose queues are declared already."""
    made: Any = Bell(publisher, Topology("unit"), BROKER)  # type: ignore[arg-type]
    made._declared.set()  # noqa: SLF001 - nobody listens at this broker
    return made  # type: ignore[no-any-return]


def test_the_application_knows_the_tasks_of_the_table_and_no_other() -> None:
    app = make_app(BROKER, "unit")
    register(app, lambda: pytest.fail("asked before the first message"))
    app.finalize()

    assert {name for name in app.tasks if not name.startswith("celery.")} == set(TASKS)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_named_by_room_and_verb_and_is_a_job(name: str) -> None:
    assert ROOM_AND_VERB.fullmatch(name)
    assert getattr(Jobs, name.replace(".", "_")) is TASKS[name]


def test_each_job_is_a_task() -> None:
    public = {name for name, _ in inspect.getmembers(Jobs, inspect.isfunction) if not name.startswith("_")}

    assert public == {name.replace(".", "_") for name in TASKS}


def test_what_the_bell_rings_and_hands_is_known_and_goes_to_a_lane_that_somebody_serves(
    bell: Bell, publisher: Publisher
) -> None:
    for target in Target:
        bell.ring(target, ["I1"])
    bell.sweep()
    handed = {
        task
        for module in (bell_module, celery_runner, in_process, jobs)
        for task in re.findall(r'hand\("([^"]+)"', inspect.getsource(module))
    }
    assert handed == {"nightly.plan", "nightly.whole", "check.run", "notice.run"}
    for task in handed:
        bell.hand(task, "X1")

    assert {name for name, _ in publisher.sent} <= set(TASKS)
    queues = {Topology("unit").name(lane) for lane in LANES}
    assert {queue for _, queue in publisher.sent} == queues, "every lane is used, and no other"


def test_what_a_person_waits_for_is_express_and_a_nightly_is_not(bell: Bell, publisher: Publisher) -> None:
    for task in ("check.run", "notice.run", "nightly.plan", "nightly.whole"):
        bell.hand(task, "X1")
    lanes = [queue.split(".")[1] for _, queue in publisher.sent]

    assert lanes == ["express", "express", "jobs", "jobs"]


def test_beat_rings_for_known_tasks() -> None:
    entries = make_app(BROKER, "unit").conf.beat_schedule
    assert {entry["task"] for entry in entries.values()} <= set(TASKS)


def test_the_groups_of_the_command_line_cover_every_lane_once() -> None:
    parts = [lane for name, lanes in GROUPS.items() if name != "all" for lane in lanes]

    assert sorted(parts) == sorted(LANES)
    assert sorted(GROUPS["all"]) == sorted(LANES)


def test_the_workers_of_compose_serve_every_lane() -> None:
    served = [
        lane
        for service in COMPOSE["services"].values()
        if list(service.get("command", ()))[:2] == ["worker", "--group"]
        for lane in GROUPS[service["command"][2]]
    ]

    assert sorted(served) == sorted(LANES)
    assert [name for name, one in COMPOSE["services"].items() if one.get("command") == ["beat"]] == ["beat"]


def test_the_operators_page_names_every_task_group_and_queue() -> None:
    assert [name for name in TASKS if f"`{name}`" not in OPERATIONS] == []
    assert [name for name in GROUPS if f"`{name}`" not in OPERATIONS] == []
    assert [lane for lane in LANES if f"`{Topology('cii').name(lane)}`" not in OPERATIONS] == []
    assert f"`{Topology('cii').dead_name}`" in OPERATIONS
