"""Intents: effects that we mean to have, stored before anything is sent, and what becomes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.facets import Facet, FacetValue, Target
from domain.people import CaseId
from domain.work_items import Ask


class IntentKind(StrEnum):
    """The effects that exist so far, one handler each in ``pipelines.effects``."""

    SET_KEYWORD = "set_keyword"
    REMOVE_KEYWORD = "remove_keyword"
    REQUEST_REGISTRATION = "request_registration"
    WRITE_BACK = "write_back"
    SEND_MAIL = "send_mail"


BEGINNING_NOTED = frozenset({IntentKind.SEND_MAIL, IntentKind.REQUEST_REGISTRATION})
"""Kinds whose lost answer no look can clear. That one is about to begin is stored first, so that a worker which is
lost before leaves no doubt behind, and no question to a person, about what it had only claimed.
"""


class IntentState(StrEnum):
    """Where an intent stands. The first three are ours; the others are the outcomes of ``design.md``."""

    PLANNED = "planned"
    READY = "ready"
    CLAIMED = "claimed"
    UNKNOWN = "unknown"
    DONE = "done"
    ALREADY_SO = "already_so"
    PARKED = "parked"
    OVERTAKEN = "overtaken"
    WITHDRAWN = "withdrawn"


SETTLED = frozenset({IntentState.DONE, IntentState.ALREADY_SO, IntentState.OVERTAKEN, IntentState.WITHDRAWN})
"""States that nothing leaves by itself: what is wanted again comes back, and a person may undo a withdrawal."""

OPEN = frozenset({IntentState.READY, IntentState.CLAIMED, IntentState.UNKNOWN})
"""States that the dispatcher works on."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An intent as the decision proposes it, before the store gives it a place.

    ``key`` makes it unique for ever: the same wish decided twice is one intent. ``payload`` is sealed at rest.
    ``settles`` is the facet value that both sides will have agreed on once the effect is there.
    """

    key: str
    kind: IntentKind
    target: Target
    facet: Facet
    case_id: CaseId
    basis: str
    payload: Mapping[str, str]
    why: str
    settles: FacetValue | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """A stored wish with its place in line: ``order`` counts within its case and target."""

    intent_id: str
    wish: Wish
    state: IntentState
    order: int
    attempts: int
    due_at: datetime
    created_at: datetime
    run_id: str = ""
    last_code: str = ""
    last_message: str = ""
    last_family: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on an intent until ``lease_until``; ``token`` rises with every claim (fencing).

    ``look_first`` is set when an earlier attempt may have taken effect: its answer was lost, or its worker was.
    """

    intent: Intent
    token: int
    lease_until: datetime
    look_first: bool


class Outcome(StrEnum):
    """How one attempt ended."""

    DONE = "done"
    ALREADY_SO = "already_so"
    REFUSED = "refused"
    RETRY_AT = "retry_at"
    UNKNOWN = "unknown"
    PARKED = "parked"
    OVERTAKEN = "overtaken"
    HALTED = "halted"


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that an effect is there: our own read-back, the other system's answer, a server's acceptance."""

    outcome: Outcome
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one attempt as the store records it, in one transaction with what it changes.

    ``due_at`` is set for *retry_at* and *unknown*. ``settles`` becomes the agreement on *done* and *already_so*.
    ``ask`` is opened as a work item: what a person must see is never recorded without being shown. ``moots`` are keys
    of work items whose cause is gone with this result.
    """

    claim: Claim
    outcome: Outcome
    started_at: datetime
    ended_at: datetime
    code: str = ""
    message: str = ""
    due_at: datetime | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    ask: Ask | None = None
    moots: tuple[str, ...] = ()
    family: str = ""
    """The error family of a failure; empty without one."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at an intent, as it is shown: append-only. ``ended_at`` is None while it runs, or if its worker died."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    worker: str
    code: str = ""
    message: str = ""
