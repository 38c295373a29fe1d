"""How long the store needs for a nightly, without any network: `python -m bench.store_nightly [CASES] [DATABASE_URL]`.

Three nights over the same invented cases: the first stores, decides and wishes for everything; the second reads every
case again and finds nothing changed; the third is a full sweep that looks everybody up again, changed or not.
Bars on SQLite with 20,000 cases: 30 s for the first, 3 s for the second.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from domain.cases import CaseFile, Procedure, ProcedureKind, TeamMember, TeamRole
from domain.compare import Finding, Treatment
from domain.consent_terms import Category, Procuration
from domain.decision import CaseFacts, Decision, FacetFinding
from domain.facets import Facet, Language, Target
from domain.intents import IntentKind, Wish
from domain.people import AvsNumber, Beneficiary, CaseId, PersonalNumber, RegistrationId
from domain.ports import CasePage
from domain.registrations import Registration, RegistryPerson, RegistryView, Sight
from domain.work_items import Ask, Role, WorkItemKind
from store.case_book import SqlCaseBook
from store.opening import open_store, prepare

PAGE = 500
CHUNK = 200
DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
BIRTH = date(1980, 5, 17)


def case_file(number: int) -> CaseFile:
    """An invented case of ordinary size."""
    team = tuple(
        TeamMember(role, "orp-sion", f"Member {role}", f"{role}@orp.example", Language.FR) for role in TeamRole
    )
    return CaseFile(
        case_id=CaseId(f"CII-{number:06d}"),
        version=1,
        changed_at=NOW - timedelta(days=1),
        region="sion",
        language=Language.FR,
        beneficiary=Beneficiary(
            f"Family{number}",
            "Given",
            BIRTH,
            Language.FR,
            AvsNumber(f"756{number:010d}"),
            PersonalNumber(f"{number:08d}"),
            "Sion",
        ),
        procedures=(Procedure(ProcedureKind.COACHING, "running", DAY - timedelta(days=90)),),
        team=team,
        procurations=(Procuration("P1", DAY, DAY + timedelta(days=300), frozenset({"orp-sion"}), frozenset(Category)),),
    )


def view_of(facts: CaseFacts, read_at: datetime) -> RegistryView:
    """What an invented PLASTA says about the case."""
    person = facts.case.beneficiary
    number = person.personal_number or PersonalNumber("")
    registrations = (
        Registration(
            RegistrationId(f"AD{number[-6:]}"),
            active=True,
            office="VSO10",
            registered_on=DAY,
            has_keyword=False,
            version=1,
        ),
    )
    return RegistryView(
        Sight.BOUND,
        read_at,
        RegistryPerson(number, person.family_name, person.first_name, person.birth_date, registrations),
    )


def decision_about(facts: CaseFacts) -> Decision:
    """Two findings, two wishes, a settled facet, and for every tenth case a work item: more than a real first night."""
    case_id = facts.case.case_id
    findings = tuple(
        FacetFinding(
            facet, Finding.PLASTA_ONLY, Treatment.WRITE_CII, None, {"status": "registered"}, Target.CII, active=True
        )
        for facet in (Facet.REGISTRATION, Facet.KEYWORD_STATE)
    )
    wishes = tuple(
        Wish(f"{facet}:{case_id}", IntentKind.WRITE_BACK, Target.CII, facet, case_id, "basis", {}, "why", {"a": "b"})
        for facet in (Facet.REGISTRATION, Facet.KEYWORD_STATE)
    )
    asks = (Ask(f"register:{case_id}", WorkItemKind.REGISTER_PERSON, Role.TANDEM, case_id, DAY),)
    return Decision(
        case_id,
        findings,
        wishes,
        asks if case_id.endswith("0") else (),
        {Facet.IDENTITY: {"family_name": facts.case.beneficiary.family_name}},
        seen=facts.seen,
    )


@contextmanager
def timed(what: str, spent: dict[str, float]) -> Iterator[None]:
    """Add what a block takes, in seconds of wall clock."""
    start = time.perf_counter()
    yield
    spent[what] = spent.get(what, 0.0) + time.perf_counter() - start


def night(book: SqlCaseBook, cases: list[CaseFile], at: datetime, *, sweep: bool) -> dict[str, float]:
    """One nightly over all cases; seconds by step."""
    spent: dict[str, float] = {}
    with timed("save_cases", spent):
        for start in range(0, len(cases), PAGE):
            page = CasePage(tuple(cases[start : start + PAGE]), (), str(start), more=True)
            book.save_cases(page, "cii", at, "R1")
    with timed("to_look_up", spent):
        chunks = list(book.to_look_up(DAY, everything=sweep, size=CHUNK))
    for chunk in chunks:
        views = {one.facts.case.case_id: view_of(one.facts, at) for one in chunk}
        with timed("save_views", spent):
            book.save_views(views, (), "R1")
    with timed("undecided", spent):
        undecided = list(book.undecided("rules", DAY, CHUNK))
    for facts in undecided:
        decisions = [decision_about(one) for one in facts]
        with timed("commit", spent):
            book.commit(decisions, "rules", "R1", at, planned=True)
    return spent


def main(count: int, url: str | None) -> None:
    """Run both nights and print what they took."""
    with tempfile.TemporaryDirectory() as folder:
        address = url or f"sqlite:///{Path(folder) / 'bench.db'}"
        key_file = Path(folder) / "bench.key"
        clock: Callable[[], datetime] = lambda: NOW  # noqa: E731 - a clock that stands still
        prepare(address, key_file, clock)
        store = open_store(address, key_file, clock)
        cases = [case_file(number) for number in range(count)]
        for hours, name in enumerate(("first", "second", "sweep")):
            spent = night(SqlCaseBook(store), cases, NOW + timedelta(hours=hours), sweep=name == "sweep")
            parts = ", ".join(f"{what} {seconds:.2f}" for what, seconds in spent.items())
            print(f"{name}, {count} cases: {sum(spent.values()):.2f} s ({parts})")
        store.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, sys.argv[2] if len(sys.argv) > 2 else None)  # noqa: PLR2004
