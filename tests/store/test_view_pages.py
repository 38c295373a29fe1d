"""Views of the registry: who is to be looked up, what a look changes, whom a case is bound to."""

from dataclasses import replace
from datetime import timedelta

from domain.facets import Facet, Target
from domain.intents import IntentKind, Outcome
from domain.people import CaseId, PersonalNumber
from domain.ports import BadRecord
from domain.registrations import RegistryView, Sight
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.transactions import Store
from tests import builders
from tests.builders import NOW, TODAY
from tests.fakes import Clock
from tests.store.steps import (
    case,
    case_id,
    claim,
    commit,
    decision,
    facts_of,
    page,
    result,
    rows,
    seen,
    to_look_up,
    view,
    wish,
    wished,
)
from tests.store.written import statements_that_write

LATER = NOW + timedelta(hours=1)
NUMBER = PersonalNumber("10000001")
BAD = BadRecord("plasta", "10000001", "registrations[0].office", "missing", b"<stes/>")


def look(cases: SqlCaseBook, number: int, found: RegistryView) -> int:
    return cases.save_views({case_id(number): found}, (), "R2")


def test_a_view_comes_back_as_it_was_read(cases: SqlCaseBook) -> None:
    (facts,) = seen(cases, 1)

    assert facts.view == view(1)


def test_new_cases_are_looked_up_once_and_chunks_hold_every_case_once(cases: SqlCaseBook) -> None:
    cases.save_cases(page(*(case(number) for number in range(1, 6))), "cii", NOW, "R1")
    assert to_look_up(cases) == [case_id(number) for number in range(1, 6)]

    cases.save_views({case_id(number): view(number) for number in range(1, 6)}, (), "R1")

    assert to_look_up(cases) == []
    assert to_look_up(cases, everything=True) == [case_id(number) for number in range(1, 6)]


def test_a_changed_case_is_looked_up_again(cases: SqlCaseBook, clock: Clock) -> None:
    seen(cases, 1, 2)
    clock.wait(60)

    cases.save_case(case(2, region="oberwallis"), clock())

    assert to_look_up(cases) == [case_id(2)]


def test_a_look_asked_for_before_the_change_does_not_answer_it(cases: SqlCaseBook, clock: Clock) -> None:
    seen(cases, 1)
    clock.wait(60)
    cases.save_case(case(region="oberwallis"), clock())

    look(cases, 1, view(1, NOW))
    assert to_look_up(cases) == [case_id(1)]

    look(cases, 1, view(1, clock()))
    assert to_look_up(cases) == []


def test_whoever_is_not_bound_stays_to_be_looked_up(cases: SqlCaseBook) -> None:
    seen(cases, 1, 2, 3)
    look(cases, 2, RegistryView(Sight.UNKNOWN_PERSON, LATER))
    look(cases, 3, RegistryView(Sight.NOT_ALLOWED, LATER, denied_because=("expired",)))

    assert to_look_up(cases) == [case_id(2), case_id(3)]


def test_the_passing_of_time_alone_makes_a_look_due(cases: SqlCaseBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, recheck_on=TODAY + timedelta(days=2)))

    assert to_look_up(cases, TODAY + timedelta(days=1)) == []
    assert to_look_up(cases, TODAY + timedelta(days=2)) == [case_id(1)]


def test_the_feed_marks_whom_we_follow_and_drops_the_rest(store: Store, cases: SqlCaseBook) -> None:
    seen(cases, 1, 2)
    before = rows(store)

    followed = cases.note_changed(frozenset({NUMBER, PersonalNumber("99999999")}), "plasta", "41")

    assert followed == 1
    assert to_look_up(cases) == [case_id(1)]
    assert cases.cursor("plasta") == "41"
    assert rows(store) == {**before, "cursors": 2}


def test_two_cases_of_one_person_are_one_person_of_the_feed(cases: SqlCaseBook) -> None:
    seen(cases, 1, 2)
    look(cases, 2, view(1, LATER))

    assert cases.note_changed(frozenset({NUMBER}), "plasta", "42") == 1
    assert to_look_up(cases) == [case_id(1), case_id(2)]


