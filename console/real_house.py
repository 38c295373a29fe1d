"""The real house: what ``scheduler.bootstrap`` builds, with the store's reading side beside it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from config.startup import configure
from console.records import Records
from domain.compare import Treatment
from domain.people import CaseId
from pipelines.needs import Needs
from scheduler.bootstrap import open_house
from scheduler.runner import Runner
from store.case_book import SqlCaseBook
from store.finding import StoredFinding
from store.quarantining import Quarantined
from store.timeline import TimelineEntry, timeline
from store.transactions import Store


@dataclass(frozen=True, slots=True)
class StoreRecords:
    """The store's reading side."""

    store: Store

    def timeline(self, case_id: CaseId) -> Sequence[TimelineEntry]:
        """What happened to a case, oldest first."""
        return timeline(self.store, case_id)

    def findings(self, case_id: CaseId | None, kinds: frozenset[Treatment] | None) -> Sequence[StoredFinding]:
        """What the last decisions found, values opened."""
        return SqlCaseBook(self.store).findings(case_id, kinds)

    def quarantine(self) -> Sequence[Quarantined]:
        """What could not be read, oldest first."""
        return SqlCaseBook(self.store).quarantine()


@dataclass(frozen=True, slots=True)
class OpenHouse:
    """A house over the database of the settings."""

    needs: Needs
    runner: Runner
    records: Records


@contextmanager
def open_real_house(environ: Mapping[str, str]) -> Iterator[OpenHouse]:
    """Open it for the length of a block; ``SettingsError`` names everything that stands in the way."""
    with open_house(configure(environ)) as house:
        yield OpenHouse(house.needs, house.runner, StoreRecords(house.store))
