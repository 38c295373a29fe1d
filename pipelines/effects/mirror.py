"""Write PLASTA's state of a facet into the CII software, against the version that we know of."""

from datetime import datetime

from domain.cases import Mirrored
from domain.decision import CaseFacts
from domain.errors import ConflictError
from domain.facets import FacetValue
from domain.failpoints import failpoint
from domain.intents import Intent, Outcome, Proof
from pipelines.needs import Needs


class WriteBack:
    """One mirrored facet of one case; the version in ``If-Match`` makes a repeat harmless."""

    can_look = True
    proves_absence = True

    def __init__(self, needs: Needs) -> None:
        self._cii = needs.cii

    def look(self, intent: Intent, facts: CaseFacts) -> Proof | None:  # noqa: ARG002 - the port's shape
        """Whether the mirror shows the value that we mean it to show."""
        now = self._cii.mirrored(intent.wish.case_id, intent.wish.facet)
        return _proof(Outcome.DONE, now) if _same(now.value, intent) else None

    def act(self, intent: Intent, facts: CaseFacts) -> Proof:
        """Write; where the version moved, look: ours already, harmlessly renumbered, or changed by somebody."""
        known = facts.case.mirrored(intent.wish.facet)
        if _same(known.value, intent) and known.version > 0:
            return _proof(Outcome.ALREADY_SO, known)
        try:
            return _proof(Outcome.DONE, self._write(intent, known.version))
        except ConflictError:
            now = self._cii.mirrored(intent.wish.case_id, intent.wish.facet)
        if _same(now.value, intent):
            return _proof(Outcome.ALREADY_SO, now)
        if (now.value or None) != (known.value or None):
            return Proof(Outcome.OVERTAKEN, {"why": "the mirror was changed by somebody meanwhile"})
        return _proof(Outcome.DONE, self._write(intent, now.version))

    def _write(self, intent: Intent, version: int) -> Mirrored:
        """One call."""
        wish = intent.wish
        seen = wish.payload["observed_at"]
        observed_at = datetime.fromisoformat(seen) if seen else intent.created_at
        failpoint("mirror.before_write")
        written = self._cii.write_mirror(wish.case_id, wish.facet, wish.settles or {}, version, observed_at)
        failpoint("mirror.written")
        return written


def _same(value: FacetValue | None, intent: Intent) -> bool:
    """An empty mirror and none say the same: nothing."""
    return (dict(value) if value else None) == (dict(intent.wish.settles) if intent.wish.settles else None)


def _proof(outcome: Outcome, mirrored: Mirrored) -> Proof:
    """The version that the CII software answered with."""
    return Proof(outcome, {"version": str(mirrored.version)})
