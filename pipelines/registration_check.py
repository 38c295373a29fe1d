"""C1-C3 on demand: a tandem asks, the case is read afresh from both systems, decided, sent, answered.

Pressing twice is once: a request within ``rules.repeat_check_after`` of an earlier one gets that one's answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.books import LookUp, Request
from domain.decision import CaseFacts, Decision
from domain.errors import MappingError, NotFoundError, SyncError
from domain.facets import Facet, Target
from domain.failpoints import failpoint
from domain.intents import IntentKind, IntentState
from domain.people import CaseId
from domain.registrations import RegistryView, Sight
from domain.work_items import WorkItemState
from pipelines.case_decision import decide
from pipelines.deciding import commit, context_now, decide_again
from pipelines.dispatch import dispatch
from pipelines.halting import careful
from pipelines.look_up import keep, look_up
from pipelines.needs import Needs
from pipelines.reading import read_case

KIND = "registration_check"
WORKER = "check"
ROUNDS = 3
"""The keyword, then its mirror: each effect may lead to one more."""


class Answer(StrEnum):
    """What a tandem is told; each has its sentences in French and German in ``mappings.sentences``."""

    OK = "ok"
    KEYWORD_SET = "keyword_set"
    KEYWORD_WAITS = "keyword_waits"
    KEYWORD_OBSERVED = "keyword_observed"
    KEYWORD_BY_HAND = "keyword_by_hand"
    KEYWORD_DROPPED = "keyword_dropped"
    KEYWORD_UNKNOWN = "keyword_unknown"
    NO_KEYWORD_WANTED = "no_keyword_wanted"
    NOT_REGISTERED = "not_registered"
    INACTIVE = "inactive"
    SEVERAL_PERSONS = "several_persons"
    SEVERAL_REGISTRATIONS = "several_registrations"
    IS_IT_HER = "is_it_her"
    NOT_ALLOWED = "not_allowed"
    UNREADABLE = "unreadable"
    UNKNOWN_CASE = "unknown_case"
    NOT_REACHABLE = "not_reachable"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request taken in, or the earlier one that it repeats."""

    request: Request
    repeated: bool


def accept(message_id: str, case_id: CaseId, by: str, needs: Needs) -> Accepted:
    """Take a check in; a second press soon after the first is the first."""
    now = needs.clock()
    earlier = needs.inbox.latest(KIND, case_id, now - needs.rules.repeat_check_after)
    if earlier is not None and not _worth_asking_again(earlier):
        return Accepted(earlier, repeated=True)
    request = Request(message_id, KIND, case_id, now, by)
    if needs.inbox.accept(request):
        failpoint("check.accepted")
        return Accepted(request, repeated=False)
    return Accepted(needs.inbox.find(message_id) or request, repeated=True)


def _worth_asking_again(earlier: Request) -> bool:
    """A check that reached nobody says nothing about the case: pressing again asks again."""
    return earlier.answer is not None and earlier.answer.get("answer") == Answer.NOT_REACHABLE


def run(message_id: str, needs: Needs) -> Mapping[str, str] | None:
    """Answer an accepted check, once; None when the message id is not known."""
    request = needs.inbox.find(message_id)
    if request is None or request.answer is not None:
        return request.answer if request else None
    try:
        answer = _check(request.case_id, needs)
    except NotFoundError:
        answer = {"answer": Answer.UNKNOWN_CASE}
    except MappingError as error:
        answer = {"answer": Answer.UNREADABLE, "path": error.path}
    except SyncError as error:
        answer = {"answer": Answer.NOT_REACHABLE, "system": error.system, "family": error.family}
    failpoint("check.before_answer")
    needs.inbox.answer(message_id, answer, needs.clock())
    failpoint("check.answered")
    return answer


