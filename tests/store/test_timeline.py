"""The timeline: everything that was done about a case, in order, and no value of it."""

from datetime import timedelta

from domain.books import Request
from domain.intents import Outcome
from domain.ports import BadRecord
from domain.registrations import RegistryView, Sight
from domain.work_items import WorkItemState
from store.case_book import SqlCaseBook
from store.inbox import SqlInbox
from store.intent_book import SqlIntentBook
from store.timeline import timeline
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests.builders import NOW
from tests.store.steps import ask, case_id, claim, commit, decision, result, seen, wish

HOUR = timedelta(hours=1)


def test_a_timeline_tells_what_was_done_in_order(
    store: Store, cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook
) -> None:
    first, second = seen(cases, 1, 2)
    commit(
        cases,
        decision(first, wish(1, settles={"status": "inactive"}), asks=[ask(1, values={"cii.family_name": "Bonvin"})]),
        decision(second, wish(2)),
        at=NOW + HOUR,
    )
    one = next(each for each in claim(intents, NOW + HOUR) if each.intent.wish.case_id == case_id(1))
    intents.record([result(one, Outcome.PARKED, NOW + 2 * HOUR, code="refused")])
    item = work.listed(frozenset({WorkItemState.OPEN}), case_id(1))
    work.close(item[0].item_id, "done", "ops", NOW + 3 * HOUR)
    inbox = SqlInbox(store)
    inbox.accept(Request("M1", "registration_check", case_id(1), NOW + 4 * HOUR, "tandem"))
    inbox.answer("M1", {"answer": "ok"}, NOW + 5 * HOUR)
    cases.save_views({case_id(1): RegistryView(Sight.UNKNOWN_PERSON, NOW + 6 * HOUR)}, (), "R2")
    bad = BadRecord("plasta", "10000001", "office", "missing", b"Bonvin")
    cases.save_views({}, [(case_id(1), bad)], "R3")

    entries = timeline(store, case_id(1))

    told = {(entry.source, entry.what, entry.about) for entry in entries}
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert told == {
        ("case", "first_seen", ""),
        ("case", "read", ""),
        ("decision", "decided", ""),
        ("intent", "wanted", "write_back"),
        ("attempt", "parked", "write_back"),
        ("work_item", "opened", "resolve_conflict"),
        ("work_item", "done", "resolve_conflict"),
        ("request", "accepted", "registration_check"),
        ("request", "answered", "registration_check"),
        ("view", "read", "unknown_person"),
        ("binding", "bound", ""),
        ("binding", "ended", ""),
        ("quarantine", "noted", "plasta: office: missing"),
    }
    assert one.intent.intent_id in {entry.reference for entry in entries}
    assert "Bonvin" not in str(entries)
    assert case_id(2) not in str(entries)


def test_an_attempt_that_never_ended_is_shown_as_such(store: Store, cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, wish()))
    claim(intents)

    told = [(one.source, one.what, one.about) for one in timeline(store, case_id(1))]
    assert ("attempt", "running", "write_back") in told


def test_a_stranger_has_no_timeline(store: Store) -> None:
    assert timeline(store, case_id(1)) == []
