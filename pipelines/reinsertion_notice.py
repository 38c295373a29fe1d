"""C10 for one case: the CII software says that the tandem confirmed the reinsertion; the mail goes out, once."""

from domain.facets import Facet
from domain.failpoints import failpoint
from domain.intents import Intent
from domain.people import CaseId
from pipelines.deciding import commit, context_now
from pipelines.needs import Needs
from pipelines.reading import read_case


def run(case_id: CaseId, needs: Needs) -> list[Intent]:
    """Read the case afresh, decide, and return the mails that now stand in the queue (or were sent already)."""
    commit([read_case(case_id, needs)], context_now(needs), needs, "", planned=False)
    failpoint("notice.decided")
    return mails(case_id, needs)


def mails(case_id: CaseId, needs: Needs) -> list[Intent]:
    """The reinsertion mails of a case, whatever their state."""
    return [one for one in needs.intents.listed(None, case_id) if one.wish.facet is Facet.REINSERTION]
