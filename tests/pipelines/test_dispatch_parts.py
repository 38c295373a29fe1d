"""A round is recorded in parts: a worker that is lost in a later one leaves no doubt about the earlier."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from domain.intents import IntentState
from domain.people import CaseId, PersonalNumber, RegistrationId
from pipelines.dispatch import RECORDED_TOGETHER, dispatch
from pipelines.needs import one_by_one
from tests.builders import beneficiary, case, person, registration
from tests.pipelines.world import WORKER, World

Item = TypeVar("Item")
Answer = TypeVar("Answer")

CASES = 12
WISHES = 2 * CASES


class LostError(RuntimeError):
    """The end of a worker."""


class SpreadOfOneLife:
    """Works on one part, and is lost over the second."""

    def __init__(self) -> None:
        self.parts: list[int] = []

    def __call__(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> Sequence[Answer]:
        self.parts.append(len(items))
        if len(self.parts) > 1:
            raise LostError
        return one_by_one(work, items)


@pytest.fixture
def many(world: World) -> World:
    """Of each case the registration is to be mirrored and the keyword to be set: more than is recorded together."""
    for index in range(CASES):
        number = PersonalNumber(f"{10000100 + index}")
        her = beneficiary(personal_number=number, avs_number=None)
        one = registration(registration_id=RegistrationId(f"AD{index:06}"), has_keyword=False)
        world.cii.put(case(case_id=CaseId(f"CII-2026-{index:06}"), beneficiary=her, mirror={}))
        world.plasta.put(person(one, personal_number=number, avs_number=None))
    return world


def test_what_was_recorded_before_a_worker_was_lost_stays(many: World) -> None:
    many.night()
    spread = SpreadOfOneLife()
    with pytest.raises(LostError):
        dispatch(replace(many.needs, spread=spread), WORKER)
    assert spread.parts == [RECORDED_TOGETHER, WISHES - RECORDED_TOGETHER]
    assert len(many.intents(IntentState.DONE)) == RECORDED_TOGETHER
    assert len(many.intents(IntentState.CLAIMED)) == WISHES - RECORDED_TOGETHER
