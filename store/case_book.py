"""The book of cases (``domain.books.CaseBook``) over our own database. Each method is one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from domain.books import LookUp, PageCount
from domain.cases import CaseFile
from domain.compare import Treatment
from domain.decision import CaseFacts, Decision
from domain.facets import System
from domain.people import AvsNumber, CaseId, PersonalNumber
from domain.ports import BadRecord, CasePage
from domain.registrations import RegistryView
from store import case_reading, deciding, finding, person_search, quarantining
from store.case_writing import Reading, write_cases
from store.cursors import cursor_of, move_cursor
from store.decision_frame import Deciding
from store.finding import StoredFinding
from store.quarantining import Quarantined
from store.transactions import Store
from store.view_writing import want_looks, write_views


class SqlCaseBook:
    """Cases, bindings, views, agreements, findings, quarantine, cursors."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cursor(self, source: str) -> str | None:
        """Where a source was read up to; None before the first page."""
        return self._store.reading(lambda connection: cursor_of(connection, source))

    def save_cases(self, page: CasePage, source: str, read_at: datetime, run_id: str) -> PageCount:
        """Store a page with its bad records and move the cursor; a case that can be read again leaves quarantine."""
        reading = Reading(read_at, run_id, self._store.clock())
        bad = [(record.reference, record) for record in page.bad]
        good = sorted({case.case_id for case in page.cases} - {reference for reference, _ in bad})

        def work(connection: Connection) -> int:
            changed = write_cases(self._store, connection, page.cases, reading)
            quarantining.put_aside(self._store, connection, System.CII, bad, reading)
            quarantining.release(connection, System.CII, good)
            move_cursor(connection, source, page.cursor, reading.now)
            return changed

        changed = self._store.writing(work)
        return PageCount(len(page.cases) + len(page.bad), changed, len(page.bad))

    def save_case(self, case: CaseFile, read_at: datetime) -> None:
        """Store one case read by itself."""
        reading = Reading(read_at, "", self._store.clock())

        def work(connection: Connection) -> None:
            write_cases(self._store, connection, [case], reading)
            quarantining.release(connection, System.CII, [case.case_id])

        self._store.writing(work)

    def note_changed(self, numbers: frozenset[PersonalNumber], source: str, cursor: str) -> int:
        """Mark the bound cases among these persons for a new look; returns how many of the persons we follow."""
        now = self._store.clock()

        def work(connection: Connection) -> int:
            followed = person_search.bound_cases(self._store, connection, sorted(numbers))
            want_looks(connection, [{"case": case_id, "at": now} for case_id, _ in sorted(followed)])
            move_cursor(connection, source, cursor, now)
            return len({person for _, person in followed})

        return self._store.writing(work)

    def to_look_up(self, on: date, *, everything: bool, size: int) -> Iterator[Sequence[LookUp]]:
        """Chunks of cases whose view may be out of date: new, changed, marked, unresolved, or due by time."""
        return case_reading.in_chunks(self._store, case_reading.to_look_up(on, everything=everything), size)

    def save_views(
        self, views: Mapping[CaseId, RegistryView], bad: Sequence[tuple[CaseId, BadRecord]], run_id: str
    ) -> int:
        """Store views with their bindings; a case whose answer was bad is quarantined and stays to be looked up."""
        now = self._store.clock()
        reading = Reading(now, run_id, now)

        def work(connection: Connection) -> int:
            changed = write_views(self._store, connection, views, reading)
            quarantining.put_aside(self._store, connection, System.PLASTA, bad, reading)
            quarantining.release(connection, System.PLASTA, sorted(views))
            want_looks(connection, [{"case": case_id, "at": now} for case_id, _ in bad])
            return changed

        return self._store.writing(work)

    def undecided(self, rules: str, on: date, size: int) -> Iterator[Sequence[CaseFacts]]:
        """Chunks of cases whose views, rules (modes) or due day differ from what was last decided on."""
        for chunk in case_reading.in_chunks(self._store, case_reading.undecided(rules, on), size):
            yield [one.facts for one in chunk]

    def unfollowed(self, size: int) -> Iterator[Sequence[CaseFacts]]:
        """Chunks of cases that an effect of ours changed, and that were not decided again since."""
        for chunk in case_reading.in_chunks(self._store, case_reading.unfollowed(), size):
            yield [one.facts for one in chunk]

    def cases_of(self, number: PersonalNumber | None, avs_number: AvsNumber | None) -> Sequence[CaseId]:
        """The cases of a person, by keyed hash of either number as the CII software or a binding has it."""
        return self._store.reading(lambda one: person_search.cases_of(self._store, one, number, avs_number))

    def bound_to(self, case_id: CaseId) -> PersonalNumber | None:
        """The person that a case is bound to, if any."""
        return self._store.reading(lambda connection: person_search.bound_number(self._store, connection, case_id))

    def facts(self, case_ids: Sequence[CaseId]) -> Mapping[CaseId, CaseFacts]:
        """The facts of some cases; a case that we do not know is absent."""
        return self._store.reading(lambda connection: case_reading.facts_of(self._store, connection, case_ids))

    def commit(self, decisions: Sequence[Decision], rules: str, run_id: str, now: datetime, *, planned: bool) -> int:
        """Findings, agreements, asks and wishes in one transaction; returns how many wishes are new or wanted again."""
        frame = Deciding(rules, run_id, now, planned)
        return self._store.writing(lambda connection: deciding.commit(self._store, connection, decisions, frame))

    def findings(
        self, case_id: CaseId | None = None, kinds: frozenset[Treatment] | None = None
    ) -> Sequence[StoredFinding]:
        """What the last decisions found, values opened: of a case or of all, with some treatments or with any."""
        return self._store.reading(lambda connection: finding.listed(self._store, connection, case_id, kinds))

    def quarantine(self) -> Sequence[Quarantined]:
        """The records that could not be read, oldest first."""
        return self._store.reading(quarantining.listed)

    def bad_record(self, system: System, reference: str) -> bytes | None:
        """A record in quarantine as it came, for support; None when it is not there."""
        return self._store.reading(lambda one: quarantining.raw(self._store, one, system, reference))
