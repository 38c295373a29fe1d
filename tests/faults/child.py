"""The process that is killed: ``python -m tests.faults.child SCENARIO [CASE]`` with the settings in the environment.

``CII_TEST_FAILPOINT=name#ordinal:action`` arms a fault, noted in ``CII_TEST_NOTES`` when it is reached; with the notes
alone every instant is listed there. ``worker`` instead of a scenario is a worker of the Celery runner.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from config.logging import configure_logging, hook_uncaught
from config.startup import configure
from domain import failpoints
from domain.intents import IntentState
from domain.people import CaseId
from domain.work_items import WorkItemKind, WorkItemState
from pipelines.needs import silent
from scheduler.bootstrap import House, open_house, utc_now
from scheduler.celery_runner import CeleryRunner
from scheduler.in_process import InProcessRunner
from scheduler.runner import NightlyOrder
from scheduler.workers import run_worker
from store.run_book import SqlRunBook
from tests.faults.hooks import Fault, Listing, parsed

FAILPOINT, NOTES, OWN = "CII_TEST_FAILPOINT", "CII_TEST_NOTES", "CII_TEST_"

PATIENCE = timedelta(seconds=20)
"""Longer than any lease or settle time of the scaled settings; nothing waits for its end."""

SILENCE = timedelta(seconds=0.3)
"""After so long a run without a sign of life is dead: scaled as the leases are."""

BUSY = 3
"""Exit code: a nightly is running already; the same command again a moment later."""


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Arm what is ordered and run one scenario; the exit code."""
    scenario, *about = arguments
    _arm(environ)
    made = configure({name: value for name, value in environ.items() if not name.startswith(OWN)})
    configure_logging("DEBUG")
    hook_uncaught()
    if scenario == "worker":
        run_worker(made)
        return 0
    with open_house(made) as house:
        return SCENARIOS[scenario](impatient(house), CaseId(about[0] if about else ""))


def _arm(environ: Mapping[str, str]) -> None:
    """A fault, a listing, or nothing."""
    if order := environ.get(FAILPOINT):
        failpoints.arm(Fault(parsed(order), Path(environ[NOTES])))
    elif notes := environ.get(NOTES):
        failpoints.arm(Listing(Path(notes)))


def impatient(house: House) -> House:
    """The same house, in which a silent run is taken for dead at once."""
    needs = replace(house.needs, runs=SqlRunBook(house.store, SILENCE))
    runner = house.runner
    assert isinstance(runner, InProcessRunner | CeleryRunner)
    return replace(house, needs=needs, runner=replace(runner, needs=needs))


def nightly(house: House, _case: CaseId) -> int:
    """What ``cii-sync nightly`` does: plan, apply, send."""
    if house.runner.nightly(NightlyOrder(utc_now()), silent) is None:
        return BUSY
    return send(house, _case)


def check(house: House, case_id: CaseId) -> int:
    """What ``cii-sync check`` does."""
    house.runner.check(case_id, "tandem", PATIENCE)
    return 0


def mail(house: House, case_id: CaseId) -> int:
    """What ``cii-sync notice`` does: the reinsertion mail of one case."""
    house.runner.notice(case_id, PATIENCE)
    return 0


def replay(house: House, _case: CaseId) -> int:
    """Everything that is parked offered again, as ``cii-sync retry`` does it, then sent."""
    open_items = {item.ask.key: item for item in house.needs.work.listed(frozenset({WorkItemState.OPEN}))}
    for intent in house.needs.intents.listed(frozenset({IntentState.PARKED})):
        now = house.needs.clock()
        house.needs.intents.retry(intent.intent_id, now, "ops")
        item = open_items.get(f"{WorkItemKind.LOOK_AT_PARKED}:{intent.intent_id}")
        if item is not None:
            house.needs.work.close(item.item_id, "retried", "ops", now)
    return send(house, _case)


def send(house: House, _case: CaseId) -> int:
    """What the loop and ``cii-sync send`` do: everything that is due."""
    house.runner.send(PATIENCE, silent)
    return 0


SCENARIOS: Mapping[str, Callable[[House, CaseId], int]] = {
    "nightly": nightly,
    "check": check,
    "mail": mail,
    "replay": replay,
    "send": send,
}
"""By name; ``send`` is what goes on after any of them."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
