"""PLASTA's change feed, page by page: it must rise, it may not repeat, and a hole in it is told (F45, F46)."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from connectors.failures import ForeignError
from connectors.plasta.operations import SYSTEM, Operations, Reply, whole
from domain.errors import ContractBrokenError
from domain.people import PersonalNumber
from domain.ports import ChangePage
from mappings import identifiers

PAGE = 300
_OPERATION = "getAenderungen"
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Patience:
    """How often, and after how many seconds, a hole is asked for again: a slow transaction may still fill it."""

    attempts: int = 2
    seconds: float = 2.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page as read: entries in rising order, the newest number of the feed, whether more follows."""

    entries: tuple[tuple[int, PersonalNumber], ...]
    newest: int
    more: bool

    def gaps(self, since: int) -> tuple[tuple[int, int], ...]:
        """First and last number of every hole. The feed keeps no numbers before its first one, so 0 opens no hole."""
        marks = [since, *(sequence for sequence, _ in self.entries)]
        if not self.more:
            marks.append(self.newest + 1)
        if since == 0:
            marks = marks[1:]
        return tuple((low + 1, high - 1) for low, high in pairwise(marks) if high - low > 1)


def changes(operations: Operations, since: int, patience: Patience) -> Iterator[ChangePage]:
    """Pages after a sequence number, to the end of the feed."""
    for _ in range(_MOST_PAGES):
        page = _whole_page(operations, since, patience)
        sequence = page.entries[-1][0] if page.more else max(page.newest, since)
        numbers = frozenset(number for _, number in page.entries)
        yield ChangePage(numbers, sequence, page.more, page.gaps(since))
        if not page.more:
            return
        since = sequence
    raise ContractBrokenError(
        f"more than {_MOST_PAGES} pages", system=SYSTEM, operation=_OPERATION, code="PAGES_REPEAT"
    )


def _whole_page(operations: Operations, since: int, patience: Patience) -> FeedPage:
    """A page without holes, or the page with them once waiting did not help."""
    page = _page(operations, since)
    for _ in range(patience.attempts):
        if not page.gaps(since):
            break
        patience.sleep(patience.seconds)
        page = _page(operations, since)
    return page


def _page(operations: Operations, since: int) -> FeedPage:
    arguments = {"seitSequenz": since, "maxAnzahl": PAGE}
    return operations.read(_OPERATION, arguments, whole(lambda reply: _read(reply, since)))


def _read(reply: Reply, since: int) -> FeedPage:
    newest, more = reply.fields.number("letzteSequenz"), reply.fields.truth("weitere")
    entries = []
    before = since
    for row in reply.fields.rows("aenderungArray"):
        sequence = row.number("sequenz")
        if sequence <= before:
            raise ForeignError(f"the feed goes back to {sequence} after {before}", code="SEQUENCE_REGRESS")
        entries.append((sequence, identifiers.personal_number(row.text("personenNr"), row.at("personenNr"))))
        before = sequence
    if newest < before:
        raise ForeignError(f"the feed ends at {newest}, before {before}", code="SEQUENCE_REGRESS")
    if more and not entries:
        raise ForeignError("the feed says that more follows, and shows nothing", code="PAGES_REPEAT")
    return FeedPage(tuple(entries), newest, more)
