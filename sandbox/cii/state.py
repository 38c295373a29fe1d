"""The CII software's memory: cases, the order of their changes, and the mirror that is written back.

Thread-safe. Every change gives the case the next sequence number, so that "changed since" is a walk from a place in
one list; a case changed twice stands at its newest place only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sandbox.cii.records import Case, MirrorEntry
from sandbox.cii.wire import case_json, encoded

Clock = Callable[[], datetime]
Listener = Callable[[Case], None]


class UnknownCaseError(ValueError):
    """There is no case with this id."""


class StaleVersionError(Exception):
    """The writer saw another version than the one that stands now. Nothing was written."""

    def __init__(self, current: int) -> None:
        super().__init__(f"the facet stands at version {current}")
        self.current = current


class CursorAheadError(Exception):
    """The cursor lies beyond the newest change: it was given out before this server was reset."""


@dataclass(frozen=True)
class Page:
    """Cases in the order of their newest change, already encoded, and the place to go on from."""

    items: tuple[bytes, ...]
    last: int
    more: bool


@dataclass(frozen=True)
class Written:
    """A write-back that took effect. `repeated` tells that the same value stood there already."""

    entry: MirrorEntry
    repeated: bool


class CiiState:
    """All cases. `clock` gives the instant of each change."""

    def __init__(self, cases: Iterable[Case], clock: Clock) -> None:
        self._lock = threading.RLock()
        self._clock = clock
        self._cases: dict[str, Case] = {}
        self._changes: list[str] = []
        self._encoded: dict[str, bytes] = {}
        self._listeners: list[Listener] = []
        for case in cases:
            self._keep(case)

    def now(self) -> datetime:
        """The instant that a change made now would carry."""
        return self._clock()

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the new case after each change made by a person."""
        with self._lock:
            self._listeners.append(listener)

    def __len__(self) -> int:
        return len(self._cases)

    @property
    def newest_sequence(self) -> int:
        """Number of the newest change."""
        return len(self._changes)

    def cases(self) -> list[Case]:
        """All cases, by id."""
        with self._lock:
            return [self._cases[case_id] for case_id in sorted(self._cases)]

    def case(self, case_id: str) -> Case:
        """The case as it stands now; `UnknownCaseError` when there is none."""
        with self._lock:
            return self._case(case_id)

    def page(self, since: int, limit: int) -> Page:
        """Up to `limit` cases changed after sequence `since`; `CursorAheadError` when that place does not exist."""
        with self._lock:
            if since > len(self._changes):
                raise CursorAheadError
            items: list[bytes] = []
            last = since
            for number in range(since + 1, len(self._changes) + 1):
                case = self._cases[self._changes[number - 1]]
                if case.sequence != number:
                    continue  # changed again later: it stands there
                if len(items) == limit:
                    return Page(tuple(items), last, more=True)
                items.append(self._bytes_of(case))
                last = number
            return Page(tuple(items), max(last, len(self._changes)), more=False)

    def change(self, case_id: str, edit: Callable[[Case], Case], by: str) -> Case:
        """A person's change to one case. Raises what `edit` raises, and then nothing has changed."""
        with self._lock:
            before = self._case(case_id)
            after = replace(edit(before), version=before.version + 1, changed_at=self._clock(), changed_by=by)
            return self._announce(self._keep(after))

    def add(self, case: Case) -> Case:
        """Take in a new case; `ValueError` when its id is taken."""
        with self._lock:
            if case.case_id in self._cases:
                raise ValueError(f"case id taken: {case.case_id}")
            return self._announce(self._keep(case))

    def write_mirror(
        self, case_id: str, facet: str, value: Mapping[str, str], *, seen: int, observed_at: datetime, by: str
    ) -> Written:
        """Put `value` on top of version `seen`; `StaleVersionError` when another stands there. Counts as a change."""
        with self._lock:
            case = self._case(case_id)
            former = case.mirror.get(facet)
            current = former.version if former else 0
            if seen != current:
                raise StaleVersionError(current)
            repeated = former is not None and dict(former.value) == dict(value)
            generation = (former.generation if former else 0) + (0 if repeated else 1)
            now = self._clock()
            entry = MirrorEntry(dict(value), current + 1, now, by, observed_at, generation)
            mirror = {**case.mirror, facet: entry}
            self._keep(replace(case, mirror=mirror, version=case.version + 1, changed_at=now, changed_by=by))
            return Written(entry, repeated)

    def _case(self, case_id: str) -> Case:
        try:
            return self._cases[case_id]
        except KeyError:
            raise UnknownCaseError(case_id) from None

    def _keep(self, case: Case) -> Case:
        kept = replace(case, sequence=len(self._changes) + 1)
        self._changes.append(kept.case_id)
        self._cases[kept.case_id] = kept
        self._encoded.pop(kept.case_id, None)
        return kept

    def _announce(self, case: Case) -> Case:
        for listener in self._listeners:
            listener(case)
        return case

    def _bytes_of(self, case: Case) -> bytes:
        known = self._encoded.get(case.case_id)
        if known is None:
            known = self._encoded[case.case_id] = encoded(case_json(case))
        return known
