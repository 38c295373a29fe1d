"""C1 to C3 on demand: each situation has its one answer, and the answer says what is left to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases import CaseFile, Procedure, ProcedureKind
from domain.errors import AmbiguousError, InvalidRecordError
from domain.facets import Facet, Target
from domain.ports import BadRecord
from domain.registrations import Deregistration, RegistryPerson
from pipelines.registration_check import Answer
from tests.builders import (
    BORN,
    MIRROR,
    NOW,
    NUMBER,
    OPENED,
    TODAY,
    beneficiary,
    case,
    mirror,
    person,
    registration,
)
from tests.pipelines.checking import press
from tests.pipelines.world import World

BARE = registration(has_keyword=False)
REGISTERED = mirror({Facet.REGISTRATION: MIRROR[Facet.REGISTRATION]})
MANAGED = (Procedure(ProcedureKind.CASE_MANAGEMENT, "open", OPENED),)
BY_NAME = beneficiary(personal_number=None, avs_number=None)
KEYWORD_FLOW = (Facet.KEYWORD, Target.PLASTA)

TABLE: list[tuple[Answer, CaseFile, RegistryPerson | None]] = [
    (Answer.OK, case(), person()),
    (Answer.KEYWORD_SET, case(mirror=REGISTERED), person(BARE)),
    (Answer.KEYWORD_BY_HAND, case(), person(BARE)),
    (Answer.NO_KEYWORD_WANTED, case(procedures=MANAGED), person(BARE)),
    (Answer.NOT_REGISTERED, case(mirror={}), None),
    (Answer.NOT_REGISTERED, case(mirror={}), replace(person(), registrations=())),
    (Answer.INACTIVE, case(), person(registration(active=False))),
    (Answer.SEVERAL_REGISTRATIONS, case(), person(registration(), replace(BARE, version=4))),
    (Answer.IS_IT_HER, case(), person(birth_date=BORN + timedelta(days=1))),
    (Answer.IS_IT_HER, case(beneficiary=BY_NAME), person()),
    (Answer.NOT_ALLOWED, case(procedures=MANAGED, procurations=()), person()),
]


@pytest.mark.parametrize(("answer", "one", "her"), TABLE)
def test_each_situation_has_its_answer(world: World, answer: Answer, one: CaseFile, her: RegistryPerson | None) -> None:
    world.cii.put(one)
    if her is not None:
        world.plasta.put(her)
    assert press(world)["answer"] == answer


def _bad_row(world: World) -> None:
    world.plasta.bad[NUMBER] = BadRecord("plasta", "row 0", "master.birthDate", "is no date", b"")


def _bad_case(world: World) -> None:
    world.cii.faults.fail("case", InvalidRecordError("is no date", path="beneficiary.birthDate", system="cii"))


def _cut_search(world: World) -> None:
    world.plasta.people.clear()
    world.plasta.faults.fail("find", AmbiguousError("cut"))


def _observe(world: World) -> None:
    world.switch(KEYWORD_FLOW, active=False)


def _dropped(world: World) -> None:
    world.plasta.drops_keyword = True


def _lost(world: World) -> None:
    world.plasta.faults.lose_answer("add_keyword")


def _pause(world: World) -> None:
    world.needs.switches.pause(Target.PLASTA, reason="test", by="test", now=world.clock())


@pytest.mark.parametrize(
    ("happens", "answer"),
    [
        (_bad_row, Answer.UNREADABLE),
        (_bad_case, Answer.UNREADABLE),
        (_cut_search, Answer.SEVERAL_PERSONS),
        (_observe, Answer.KEYWORD_OBSERVED),
        (_dropped, Answer.KEYWORD_DROPPED),
        (_lost, Answer.KEYWORD_UNKNOWN),
        (_pause, Answer.KEYWORD_WAITS),
    ],
)
def test_what_goes_otherwise_has_its_answer_too(
    keyword_missing: World, happens: Callable[[World], None], answer: Answer
) -> None:
    happens(keyword_missing)
    assert press(keyword_missing)["answer"] == answer


def test_every_answer_but_the_absences_is_in_these_tables() -> None:
    elsewhere = {Answer.UNKNOWN_CASE, Answer.NOT_REACHABLE}
    shown = {answer for answer, _, _ in TABLE} | {
        Answer.UNREADABLE,
        Answer.SEVERAL_PERSONS,
        Answer.KEYWORD_OBSERVED,
        Answer.KEYWORD_DROPPED,
        Answer.KEYWORD_UNKNOWN,
        Answer.KEYWORD_WAITS,
    }
    assert shown | elsewhere == set(Answer)


def test_c2_the_keyword_is_set_and_mirrored_before_the_answer(keyword_missing: World) -> None:
    answer = press(keyword_missing)
    assert answer == {
        "answer": "keyword_set",
        "office": "VSO10",
        "read_at": NOW.isoformat(),
        "deregistered_on": "",
        "work_items": "",
    }
    assert keyword_missing.mirrored(Facet.KEYWORD_STATE) == {"present": "yes"}


def test_an_unreadable_answer_is_told_with_its_path(world: World) -> None:
    world.cii.put(case())
    world.plasta.bad[NUMBER] = BadRecord("plasta", "row 0", "master.birthDate", "is no date", b"")
    assert press(world)["path"] == "master.birthDate"
    assert world.asked() == ["correct_record"]


def test_a_deregistration_is_told_with_its_day(world: World) -> None:
    hint = Deregistration(TODAY + timedelta(days=9), True, "ABMELDEGRUND", "1")
    world.cii.put(case())
    world.plasta.put(person(registration(deregistration=hint)))
    assert press(world)["deregistered_on"] == "2026-12-01"


def test_c3_what_is_left_to_do_is_told(world: World) -> None:
    world.cii.put(case(mirror={}))
    assert press(world)["work_items"] == "register_person"
    assert [mail.template for mail, _ in world.mailer.taken] == ["registration_wanted"]
