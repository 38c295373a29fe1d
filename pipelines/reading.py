"""Read one case of the CII software afresh, for what cannot wait for the night."""

from domain.decision import CaseFacts
from domain.facets import Target
from domain.failpoints import failpoint
from domain.people import CaseId
from pipelines.halting import careful
from pipelines.needs import Needs


def read_case(case_id: CaseId, needs: Needs) -> CaseFacts:
    """The case as it stands now, stored with the time before it was asked for; no basis is needed to read our side."""
    read_at = needs.clock()
    with careful(Target.CII, needs):
        case = needs.cii.case(case_id)
    needs.cases.save_case(case, read_at)
    failpoint("read.case_saved")
    return needs.cases.facts([case_id])[case_id]
