"""Work items: open once per key, ended once by a person, soonest due first."""

from dataclasses import replace
from datetime import timedelta

from domain.work_items import WorkItemState
from store.switchboard import SqlSwitchboard
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests.builders import NOW, TODAY
from tests.store.steps import ask, case_id

OPEN, DONE = frozenset({WorkItemState.OPEN}), frozenset({WorkItemState.DONE})


def test_a_work_item_is_open_once_per_key(work: SqlWorkBook) -> None:
    asked = ask(values={"cii": "Bonvin"})

    assert work.open(asked, NOW)
    assert not work.open(replace(asked, values={}), NOW)

    (item,) = work.listed(OPEN)
    assert (item.ask, item.state, item.opened_at, item.ended_at) == (asked, WorkItemState.OPEN, NOW, None)


def test_a_person_ends_it_once_and_says_why(store: Store, work: SqlWorkBook) -> None:
    work.open(ask(), NOW)
    (item,) = work.listed(OPEN)

    assert work.close(item.item_id, "corrected in PLASTA", "a.favre", NOW)
    assert not work.close(item.item_id, "again", "a.favre", NOW)
    assert not work.close("W-unknown", "", "a.favre", NOW)

    (ended,) = work.listed(DONE)
    assert (ended.end_reason, ended.ended_at) == ("corrected in PLASTA", NOW)
    (change,) = SqlSwitchboard(store).log()
    assert (change.what, change.about, change.by) == ("close", item.item_id, "a.favre")
    assert work.open(ask(), NOW), "its key is free again"


def test_the_soonest_due_comes_first(work: SqlWorkBook) -> None:
    for days, number in ((3, 1), (1, 2), (2, 1)):
        work.open(replace(ask(number, str(days)), due_on=TODAY + timedelta(days=days)), NOW)
    nobodys = replace(ask(3, "halt"), case_id=None)
    work.open(nobodys, NOW)

    assert [item.ask.about for item in work.listed(OPEN)] == ["halt", "1", "2", "3"]
    assert [item.ask.about for item in work.listed(OPEN, case_id(1))] == ["2", "3"]
    assert [item.ask.about for item in work.listed(OPEN, limit=1)] == ["halt"]
    assert work.listed(OPEN)[0].ask == nobodys
    assert work.listed(DONE) == []


def test_items_whose_cause_went_away_end_by_their_keys(work: SqlWorkBook) -> None:
    for mark in "abc":
        work.open(ask(mark=mark), NOW)
    (done,) = (item for item in work.listed(OPEN) if item.ask.about == "c")
    work.close(done.item_id, "done", "ops", NOW)

    assert work.moot([ask(mark=mark).key for mark in "bcx"], NOW) == 1
    assert work.moot([], NOW) == 0

    assert [item.ask.about for item in work.listed(OPEN)] == ["a"]
    assert [item.ask.about for item in work.listed(frozenset({WorkItemState.MOOT}))] == ["b"]
