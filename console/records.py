"""What the console reads of the store beside the books: a case's timeline, findings with their values, quarantine."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.compare import Treatment
from domain.decision import FacetFinding
from domain.people import CaseId


class TimelineEntry(Protocol):
    """Something that happened to a case: codes and references, never a value."""

    @property
    def at(self) -> datetime:
        """When (UTC)."""
        ...

    @property
    def source(self) -> str:
        """What it happened to: ``intent``, ``attempt``, ``work_item``, ..."""
        ...

    @property
    def what(self) -> str:
        """What happened, as the code of a state or an outcome."""
        ...

    @property
    def reference(self) -> str:
        """The id under which it is written down."""
        ...

    @property
    def about(self) -> str:
        """What it is about: a kind of effect or of task, how a look-up ended, which field is unreadable."""
        ...


class StoredFinding(Protocol):
    """A finding of the last decision about a case."""

    @property
    def case_id(self) -> CaseId:
        """The case."""
        ...

    @property
    def since(self) -> datetime:
        """Since when the same is found (UTC)."""
        ...

    @property
    def finding(self) -> FacetFinding:
        """The finding itself, values opened."""
        ...


class Quarantined(Protocol):
    """A record that could not be read: where and why, never what it says."""

    @property
    def system(self) -> str:
        """Where it came from."""
        ...

    @property
    def reference(self) -> str:
        """Which record."""
        ...

    @property
    def path(self) -> str:
        """Which field."""
        ...

    @property
    def reason(self) -> str:
        """Why it cannot be read."""
        ...

    @property
    def since(self) -> datetime:
        """Since when (UTC)."""
        ...


class Records(Protocol):
    """The store's reading side."""

    def timeline(self, case_id: CaseId) -> Sequence[TimelineEntry]:
        """What happened to a case, in the order of time."""
        ...

    def findings(self, case_id: CaseId | None, kinds: frozenset[Treatment] | None) -> Sequence[StoredFinding]:
        """Findings of a case (None: of all) with these treatments (None: with any)."""
        ...

    def quarantine(self) -> Sequence[Quarantined]:
        """What could not be read, oldest first."""
        ...
