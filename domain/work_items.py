"""Work items: what a person has to do, by when, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.people import CaseId


class Role(StrEnum):
    """Who is asked (roles of ``domain.md``)."""

    TANDEM = "tandem"
    CASE_MANAGER = "case_manager"
    COORDINATOR = "coordinator"
    OFFICE = "office"
    SECRETARIAT = "secretariat"
    OPS = "ops"


class WorkItemKind(StrEnum):
    """What is asked; each has its sentence in French and German in ``mappings.sentences``."""

    REGISTER_PERSON = "register_person"
    CONFIRM_IDENTITY = "confirm_identity"
    CHOOSE_REGISTRATION = "choose_registration"
    RESOLVE_CONFLICT = "resolve_conflict"
    KEYWORD_BY_HAND = "keyword_by_hand"
    REMOVE_KEYWORD = "remove_keyword"
    CORRECT_IDENTITY = "correct_identity"
    CONFIRM_REINSERTION = "confirm_reinsertion"
    PROCURATION_NEEDED = "procuration_needed"
    CORRECT_RECORD = "correct_record"
    TARGET_HALTED = "target_halted"
    SETTLE_UNKNOWN = "settle_unknown"
    LOOK_AT_PARKED = "look_at_parked"


@dataclass(frozen=True, slots=True)
class Ask:
    """A work item as a decision proposes it. ``key`` makes it unique among the open ones.

    ``values`` (both sides of a conflict, candidates) are sealed at rest and shown to the owner role only.
    """

    key: str
    kind: WorkItemKind
    role: Role
    case_id: CaseId | None
    due_on: date
    about: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class WorkItemState(StrEnum):
    """``planned`` belongs to a plan that is not applied; ``moot`` ended because its cause went away."""

    PLANNED = "planned"
    OPEN = "open"
    DONE = "done"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A stored ask."""

    item_id: str
    ask: Ask
    state: WorkItemState
    opened_at: datetime
    ended_at: datetime | None = None
    end_reason: str = ""
