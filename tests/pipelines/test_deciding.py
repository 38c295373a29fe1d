"""Deciding stored facts: the words of the run's table, the mark of the rules, plans that are dropped or applied."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from domain.cases import CaseFile, Procedure, ProcedureKind
from domain.decision import Decision
from domain.facets import Facet, Target
from domain.intents import IntentState
from domain.registrations import RegistryView, Sight
from pipelines.deciding import decide_again, rules_mark, tally
from pipelines.needs import Rules
from tests.builders import CASE_ID, NOW, OPENED, case, closed_case, mirror, person, registration, view
from tests.pipelines.deciding import CONTEXT, decided, with_rules
from tests.pipelines.world import World, numbered

KINDS = ("agreed", "changed", "conflicts", "to_a_person", "not_allowed")
MANAGED_ONCE = (Procedure(ProcedureKind.CASE_MANAGEMENT, "closed", OPENED, OPENED),)
MARK = (
    "from pipelines.deciding import rules_mark; from tests.pipelines.deciding import CONTEXT; "
    "print(rules_mark(CONTEXT))"
)


@pytest.mark.parametrize(
    ("one", "seen", "kind"),
    [
        (case(), view(), "agreed"),
        (case(mirror={}), view(), "changed"),
        (case(mirror={}), view(person(registration(has_keyword=False))), "changed"),
        (case(mirror=mirror({Facet.REGISTRATION: {"status": "inactive"}}, by="anne.favre")), view(), "conflicts"),
        (case(), view(person(family_name="Rey")), "conflicts"),
        (case(mirror={}), RegistryView(Sight.CANDIDATE, NOW), "to_a_person"),
        (case(procedures=MANAGED_ONCE, procurations=()), RegistryView(Sight.NOT_ALLOWED, NOW), "not_allowed"),
        (closed_case(procurations=()), RegistryView(Sight.NOT_ALLOWED, NOW), "not_allowed"),
    ],
)
def test_every_decided_case_is_exactly_one_of_the_five_kinds(one: CaseFile, seen: RegistryView, kind: str) -> None:
    counts = tally(decided(one, seen))
    assert {word: counts[word] for word in KINDS if counts[word]} == {kind: 1}


def test_the_tally_counts_work_items_and_registrations_asked_for() -> None:
    counts = tally(decided(case(mirror={}), RegistryView(Sight.UNKNOWN_PERSON, NOW)))
    assert (counts["work_items"], counts["registrations_asked"]) == (1, 1)


def test_the_tally_counts_what_is_only_observed() -> None:
    quiet = replace(CONTEXT, modes={})
    counts = tally(decided(case(mirror={}), view(person(registration(has_keyword=False))), context=quiet))
    assert (counts["observed"], counts["changed"]) == (3, 1)


def test_nothing_decided_counts_as_agreed_and_asks_nobody() -> None:
    assert tally(Decision(CASE_ID)) == {
        "decided": 1,
        "agreed": 1,
        "work_items": 0,
        "registrations_asked": 0,
        "observed": 0,
    }


def test_the_mark_of_the_rules_is_the_same_in_every_process() -> None:
    marks = {
        subprocess.run(
            [sys.executable, "-c", MARK],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert marks == {f"{rules_mark(CONTEXT)}\n"}


@pytest.mark.parametrize(
    "other",
    [
        with_rules(register_within=6),
        with_rules(resent_mails=frozenset({"reinsertion_confirmation"})),
        with_rules(statutes=Rules().statutes[:1]),
        with_rules(statutes=tuple(replace(one, inside_only=not one.inside_only) for one in Rules().statutes)),
        replace(CONTEXT, modes={}),
    ],
    ids=["a number", "a set", "fewer statutes", "a part of a statute", "a mode"],
)
def test_the_mark_changes_with_every_rule(other: object) -> None:
    assert rules_mark(other) != rules_mark(CONTEXT)  # type: ignore[arg-type]


def test_an_unchanged_case_is_not_decided_again_until_a_rule_changes(keyword_missing: World) -> None:
    world = keyword_missing
    world.night()
    world.settle()
    world.night()
    assert "decided" not in world.night().counts
    world.rules(register_within=6)
    assert world.night().counts["decided"] == 1


def test_a_flow_that_is_switched_on_decides_what_it_observed(keyword_missing: World) -> None:
    world = keyword_missing
    world.switch((Facet.KEYWORD, Target.PLASTA), active=False)
    run = world.night()
    assert (run.counts["observed"], world.plasta.written) == (1, [])
    world.switch((Facet.KEYWORD, Target.PLASTA))
    world.night()
    world.send()
    assert world.plasta.written == [("add_keyword", "AD000001")]


def test_deciding_nobody_again_is_no_work(world: World) -> None:
    assert decide_again([], world.needs) == 0


def test_decided_again_is_wished_once(keyword_missing: World) -> None:
    world = keyword_missing
    world.night()
    assert decide_again([CASE_ID, CASE_ID], world.needs) == 0
    assert len(world.intents()) == 1


def test_a_plan_holds_back_its_intents_and_work_items(world: World) -> None:
    one, _ = numbered(1)
    world.cii.put(one)
    run = world.night(apply=False)
    assert run.counts["registrations_asked"] == 1
    assert (world.send(), world.asked()) == ({}, [])
    assert {intent.state for intent in world.intents()} == {IntentState.PLANNED}


def test_a_plan_that_nobody_applied_is_made_anew_by_the_next_night(keyword_missing: World) -> None:
    world = keyword_missing
    first = world.night(apply=False)
    second = world.night()
    assert second.counts["wished"] == first.counts["wished"]
    world.settle()
    assert world.plasta.written == [("add_keyword", "AD000001")]
