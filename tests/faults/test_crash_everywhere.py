"""Three instants of each scenario, drawn by a printed seed: a kill there loses nothing and doubles nothing (F1-F6).

The seed is the day, so that every day draws others; ``CII_TEST_SEED`` repeats a draw. Every single instant is tried by
``make faults``, whose figures stand in ``docs/faults``.
"""

import os
import random
from collections.abc import Iterator
from datetime import date

import pytest

from tests.faults.hooks import Action, Order
from tests.faults.runners import RUNNERS, Company
from tests.faults.trial import PLAYS

DRAWN = 3
SEED = int(os.environ.get("CII_TEST_SEED") or date.today().toordinal())  # noqa: DTZ011 - any day will do

seeded = pytest.mark.parametrize("seed", [SEED], ids=[f"CII_TEST_SEED={SEED}"])
celery = pytest.param("celery", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])


@pytest.fixture(scope="module", params=["in_process", celery])
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A runner with its prepared states."""
    with RUNNERS[request.param](tmp_path_factory.mktemp(request.param)) as made:
        yield made


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The in-process runner."""
    with RUNNERS["in_process"](tmp_path_factory.mktemp("alone")) as made:
        yield made


@seeded
@pytest.mark.parametrize("scenario", PLAYS)
def test_a_kill_at_any_instant_loses_nothing_and_doubles_nothing(company: Company, scenario: str, seed: int) -> None:
    play = PLAYS[scenario]
    places = sorted(company.listing(play))
    for role, instant in random.Random(f"{seed} {scenario}").sample(places, DRAWN):
        outcome = company.trial(play, role, Order(instant, Action.KILL))
        assert outcome.verdict.problems == (), (role, instant)


@seeded
@pytest.mark.parametrize("action", [Action.RAISE, Action.STALL])
@pytest.mark.parametrize("scenario", ["check", "mail"])
def test_an_error_or_a_stall_between_claim_and_commit_is_no_worse(
    alone: Company, scenario: str, action: Action, seed: int
) -> None:
    play = PLAYS[scenario]
    places = [place for place in sorted(alone.listing(play)) if place[1].name.startswith("dispatch.")]
    role, instant = random.Random(f"{seed} {scenario} {action}").choice(places)
    outcome = alone.trial(play, role, Order(instant, action))
    assert outcome.verdict.problems == (), (role, instant)
