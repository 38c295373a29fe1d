"""Take decisions about stored facts and commit them: the middle of every pipeline.

Set-based: only cases whose views, rules or due day changed since their last decision are loaded at all.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, is_dataclass

from domain.compare import Treatment
from domain.decision import CaseFacts, Decision
from domain.facets import Facet
from domain.failpoints import failpoint
from domain.people import CaseId
from domain.work_items import WorkItemKind
from pipelines.case_decision import decide
from pipelines.draft import Context
from pipelines.needs import Needs, Progress


def context_now(needs: Needs) -> Context:
    """The context of decisions taken at this moment."""
    now = needs.clock()
    today = needs.calendar.today(now)
    return Context(now, today, needs.switches.modes(), needs.rules, needs.institutions, needs.calendar)


def rules_mark(context: Context) -> str:
    """A mark of everything but the facts that decisions depend on; when it changes, every case is decided again."""
    modes = sorted(f"{facet}:{target}:{mode.active}:{mode.since}" for (facet, target), mode in context.modes.items())
    text = "\n".join([*modes, _spelled(context.rules)])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _spelled(value: object) -> str:
    """One text for equal settings in every process: a set has no order of its own, and each process lists it anew."""
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(_spelled(one) for one in value))}}}"
    if isinstance(value, tuple):
        return f"({', '.join(_spelled(one) for one in value)})"
    if is_dataclass(value):
        return f"({', '.join(f'{one.name}={_spelled(getattr(value, one.name))}' for one in fields(value))})"
    return repr(value)


def decide_undecided(needs: Needs, run_id: str, progress: Progress, *, planned: bool) -> Counter[str]:
    """Decide every case that needs it, chunk by chunk; returns what was found, in the words of the run's table."""
    context = context_now(needs)
    counts: Counter[str] = Counter()
    for chunk in needs.cases.undecided(rules_mark(context), context.today, needs.pace.chunk):
        counts += commit(chunk, context, needs, run_id, planned=planned)
        progress("decide", counts["decided"], None)
    return counts


def decide_again(case_ids: Sequence[CaseId], needs: Needs, run_id: str = "") -> int:
    """Decide some cases from their stored facts, after an effect or a fresh read; returns the new intents."""
    if not case_ids:
        return 0
    facts = needs.cases.facts(sorted(set(case_ids)))
    return commit(list(facts.values()), context_now(needs), needs, run_id, planned=False)["wished"]


def decide_what_follows(needs: Needs) -> int:
    """Take the decisions that a lost worker owed after its effects; returns the new intents."""
    new = 0
    for chunk in needs.cases.unfollowed(needs.pace.chunk):
        new += commit(chunk, context_now(needs), needs, "", planned=False)["wished"]
    return new


def commit(chunk: Sequence[CaseFacts], context: Context, needs: Needs, run_id: str, *, planned: bool) -> Counter[str]:
    """Decide and store a chunk in one transaction."""
    decisions = [decide(facts, context) for facts in chunk]
    new = needs.cases.commit(decisions, rules_mark(context), run_id, context.now, planned=planned)
    failpoint("decide.committed")
    counts: Counter[str] = Counter(wished=new)
    for decision in decisions:
        counts += tally(decision)
    return counts


def tally(decision: Decision) -> Counter[str]:
    """One decision in the words of the run's table; every decided case is exactly one of five kinds."""
    counts: Counter[str] = Counter(decided=1)
    treatments = {finding.treatment for finding in decision.findings}
    if Treatment.CONFLICT in treatments:
        counts["conflicts"] += 1
    elif decision.wishes or treatments & {Treatment.WRITE_CII, Treatment.WRITE_PLASTA}:
        counts["changed"] += 1
    elif decision.asks or treatments - {Treatment.NOTHING}:
        counts["to_a_person"] += 1
    elif any(one.treatment is Treatment.NOTHING and one.facet is Facet.REGISTRATION for one in decision.findings):
        counts["not_allowed"] += 1
    else:
        counts["agreed"] += 1
    counts["work_items"] += len(decision.asks)
    counts["registrations_asked"] += sum(ask.kind is WorkItemKind.REGISTER_PERSON for ask in decision.asks)
    counts["observed"] += sum(finding.proposed is not None and not finding.active for finding in decision.findings)
    return counts
