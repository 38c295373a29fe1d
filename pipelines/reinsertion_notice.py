"""C10 for one case: the CII software says that the tandem confirmed the reinsertion; the mail goes out, once."""

from domain.decision import CaseFacts
from domain.facets import Facet
from domain.intents import Intent
from domain.people import CaseId
from pipelines.deciding import commit, context_now
from pipelines.needs import Needs


def run(case_id: CaseId, needs: Needs) -> list[Intent]:
    """Read the case afresh, decide, and return the mails that now stand in the queue (or were sent already)."""
    commit([gather(case_id, needs)], context_now(needs), needs, "", planned=False)
    return mails(case_id, needs)


def gather(case_id: CaseId, needs: Needs) -> CaseFacts:
    """The case as the CII software tells it now; PLASTA is not asked, and no basis is needed to read our own side."""
    read_at = needs.clock()
    needs.cases.save_case(needs.cii.case(case_id), read_at)
    return needs.cases.facts([case_id])[case_id]


def mails(case_id: CaseId, needs: Needs) -> list[Intent]:
    """The reinsertion mails of a case, whatever their state."""
    return [one for one in needs.intents.listed(None, case_id) if one.wish.facet is Facet.REINSERTION]