def test_an_unchanged_look_writes_nothing(store: Store, cases: SqlCaseBook) -> None:
    seen(cases, 1, 2)

    with statements_that_write(store.engine) as written:
        changed = cases.save_views({case_id(1): view(1, LATER), case_id(2): view(2, LATER)}, (), "R2")

    assert changed == 0
    assert [one for one in written if not one.startswith("DELETE")] == []


def test_a_new_version_of_a_registration_is_kept_and_decides_nothing(cases: SqlCaseBook) -> None:
    (before,) = seen(cases, 1)
    renumbered = builders.person(builders.registration(version=8), personal_number=NUMBER)

    assert look(cases, 1, builders.view(renumbered, read_at=LATER)) == 0

    after = facts_of(cases)
    assert after.seen == before.seen
    assert after.view == builders.view(renumbered, read_at=LATER)


def test_a_look_asked_for_before_our_effect_is_left_out_and_repeated(
    cases: SqlCaseBook, intents: SqlIntentBook
) -> None:
    effect = wish(
        facet=Facet.KEYWORD,
        kind=IntentKind.SET_KEYWORD,
        target=Target.PLASTA,
        payload={"registration": "AD000001"},
        settles={"present": "yes"},
    )
    wished(cases, effect)
    without = builders.person(builders.registration(has_keyword=False), personal_number=NUMBER)
    look(cases, 1, builders.view(without, read_at=NOW))
    (one,) = claim(intents)
    intents.record([result(one, Outcome.DONE, LATER)])

    changed = look(cases, 1, builders.view(without, read_at=NOW))

    stored = facts_of(cases).view
    assert changed == 0
    assert stored is not None
    assert stored.person is not None
    assert stored.person.registrations[0].has_keyword
    assert to_look_up(cases) == [case_id(1)]


def test_a_case_is_bound_by_a_sure_look_only(cases: SqlCaseBook) -> None:
    seen(cases, 1)
    assert cases.bound_to(case_id(1)) == NUMBER

    look(cases, 1, RegistryView(Sight.NOT_ALLOWED, LATER))
    assert cases.bound_to(case_id(1)) == NUMBER, "a missing basis says nothing about who she is"

    look(cases, 1, RegistryView(Sight.OTHER_BIRTH_DATE, LATER, candidates=(NUMBER,)))
    assert cases.bound_to(case_id(1)) is None


def test_a_merged_person_binds_to_the_number_that_lives_on(store: Store, cases: SqlCaseBook) -> None:
    seen(cases, 1)
    survivor = PersonalNumber("20000001")
    merged = builders.person(personal_number=NUMBER, merged_into=survivor)

    look(cases, 1, builders.view(merged, read_at=LATER))

    assert cases.bound_to(case_id(1)) == survivor
    assert cases.cases_of(survivor, None) == [case_id(1)]
    assert rows(store)["bindings"] == 2


def test_a_bound_number_goes_with_the_case_to_the_next_look(cases: SqlCaseBook) -> None:
    seen(cases, 1)

    ((one,),) = cases.to_look_up(TODAY, everything=True, size=10)

    assert one.bound_to == NUMBER
    assert one.facts.view == view(1)


def test_a_bad_answer_is_quarantined_under_the_case_and_asked_for_again(cases: SqlCaseBook) -> None:
    seen(cases, 1)

    cases.save_views({}, [(case_id(1), BAD)], "R2")

    (held,) = cases.quarantine()
    assert (held.system, held.reference, held.path) == ("plasta", case_id(1), BAD.path)
    assert to_look_up(cases) == [case_id(1)]
    assert facts_of(cases).view == view(1), "nothing is concluded from it"

    look(cases, 1, view(1, LATER))
    assert cases.quarantine() == []
    assert to_look_up(cases) == []


def test_chunks_leave_no_transaction_open(store: Store, cases: SqlCaseBook) -> None:
    seen(cases, 1, 2, 3)
    chunks = cases.to_look_up(TODAY, everything=True, size=1)

    order: list[CaseId] = []
    for chunk in chunks:
        assert store.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        order.append(chunk[0].facts.case.case_id)
        cases.save_case(replace(chunk[0].facts.case, region="oberwallis"), LATER)

    assert order == [case_id(1), case_id(2), case_id(3)]
