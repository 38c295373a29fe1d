"""A record that cannot be read is set aside with its path and reason, and somebody is asked to correct it."""

from collections.abc import Iterable, Sequence

from domain.facets import System
from domain.people import CaseId
from domain.ports import BadRecord
from domain.work_items import Ask, Role, WorkItemKind
from pipelines.needs import Needs


def tell(records: Iterable[tuple[CaseId, BadRecord]], needs: Needs) -> None:
    """One work item for the office per case and system, however often the record is read again.

    A record that does not even say its id goes by its place; PLASTA's rows always do, so its cases are named instead.
    """
    now = needs.clock()
    due = needs.calendar.add_working_days(needs.calendar.today(now), needs.rules.settle_conflict_within)
    for case_id, record in records:
        about = f"{record.system} {record.reference}: {record.path}: {record.reason}"
        key = _key(record.system, case_id)
        needs.work.open(Ask(key, WorkItemKind.CORRECT_RECORD, Role.OFFICE, case_id, due, about), now)


def untell(case_ids: Sequence[CaseId], system: System, needs: Needs) -> None:
    """Records that could be read again need no correction any more."""
    needs.work.moot([_key(system, case_id) for case_id in case_ids], needs.clock())


def _key(system: str, case_id: CaseId) -> str:
    """One open question per record."""
    return f"{WorkItemKind.CORRECT_RECORD}:{system}:{case_id}"
