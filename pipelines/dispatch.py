"""Dispatch: the only sender. Claim, check once more, call with no transaction open, record.

Nothing is sent that today's decision would not send again; nothing is repeated before a look where the target can
be looked at; a doubt at a target that cannot be looked at is held and shown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from domain.compare import Finding
from domain.decision import CaseFacts
from domain.errors import (
    FAILURES,
    ConsentMissingError,
    Failure,
    HaltKind,
    HaltTarget,
    LookFirst,
    OutcomeUnknownError,
    Park,
    RetryAt,
    next_move,
)
from domain.facets import Facet, Target
from domain.failpoints import failpoint
from domain.intents import BEGINNING_NOTED, Claim, Intent, IntentKind, Outcome, Proof, Result
from domain.people import CaseId
from domain.work_items import Ask, Role, WorkItemKind
from pipelines.case_decision import decide
from pipelines.deciding import context_now
from pipelines.draft import Context
from pipelines.effects import Effect, effect_of
from pipelines.halting import halt
from pipelines.needs import Needs, chunked

DOUBTS_BEFORE_ASKING = 3
"""Looks that brought no certainty before a person is told of the doubt; looking goes on."""

RECORDED_TOGETHER = 20
"""Attempts of one round whose results are stored together: how much a lost worker leaves in doubt, and how long a
result waits for the slowest call beside it while its lease runs.
"""


@dataclass(slots=True)
class Report:
    """What one round of dispatch did: how attempts ended, and the cases to decide again."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    touched: set[CaseId] = field(default_factory=set)

    @property
    def claimed(self) -> int:
        """How many intents this round worked on."""
        return self.outcomes.total()


def dispatch(needs: Needs, worker: str, ids: Sequence[str] | None = None) -> Report:
    """One round: claim at most ``pace.claim`` due intents (of ``ids``, if given), send, record."""
    claims = needs.intents.claim(needs.clock(), needs.pace.lease, needs.pace.claim, worker, ids)
    report = Report()
    if not claims:
        return report
    failpoint("dispatch.claimed")
    facts = needs.cases.facts(sorted({claim.intent.wish.case_id for claim in claims}))
    context = context_now(needs)
    stopped: set[Stop] = set()
    for part in chunked(claims, RECORDED_TOGETHER):
        attempted = needs.spread(lambda claim: _attempt(claim, facts, context, needs, stopped), part)
        _record([_told(result, needs, context) for result in attempted], needs, report)
    return report


def _record(results: Sequence[Result], needs: Needs, report: Report) -> None:
    """Store how attempts ended, with what a person is asked about them."""
    failpoint("dispatch.before_record")
    needs.intents.record(results)
    failpoint("dispatch.recorded")
    for result in results:
        report.outcomes[result.outcome] += 1
        if result.outcome in (Outcome.DONE, Outcome.ALREADY_SO, Outcome.PARKED):
            report.touched.add(result.claim.intent.wish.case_id)


Stop: TypeAlias = tuple[Target, IntentKind | None]
"""What a failure of this very round halted: a target, or one kind of intent there."""


def _attempt(
    claim: Claim, facts: Mapping[CaseId, CaseFacts], context: Context, needs: Needs, stopped: set[Stop]
) -> Result:
    """One attempt, whatever comes of it; none at what was halted since it was claimed: a wrong login locks."""
    started = needs.clock()
    wish = claim.intent.wish
    if not stopped.isdisjoint({(wish.target, None), (wish.target, wish.kind)}):
        why = "halted before anything was sent"
        return Result(claim, Outcome.HALTED, started, started, "", why, due_at=started)
    failpoint("dispatch.before_call")
    try:
        proof = _perform(claim, facts[wish.case_id], context, needs)
    except FAILURES as error:
        return _failed(claim, error, started, needs, stopped)
    failpoint("dispatch.after_call")
    code, message = proof.detail.get("code", ""), proof.detail.get("why", "")
    due = needs.clock() if proof.outcome is Outcome.HALTED else None
    return Result(claim, proof.outcome, started, needs.clock(), code, message, due_at=due, detail=proof.detail)


def _perform(claim: Claim, facts: CaseFacts, context: Context, needs: Needs) -> Proof:
    """Look first where something may have happened; act only on what would be decided again today."""
    effect = effect_of(claim.intent.wish.kind, needs)
    if claim.look_first:
        if effect.can_look and (there := effect.look(claim.intent, facts)) is not None:
            return there
        if not effect.proves_absence and not _goes_again(claim.intent, needs):
            raise OutcomeUnknownError(
                "the answer was lost and no look can clear it: a person decides",
                system=claim.intent.wish.target,
                operation=claim.intent.wish.kind,
                reference=claim.intent.intent_id,
                code=HELD,
            )
    if (refusal := no_longer_wanted(claim.intent, facts, context)) is not None:
        return refusal
    return _act_within_lease(claim, effect, facts, needs)


