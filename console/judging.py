"""How many of some parked intents would not go if they were offered again now: asked of today's decision."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from domain.errors import ConsentMissingError
from domain.intents import Intent
from pipelines.deciding import context_now
from pipelines.dispatch import no_longer_wanted
from pipelines.needs import Needs, chunked


class WouldNotGo(StrEnum):
    """Why an intent would not be sent."""

    NOT_WANTED = "not_wanted"
    """Today's decision does not want it any more: it would end as overtaken."""
    NO_BASIS = "no_basis"
    """No legal basis covers it any more: it would be parked until one does."""
    CASE_UNKNOWN = "case_unknown"
    """Its case is not in our books."""


def judged(intents: Sequence[Intent], needs: Needs) -> Counter[WouldNotGo]:
    """The same question as just before sending, asked of the facts as they are stored; nothing is changed."""
    context = context_now(needs)
    found: Counter[WouldNotGo] = Counter()
    for chunk in chunked(intents, needs.pace.chunk):
        facts = needs.cases.facts(sorted({one.wish.case_id for one in chunk}))
        for one in chunk:
            if one.wish.case_id not in facts:
                found[WouldNotGo.CASE_UNKNOWN] += 1
                continue
            try:
                refusal = no_longer_wanted(one, facts[one.wish.case_id], context)
            except ConsentMissingError:
                found[WouldNotGo.NO_BASIS] += 1
                continue
            found[WouldNotGo.NOT_WANTED] += refusal is not None
    return +found
