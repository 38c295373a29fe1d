"""Pages of cases: the cursor moves with its page, nothing unchanged is written, nothing newer is overwritten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases import Mirrored
from domain.consent_terms import Category
from domain.facets import Facet, System
from domain.intents import Outcome
from domain.people import AvsNumber, PersonalNumber
from domain.ports import BadRecord, CasePage
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.transactions import Store
from tests import builders
from tests.builders import NOW
from tests.fakes import Clock
from tests.store.steps import case, case_id, claim, facts_of, page, result, rows, seen, to_look_up, wish, wished
from tests.store.written import statements_that_write

LATER = NOW + timedelta(hours=1)
BAD = BadRecord("cii", case_id(9), "procedures[0].state", "unknown code", b'{"family_name": "Bonvin"}')


def test_a_case_comes_back_as_it_was_told(cases: SqlCaseBook) -> None:
    told = case(exit=None, procurations=(builders.procuration(categories=frozenset(Category)),))

    cases.save_cases(page(told), "cii", NOW, "R1")

    assert facts_of(cases).case == told


def test_the_cursor_moves_with_its_page(cases: SqlCaseBook) -> None:
    assert cases.cursor("cii") is None

    cases.save_cases(page(case(), cursor="17"), "cii", NOW, "R1")

    assert cases.cursor("cii") == "17"


def test_a_page_that_cannot_be_stored_moves_nothing(cases: SqlCaseBook) -> None:
    unreadable = CasePage((case(),), (replace(BAD, path=None),), "18", more=False)  # type: ignore[arg-type]

    with pytest.raises(Exception, match="path"):
        cases.save_cases(unreadable, "cii", NOW, "R1")

    assert cases.cursor("cii") is None
    assert cases.facts([case_id(1)]) == {}


def test_counts_tell_new_changed_and_bad_apart(cases: SqlCaseBook) -> None:
    first = cases.save_cases(CasePage((case(1), case(2)), (BAD,), "1", more=True), "cii", NOW, "R1")
    second = cases.save_cases(page(case(1), case(2, region="oberwallis")), "cii", LATER, "R2")

    assert (first.seen, first.changed, first.quarantined) == (3, 2, 1)
    assert (second.seen, second.changed, second.quarantined) == (2, 1, 0)


def test_an_unchanged_page_writes_nothing(store: Store, cases: SqlCaseBook, clock: Clock) -> None:
    told = CasePage((case(1), case(2)), (BAD,), "1", more=False)
    cases.save_cases(told, "cii", NOW, "R1")
    clock.wait(3600)
    before = rows(store)

    with statements_that_write(store.engine) as written:
        counted = cases.save_cases(told, "cii", LATER, "R2")

    assert [one for one in written if not one.startswith("DELETE")] == []
    assert rows(store) == before
    assert counted.changed == 0


def test_the_order_of_recipients_is_no_change(cases: SqlCaseBook) -> None:
    many = frozenset(f"orp-{letter}" for letter in "abcdefgh")
    cases.save_cases(page(case(procurations=(builders.procuration(recipients=many),))), "cii", NOW, "R1")

    shuffled = frozenset(sorted(many, reverse=True))
    again = cases.save_cases(page(case(procurations=(builders.procuration(recipients=shuffled),))), "cii", LATER, "R2")

    assert again.changed == 0


def test_a_new_version_is_kept_and_decides_nothing(cases: SqlCaseBook) -> None:
    seen(cases, 1)
    before = facts_of(cases)
    renumbered = {facet: replace(one, version=9) for facet, one in before.case.mirror.items()}

    counted = cases.save_cases(page(case(version=5, mirror=renumbered)), "cii", LATER, "R2")

    after = facts_of(cases)
    assert counted.changed == 0
    assert after.seen == before.seen
    assert after.case.version == 5
    assert after.case.mirrored(Facet.REGISTRATION).version == 9
    assert to_look_up(cases) == []


def test_a_page_asked_for_before_our_write_keeps_our_mirror_and_its_news(
    cases: SqlCaseBook, intents: SqlIntentBook
) -> None:
    wished(cases, wish(settles={"status": "inactive"}))
    (one,) = claim(intents)
    intents.record([result(one, Outcome.DONE, LATER)])

    cases.save_cases(page(case(version=2, region="oberwallis")), "cii", NOW, "R2")

    stored = facts_of(cases).case
    assert stored.mirrored(Facet.REGISTRATION) == Mirrored(2, {"status": "inactive"}, "cii-sync")
    assert stored.region == "oberwallis"

    cases.save_cases(page(case(version=3, mirror={})), "cii", NOW + timedelta(minutes=1), "R2")
    assert facts_of(cases).case.mirror == {Facet.REGISTRATION: stored.mirrored(Facet.REGISTRATION)} | {
        Facet.KEYWORD_STATE: stored.mirrored(Facet.KEYWORD_STATE)
    }, "a second late page neither"


def test_a_page_asked_for_after_our_write_is_the_truth(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish(settles={"status": "inactive"}))
    (one,) = claim(intents)
    intents.record([result(one, Outcome.DONE, NOW)])

    cases.save_cases(page(case(mirror={})), "cii", LATER, "R2")

    assert facts_of(cases).case.mirror == {}


def test_an_older_answer_does_not_hide_a_newer_version(cases: SqlCaseBook) -> None:
    cases.save_case(case(version=3, region="oberwallis"), LATER)

    cases.save_cases(page(case(version=2)), "cii", NOW, "R2")

    assert facts_of(cases).case.region == "oberwallis"


def test_the_same_case_twice_on_a_page_is_its_last_state(cases: SqlCaseBook) -> None:
    counted = cases.save_cases(page(case(), case(version=2, region="oberwallis")), "cii", NOW, "R1")

    assert counted.changed == 1
    assert facts_of(cases).case.region == "oberwallis"


def test_quarantine_keeps_the_first_day_and_ends_when_the_case_can_be_read(cases: SqlCaseBook, clock: Clock) -> None:
    cases.save_cases(CasePage((), (BAD,), "1", more=False), "cii", NOW, "R1")
    clock.wait(86400)
    cases.save_cases(CasePage((), (replace(BAD, reason="missing"),), "2", more=False), "cii", NOW, "R2")

    (held,) = cases.quarantine()
    assert (held.system, held.reference, held.path, held.reason) == ("cii", case_id(9), BAD.path, "missing")
    assert held.since == NOW
    assert cases.bad_record(System.CII, case_id(9)) == BAD.raw

    cases.save_case(case(9), clock())
    assert cases.quarantine() == []
    assert cases.bad_record(System.CII, case_id(9)) is None


def test_records_without_an_id_are_kept_apart_by_what_they_say(cases: SqlCaseBook) -> None:
    nameless = replace(BAD, reference="item 0 of its page", path="caseId", raw=b'{"caseId": 1}')
    other = replace(nameless, raw=b'{"caseId": 2}')
    cases.save_cases(CasePage((), (nameless,), "1", more=True), "cii", NOW, "R1")
    cases.save_cases(CasePage((), (other,), "2", more=True), "cii", NOW, "R1")
    cases.save_cases(CasePage((), (nameless,), "3", more=False), "cii", LATER, "R2")

    references = [one.reference for one in cases.quarantine()]
    assert len(references) == 2
    assert {cases.bad_record(System.CII, one) for one in references} == {nameless.raw, other.raw}


def test_a_person_is_found_by_either_number(cases: SqlCaseBook) -> None:
    cases.save_cases(page(case(1), case(2)), "cii", NOW, "R1")
    cases.save_case(case(3, beneficiary=builders.beneficiary(avs_number=None, personal_number=None)), NOW)

    assert cases.cases_of(PersonalNumber("10000002"), None) == [case_id(2)]
    assert cases.cases_of(None, builders.AVS) == [case_id(1), case_id(2)]
    assert cases.cases_of(None, AvsNumber("10000002")) == []
    assert cases.cases_of(None, None) == []
