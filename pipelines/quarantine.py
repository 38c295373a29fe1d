"""A record that cannot be read is set aside with its path and reason, and somebody is asked to correct it."""

from collections.abc import Iterable, Sequence

from domain.facets import System
from domain.people import CaseId
from domain.ports import BadRecord
from domain.work_items import Ask, Role, WorkItemKind
from pipelines.needs import Needs


def tell(records: Iterable[tuple[CaseId, BadRecord]], needs: Needs) -> None:
    """One work item for the office per record, however often it is read again."""
    now = needs.clock()
    due = needs.calendar.add_working_days(needs.calendar.today(now), needs.rules.settle_conflict_within)
    for case_id, record in records:
        about = f"{record.system} {record.reference}: {record.path}: {record.reason}"
        key = _key(record.system, record.reference)
        needs.work.open(Ask(key, WorkItemKind.CORRECT_RECORD, Role.OFFICE, case_id, due, about), now)


def untell(references: Sequence[str], system: System, needs: Needs) -> None:
    """Records that could be read again need no correction any more."""
    needs.work.moot([_key(system, reference) for reference in references], needs.clock())


def _key(system: str, reference: str) -> str:
    """One open question per record."""
    return f"{WorkItemKind.CORRECT_RECORD}:{system}:{reference}"
