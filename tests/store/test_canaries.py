"""S23: after everything was filled, no name, number or address of a person stands in the raw files, WAL included."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.books import Request
from domain.compare import Finding, Treatment
from domain.decision import FacetFinding
from domain.facets import Facet, Language
from domain.intents import Outcome
from domain.people import AvsNumber, PersonalNumber
from domain.ports import BadRecord, CasePage
from store.case_book import SqlCaseBook
from store.case_tables import cases as case_table
from store.case_tables import views as view_table
from store.inbox import SqlInbox
from store.intent_book import SqlIntentBook
from store.opening import open_store, prepare
from store.schema import SealedColumn
from store.tables import metadata
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests import builders
from tests.builders import NOW
from tests.fakes import Clock
from tests.store.steps import ask, case, case_id, claim, commit, decision, facts_of, result, rows, view, wish

FAMILY, GIVEN, PLACE, MEMBER = "Zzcanaryson", "Qqcanaryne", "Xxcanaryville", "Wwcanaryrep"
AVS, NUMBER = AvsNumber("7560000000017"), PersonalNumber("87654321")
CANARIES = (FAMILY, GIVEN, PLACE, MEMBER, AVS, NUMBER, "1977-03-21", "canary.mail")


def fill(store: Store) -> None:
    """Every table with a sealed column gets a row, every sealed value a canary."""
    cases, intents, work, inbox = SqlCaseBook(store), SqlIntentBook(store), SqlWorkBook(store), SqlInbox(store)
    born = builders.BORN.replace(year=1977, month=3, day=21)
    person = builders.beneficiary(
        family_name=FAMILY, first_name=GIVEN, birth_date=born, avs_number=AVS, personal_number=NUMBER, locality=PLACE
    )
    member = replace(builders.case().team[0], name=MEMBER, email="rep@canary.mail.example", language=Language.DE)
    raw = f'{{"familyName": "{FAMILY}", "avs": "{AVS}"}}'.encode()
    bad = BadRecord("cii", case_id(9), "beneficiary.avs", "check digit", raw)
    told = case(beneficiary=person, team=(member,))
    cases.save_cases(CasePage((told,), (bad,), "1", more=False), "cii", NOW, "R1")
    found = builders.person(
        family_name=FAMILY, first_name=GIVEN, birth_date=born, personal_number=NUMBER, avs_number=AVS
    )
    cases.save_views({case_id(1): builders.view(found)}, [], "R1")
    value = {"family_name": FAMILY, "birth_date": born.isoformat()}
    finding = FacetFinding(Facet.IDENTITY, Finding.BOTH_MOVED, Treatment.CONFLICT, value, {"first_name": GIVEN})
    asked = ask(values={"candidate.1": NUMBER, "family_name": FAMILY})
    wanted = wish(payload={"recipient": "rep@canary.mail.example", "name": FAMILY}, settles=value)
    settled = {Facet.IDENTITY: value}
    commit(cases, decision(facts_of(cases), wanted, asks=[asked], findings=(finding,), settled=settled))
    (one,) = claim(intents)
    intents.record([result(one, Outcome.DONE, detail={"version": "2", "name": FAMILY})])
    work.open(ask(mark="b", values={"number": NUMBER}), NOW)
    inbox.accept(Request("M1", "registration_check", case_id(1), NOW, "tandem"))
    inbox.answer("M1", {"answer": "is_it_her", "name": FAMILY, "number": NUMBER}, NOW)
    cases.note_changed(frozenset({NUMBER, PersonalNumber("87654320")}), "plasta", "7")


def test_every_sealed_column_is_filled_by_this_test(store: Store) -> None:
    fill(store)

    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedColumn):
                with store.engine.connect() as connection:
                    filled = connection.execute(select(column).where(column.is_not(None)).limit(1)).first()
                assert filled is not None, f"{table.name}.{column.name}"
    assert set(rows(store)) >= {"cases", "views", "bindings", "agreements", "findings", "quarantine"}


def test_s23_no_canary_stands_in_the_raw_files(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cii.db'}"
    prepare(url, tmp_path / "cii.key", Clock())
    store = open_store(url, tmp_path / "cii.key", Clock())

    fill(store)

    assert (tmp_path / "cii.db-wal").stat().st_size > 0
    for file in tmp_path.iterdir():
        raw = file.read_bytes().lower()
        assert not [canary for canary in CANARIES if canary.lower().encode() in raw], file.name
    store.engine.dispose()
    raw = (tmp_path / "cii.db").read_bytes().lower()
    assert case_id(1).lower().encode() in raw, "the search finds what is there"
    assert not [canary for canary in CANARIES if canary.lower().encode() in raw]


def test_s23_no_canary_stands_in_any_column_of_either_database(store: Store) -> None:
    fill(store)

    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                cells = [cell.raw if hasattr(cell, "raw") else cell for cell in row]
                text = " ".join(repr(cell) for cell in cells).lower()
                assert not [canary for canary in CANARIES if canary.lower() in text], table.name


@pytest.mark.parametrize(("one", "two"), [(1, 2), (2, 1)])
def test_f77_documents_swapped_between_two_rows_do_not_open(store: Store, one: int, two: int) -> None:
    cases = SqlCaseBook(store)
    cases.save_cases(CasePage((case(1), case(2)), (), "1", more=False), "cii", NOW, "R1")
    with store.engine.begin() as connection:
        foreign = connection.execute(
            select(case_table.c.document).where(case_table.c.case_id == case_id(two))
        ).scalar_one()
        update = case_table.update().where(case_table.c.case_id == case_id(one))
        connection.execute(update.values(document=foreign))

    with pytest.raises(Exception, match=r"does not open under key .*") as caught:
        cases.facts([case_id(one)])

    assert case_id(one) in str(caught.value)
    assert list(cases.facts([case_id(two)])) == [case_id(two)]


def test_f77_a_document_in_another_column_does_not_open(store: Store) -> None:
    cases = SqlCaseBook(store)
    cases.save_cases(CasePage((case(1),), (), "1", more=False), "cii", NOW, "R1")
    cases.save_views({case_id(1): view(1, NOW + timedelta(hours=1))}, (), "R1")
    with store.engine.begin() as connection:
        foreign = connection.execute(select(case_table.c.document)).scalar_one()
        connection.execute(view_table.update().values(document=foreign))

    with pytest.raises(Exception, match=r"views\.document does not open"):
        cases.facts([case_id(1)])


def test_equal_persons_leave_unequal_bytes(store: Store) -> None:
    cases = SqlCaseBook(store)
    same = builders.beneficiary()
    page = CasePage((case(1, beneficiary=same), case(2, beneficiary=same)), (), "1", more=False)
    cases.save_cases(page, "cii", NOW, "R1")

    with store.engine.connect() as connection:
        one, two = connection.execute(select(case_table.c.document, case_table.c.person)).all()

    assert one.document.raw != two.document.raw
    assert one.person == two.person, "and are found together by their keyed hash"