def _check(case_id: CaseId, needs: Needs) -> dict[str, str]:
    """Read afresh, decide, send what follows, and say where the case stands."""
    facts = read_case(case_id, needs)
    with careful(Target.PLASTA, needs):
        sightings = look_up([LookUp(facts, needs.cases.bound_to(case_id))], needs)
    keep(sightings, needs, "")
    failpoint("check.views_saved")
    if sightings.failed:
        return {"answer": Answer.NOT_REACHABLE, "system": "plasta", "family": "unavailable"}
    if sightings.bad:
        return {"answer": Answer.UNREADABLE, "path": sightings.bad[0][1].path}
    facts = needs.cases.facts([case_id])[case_id]
    commit([facts], context_now(needs), needs, "", planned=False)
    sent = _send(case_id, needs)
    return _told(needs.cases.facts([case_id])[case_id], sent, needs)


def _send(case_id: CaseId, needs: Needs) -> bool:
    """Send this case's due intents now, and what follows from them; True when the keyword was set just now."""
    keyword_set = False
    for _ in range(ROUNDS):
        ready = needs.intents.listed(frozenset({IntentState.READY}), case_id)
        report = dispatch(needs, WORKER, [intent.intent_id for intent in ready]) if ready else None
        if report is None or not report.claimed:
            break
        done = {intent.intent_id for intent in needs.intents.listed(frozenset({IntentState.DONE}), case_id)}
        keyword_set |= any(one.wish.kind is IntentKind.SET_KEYWORD and one.intent_id in done for one in ready)
        decide_again(sorted(report.touched), needs)
    return keyword_set


def _told(facts: CaseFacts, keyword_set: bool, needs: Needs) -> dict[str, str]:  # noqa: FBT001 - named at its one call
    """The answer, with what is left to do by hand."""
    view = facts.view
    if view is None:
        return {"answer": Answer.NOT_REACHABLE, "system": "plasta", "family": "unavailable"}
    context = context_now(needs)
    decision = decide(facts, context)
    answer = Answer.KEYWORD_SET if keyword_set else _answer(facts, view, decision, needs)
    current = view.person.current() if view.person else None
    open_items = needs.work.listed(frozenset({WorkItemState.OPEN}), facts.case.case_id)
    return {
        "answer": answer,
        "office": current.office if current else "",
        "read_at": view.read_at.isoformat(),
        "deregistered_on": current.deregistration.effective_on.isoformat()
        if current and current.deregistration
        else "",
        "work_items": ",".join(sorted({item.ask.kind for item in open_items})),
    }


BY_SIGHT = {
    Sight.NOT_ALLOWED: Answer.NOT_ALLOWED,
    Sight.SEVERAL_PERSONS: Answer.SEVERAL_PERSONS,
    Sight.CANDIDATE: Answer.IS_IT_HER,
    Sight.OTHER_BIRTH_DATE: Answer.IS_IT_HER,
    Sight.UNKNOWN_PERSON: Answer.NOT_REGISTERED,
}
"""The answers that the look-up alone decides."""


def _answer(facts: CaseFacts, view: RegistryView, decision: Decision, needs: Needs) -> Answer:
    """The one word that fits."""
    if view.sight in BY_SIGHT:
        return BY_SIGHT[view.sight]
    active = view.person.active() if view.person else ()
    if len(active) > 1:
        return Answer.SEVERAL_REGISTRATIONS
    if not active:
        return Answer.INACTIVE if view.person and view.person.registrations else Answer.NOT_REGISTERED
    if facts.case.coaching() is None:
        return Answer.NO_KEYWORD_WANTED
    return Answer.OK if active[0].has_keyword else _why_no_keyword(facts, decision, needs)


def _why_no_keyword(facts: CaseFacts, decision: Decision, needs: Needs) -> Answer:
    """Registered without the keyword: on its way, in doubt, dropped, taken away by a hand, or only observed."""
    keyword = [one for one in needs.intents.listed(None, facts.case.case_id) if one.wish.facet is Facet.KEYWORD]
    if keyword and keyword[0].last_code == "dropped_under_ok":
        return Answer.KEYWORD_DROPPED
    if keyword and keyword[0].state is IntentState.UNKNOWN:
        return Answer.KEYWORD_UNKNOWN
    if any(wish.facet is Facet.KEYWORD for wish in decision.wishes):
        return Answer.KEYWORD_WAITS
    observed = any(one.facet is Facet.KEYWORD and one.proposed is Target.PLASTA for one in decision.findings)
    return Answer.KEYWORD_OBSERVED if observed else Answer.KEYWORD_BY_HAND
