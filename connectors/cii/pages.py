"""Reading page after page without trusting the pages: loops, cursors that go back, single bad records (F44, F45)."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from connectors.failures import ForeignError
from domain.cases import CaseFile
from domain.errors import InvalidRecordError, MappingError
from domain.ports import BadRecord, CasePage
from mappings import identifiers
from mappings.cii.cases import to_case, to_page
from mappings.cii.wire import PageShape

MOST_PAGES = 200_000
"""No canton has that many changes; beyond it something repeats in a way that nothing else noticed."""


@dataclass(slots=True)
class PageGuard:
    """What the pages so far allow the next one to be. A server may repeat a case, but it must go on."""

    seen: set[str] = field(default_factory=set)
    newest: int = 0
    count: int = 0

    def check(self, page: PageShape, asked_since: str | None) -> None:
        """Raise ``ForeignError`` when this page does not lead anywhere new."""
        self.count += 1
        if asked_since is not None:
            self.seen.add(asked_since)
        if page.more and page.next_cursor in self.seen:
            raise ForeignError("the pages lead back to where they came from", code="PAGES_REPEAT")
        newest = max((_sequence(item) for item in page.items), default=0)
        if newest and newest <= self.newest:
            raise ForeignError("the changes go back to where they were before", code="CURSOR_REGRESS")
        self.newest = max(self.newest, newest)
        if self.count > MOST_PAGES:
            raise ForeignError(f"more than {MOST_PAGES} pages", code="PAGES_REPEAT")


def read_page(value: Mapping[str, Any], guard: PageGuard, since: str | None, system: str) -> CasePage:
    """One page, its bad records apart. A page that breaks the contract as a whole is a ``ForeignError``."""
    try:
        page = to_page(value)
    except MappingError as error:
        raise ForeignError(f"the page is not of the contract at {error.path}", code="PAGE") from None
    guard.check(page, since)
    cases: list[CaseFile] = []
    bad: list[BadRecord] = []
    for place, item in enumerate(page.items):
        try:
            cases.append(to_case(item))
        except MappingError as error:
            bad.append(bad_record(error, item, place, system))
    return CasePage(tuple(cases), tuple(bad), page.next_cursor, page.more)


def bad_record(error: MappingError, item: object, place: int, system: str) -> BadRecord:
    """What quarantine needs: path, reason, and the record as it came, for support."""
    reference = f"item {place} of its page"
    if isinstance(item, dict) and isinstance(item.get("caseId"), str):
        with suppress(InvalidRecordError):  # else its place in the page is all there is to name it by
            reference = identifiers.case_id(item["caseId"], "caseId")
    return BadRecord(system, reference, error.path, error.reason, json.dumps(item).encode("ascii"))


def _sequence(item: object) -> int:
    sequence = item.get("sequence") if isinstance(item, dict) else None
    return sequence if isinstance(sequence, int) else 0
