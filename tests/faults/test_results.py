"""The checked-in results: every promise kept, every failpoint of the code passed, every scenario tried."""

import re
from pathlib import Path

import pytest

from tests.faults.results import FOLDER, MERGED, Key, Record, read
from tests.faults.trial import PLAYS

ROOT = Path(__file__).parents[2]
ROOMS = ("config", "connectors", "console", "domain", "mappings", "pipelines", "scheduler", "store")

NOT_PASSED = {
    "halt.told": "no scenario ends in a halt; a halt is told before it stands (tests/pipelines)",
    "registration.before_call": "registrations by operation are off unless a setting allows them (C3)",
    "registration.answered": "registrations by operation are off unless a setting allows them (C3)",
}
"""Failpoints that the scenarios do not pass, with the reason."""


@pytest.fixture(scope="module")
def records() -> dict[Key, Record]:
    return read(ROOT / FOLDER / MERGED)


def test_no_promise_was_broken(records: dict[Key, Record]) -> None:
    broken = {key: record.problems for key, record in records.items() if record.problems or not record.tally.is_clean}
    assert broken == {}


@pytest.mark.parametrize("action", ["kill", "raise", "stall"])
def test_every_scenario_was_tried_in_process(records: dict[Key, Record], action: str) -> None:
    assert {scenario for runner, scenario, done in records if (runner, done) == ("in_process", action)} == set(PLAYS)


def test_every_scenario_was_killed_under_celery(records: dict[Key, Record]) -> None:
    assert {scenario for runner, scenario, done in records if (runner, done) == ("celery", "kill")} == set(PLAYS)


def test_nearly_every_instant_was_reached(records: dict[Key, Record]) -> None:
    for key, record in records.items():
        assert len(record.not_reached) <= len(record.instants) * 0.05, key


def test_every_failpoint_of_the_code_was_tried(records: dict[Key, Record]) -> None:
    tried = {place.split(":")[1].split("#")[0] for record in records.values() for place in record.instants}
    found = {
        name
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        for name in re.findall(r'failpoint\("([^"]+)"\)', file.read_text("utf-8"))
    }
    assert found - tried == set(NOT_PASSED)