OVER = (Outcome.DONE, Outcome.ALREADY_SO, Outcome.OVERTAKEN)
"""Outcomes after which nothing is left to be asked about an intent."""

HELD = "held"
"""The code of a doubt that no look can end."""


def _goes_again(intent: Intent, needs: Needs) -> bool:
    """Whether a mail of this kind may be sent again by itself, with the same Message-ID (a setting, default none)."""
    return intent.wish.payload.get("template", "") in needs.rules.resent_mails


def _ends_by_itself(intent: Intent, needs: Needs) -> bool:
    """Whether time brings certainty about a lost answer: by a look, or because the same is simply sent again."""
    return effect_of(intent.wish.kind, needs).can_look or _goes_again(intent, needs)


def no_longer_wanted(intent: Intent, facts: CaseFacts, context: Context) -> Proof | None:
    """None when the same intent would be decided on now: consent, dates, modes and views included.

    Raises ``ConsentMissingError`` when only the basis is gone: the intent waits for one, parked.
    """
    decision = decide(facts, context)
    if any(wish.key == intent.wish.key for wish in decision.wishes):
        return None
    concerned = (intent.wish.facet, Facet.REGISTRATION)
    if any(one.finding is Finding.NOT_ALLOWED and one.facet in concerned for one in decision.findings):
        raise ConsentMissingError(
            "no basis covers this any more", system=intent.wish.target, reference=intent.wish.case_id, code="consent"
        )
    return Proof(Outcome.OVERTAKEN, {"why": "today's decision does not want it any more"})


def _act_within_lease(claim: Claim, effect: Effect, facts: CaseFacts, needs: Needs) -> Proof:
    """Only whoever holds the lease sends: checked just before the first byte, renewed when half of it is gone."""
    now = needs.clock()
    beginning = claim.intent.wish.kind in BEGINNING_NOTED
    fresh = claim.lease_until - now > needs.pace.lease / 2 and not beginning
    if not fresh and not needs.intents.renew([claim], now + needs.pace.lease, beginning=beginning):
        return Proof(Outcome.HALTED, {"why": "the lease was lost before anything was sent"})
    return effect.act(claim.intent, facts)


def _failed(claim: Claim, error: Failure, started: datetime, needs: Needs, stopped: set[Stop]) -> Result:
    """The outcome that a failure leads to, by the one table of next moves."""
    wish = claim.intent.wish
    move = next_move(error, claim.intent.attempts + 1, needs.pace.policy(wish.target), needs.draw())
    now = needs.clock()

    def ended(outcome: Outcome, due_at: datetime | None = None) -> Result:
        code = error.code or error.family
        return Result(claim, outcome, started, now, code, error.message, due_at, family=error.family)

    match move:
        case RetryAt(wait):
            return ended(Outcome.RETRY_AT, now + wait)
        case LookFirst(wait):
            held = error.code == HELD or not _ends_by_itself(claim.intent, needs)
            return ended(Outcome.UNKNOWN, None if held else now + wait)
        case Park():
            return ended(Outcome.PARKED)
        case HaltKind() | HaltTarget():
            stopped.add((wish.target, wish.kind if isinstance(move, HaltKind) else None))
            halt(move, error, wish.target, wish.kind, needs)
            return ended(Outcome.HALTED, now)


def _told(result: Result, needs: Needs, context: Context) -> Result:
    """Doubts and parked intents with what a person is asked about them: once each, never silent, and taken back."""
    intent = result.claim.intent
    if result.outcome in OVER and result.claim.token > 1:
        told = (WorkItemKind.SETTLE_UNKNOWN, WorkItemKind.LOOK_AT_PARKED)
        return replace(result, moots=tuple(f"{kind}:{intent.intent_id}" for kind in told))
    doubtful = result.due_at is None or intent.attempts + 1 >= DOUBTS_BEFORE_ASKING
    if result.outcome is Outcome.UNKNOWN and doubtful:
        kind = WorkItemKind.SETTLE_UNKNOWN
    elif result.outcome is Outcome.PARKED and result.code != "consent":
        kind = WorkItemKind.LOOK_AT_PARKED
    else:
        return result
    due = needs.calendar.add_working_days(context.today, 1)
    about = f"{intent.wish.kind}: {result.code}"
    return replace(result, ask=Ask(f"{kind}:{intent.intent_id}", kind, Role.OPS, intent.wish.case_id, due, about))
