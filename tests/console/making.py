"""Intents, runs, tasks and requests for tests of the command line."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from domain.books import Request, Run, RunState
from domain.compare import Finding, Treatment
from domain.decision import FacetFinding
from domain.facets import Facet, Target
from domain.intents import Attempt, Intent, IntentKind, IntentState, Outcome, Wish
from domain.work_items import Ask, Role, WorkItem, WorkItemKind, WorkItemState
from tests.builders import CASE_ID, NOW
from tests.console.fakes import Stored


def intent(intent_id: str = "I1", state: IntentState = IntentState.DONE, **changes: Any) -> Intent:  # noqa: ANN401
    """A keyword to be set; ``changes`` go to the intent."""
    wish = Wish(
        key=f"set_keyword:{intent_id}",
        kind=IntentKind.SET_KEYWORD,
        target=Target.PLASTA,
        facet=Facet.KEYWORD,
        case_id=CASE_ID,
        basis="registration-duty",
        payload={"registration": "AD000001"},
        why="procedure C is open and the keyword is missing",
    )
    return replace(Intent(intent_id, wish, state, 1, 1, NOW, NOW, "R1"), **changes)


def mail(intent_id: str, recipient: str, state: IntentState) -> Intent:
    """A reinsertion mail to one recipient."""
    made = intent(intent_id, state)
    payload = {"recipient": recipient, "message_id": "<m@vs.example>"}
    wish = replace(
        made.wish, kind=IntentKind.SEND_MAIL, target=Target.MAIL, facet=Facet.REINSERTION, payload=payload, why="said"
    )
    return replace(made, wish=wish)


def attempt(number: int, outcome: Outcome | None) -> Attempt:
    """One try."""
    ended = NOW + timedelta(seconds=1) if outcome else None
    return Attempt(number, NOW, ended, outcome, "vm:1", "timeout", "no answer")


def run(run_id: str = "R1", state: RunState = RunState.DONE, **changes: Any) -> Run:  # noqa: ANN401
    """A nightly."""
    counts = {"seen": 500, "changed": 80, "conflicts": 7, "feed_dropped": 3}
    return replace(Run(run_id, "nightly", NOW, state, NOW, NOW + timedelta(seconds=9), counts), **changes)


def task(item_id: str, kind: WorkItemKind, role: Role = Role.TANDEM, **changes: Any) -> WorkItem:  # noqa: ANN401
    """A task of tandem and case 1; ``changes`` go to the ask."""
    ask = replace(Ask(f"{kind}:{CASE_ID}:x", kind, role, CASE_ID, date(2026, 11, 27), "a mark"), **changes)
    return WorkItem(item_id, ask, WorkItemState.OPEN, NOW)


def conflict(facet: Facet = Facet.IDENTITY) -> Stored:
    """A conflict about a facet of case 1, with both values."""
    cii = {"family_name": "bonvin", "first_name": "élodie", "birth_date": "1988-04-17"}
    plasta = {"family_name": "favre", "first_name": "élodie", "birth_date": "1988-04-17"}
    found = FacetFinding(facet, Finding.DIFFER_AT_FIRST_SIGHT, Treatment.CONFLICT, cii, plasta)
    return Stored(CASE_ID, NOW, found)


def request(**answer: str) -> Request:
    """A check of case 1, answered at once when there is an answer."""
    return Request("M1", "registration_check", CASE_ID, NOW, "cli:somebody", answer or None, NOW if answer else None)
