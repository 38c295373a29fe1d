"""Steps that many tests of the store take: a page of cases, a look, a decision, a claim and its result."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from domain.cases import CaseFile
from domain.decision import CaseFacts, Decision
from domain.facets import Facet, FacetValue, Target
from domain.intents import Claim, IntentKind, Outcome, Result, Wish
from domain.people import CaseId, PersonalNumber
from domain.ports import CasePage
from domain.registrations import RegistryView
from domain.work_items import Ask, Role, WorkItemKind
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.tables import metadata
from store.transactions import Store
from tests import builders
from tests.builders import NOW, TODAY

RULES = "rules-1"
LEASE = timedelta(minutes=5)


def case_id(number: int) -> CaseId:
    """The id of an invented case."""
    return CaseId(f"CII-2026-{number:06d}")


def case(number: int = 1, **changes: Any) -> CaseFile:  # noqa: ANN401 - any field of a dataclass
    """The invented case of a number, its person with a number of her own."""
    person = builders.beneficiary(personal_number=PersonalNumber(f"1{number:07d}"))
    return builders.case(**{"case_id": case_id(number), "beneficiary": person, **changes})


def view(number: int = 1, read_at: datetime = NOW) -> RegistryView:
    """What PLASTA says about the case of that number."""
    return builders.view(builders.person(personal_number=PersonalNumber(f"1{number:07d}")), read_at=read_at)


def page(*files: CaseFile, cursor: str = "1") -> CasePage:
    """A page of cases."""
    return CasePage(files, (), cursor, more=False)


def seen(book: SqlCaseBook, *numbers: int, at: datetime = NOW) -> list[CaseFacts]:
    """Store cases and what PLASTA says about them; their facts."""
    book.save_cases(page(*(case(number) for number in numbers)), "cii", at, "R1")
    book.save_views({case_id(number): view(number, at) for number in numbers}, (), "R1")
    return list(book.facts([case_id(number) for number in numbers]).values())


def facts_of(book: SqlCaseBook, number: int = 1) -> CaseFacts:
    """The facts of one case as they are stored now."""
    return book.facts([case_id(number)])[case_id(number)]


def wish(
    number: int = 1,
    mark: str = "a",
    facet: Facet = Facet.REGISTRATION,
    *,
    kind: IntentKind = IntentKind.WRITE_BACK,
    target: Target = Target.CII,
    payload: Mapping[str, str] | None = None,
    settles: FacetValue | None = None,
) -> Wish:
    """A wish about a case; ``mark`` tells two of them apart."""
    key = f"{kind}:{case_id(number)}:{facet}:{mark}"
    return Wish(key, kind, target, facet, case_id(number), "cii-convention", payload or {}, "because", settles)


def mail(number: int, recipient: str, mark: str = "a") -> Wish:
    """A wish for a mail to a recipient."""
    payload = {"recipient": recipient, "template": "reinsertion_confirmation"}
    key = f"{mark}:{recipient}"
    return wish(number, key, Facet.REINSERTION, kind=IntentKind.SEND_MAIL, target=Target.MAIL, payload=payload)


def ask(number: int = 1, mark: str = "a", values: Mapping[str, str] | None = None) -> Ask:
    """An ask about a case."""
    kind = WorkItemKind.RESOLVE_CONFLICT
    return Ask(f"{kind}:{case_id(number)}:{mark}", kind, Role.TANDEM, case_id(number), TODAY, mark, values or {})


def decision(facts: CaseFacts, *wishes: Wish, asks: Iterable[Ask] = (), **changes: Any) -> Decision:  # noqa: ANN401
    """A decision about facts; ``changes`` are its other fields."""
    return Decision(facts.case.case_id, wishes=wishes, asks=tuple(asks), seen=facts.seen, **changes)


def commit(book: SqlCaseBook, *made: Decision, at: datetime = NOW, run_id: str = "R1", planned: bool = False) -> int:
    """Store decisions under the rules of the test."""
    return book.commit(made, RULES, run_id, at, planned=planned)


def wished(book: SqlCaseBook, *wishes: Wish, number: int = 1) -> None:
    """Store a case with these wishes decided, ready to be claimed."""
    commit(book, decision(seen(book, number)[0], *wishes))


def undecided(book: SqlCaseBook, rules: str = RULES, on: date = TODAY, size: int = 100) -> list[CaseId]:
    """The ids of what is undecided."""
    return [facts.case.case_id for chunk in book.undecided(rules, on, size) for facts in chunk]


def to_look_up(book: SqlCaseBook, on: date = TODAY, *, everything: bool = False) -> list[CaseId]:
    """The ids of what is to be looked up."""
    chunks = book.to_look_up(on, everything=everything, size=2)
    return [one.facts.case.case_id for chunk in chunks for one in chunk]


def claim(
    book: SqlIntentBook, now: datetime = NOW, worker: str = "one", limit: int = 10, ids: Sequence[str] | None = None
) -> Sequence[Claim]:
    """Claim for five minutes."""
    return book.claim(now, LEASE, limit, worker, ids)


def result(one: Claim, outcome: Outcome = Outcome.DONE, at: datetime = NOW, **changes: Any) -> Result:  # noqa: ANN401
    """How an attempt ended, a second after ``at``; a write-back tells the version that it made."""
    detail = {"detail": {"version": "2"}} if outcome in (Outcome.DONE, Outcome.ALREADY_SO) else {}
    return Result(one, outcome, at, at + timedelta(seconds=1), **{**detail, **changes})


def rows(store: Store) -> dict[str, int]:
    """How many rows each table holds, the empty ones left out."""
    with store.engine.connect() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count and name != "known_keys"}
