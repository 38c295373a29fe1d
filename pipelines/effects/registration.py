"""C3: ask PLASTA for a registration by operation, only where a setting allows it."""

from dataclasses import replace

from domain.decision import CaseFacts
from domain.errors import RefusedError
from domain.failpoints import failpoint
from domain.intents import Intent, Outcome, Proof
from pipelines.needs import Needs

TURNED_DOWN = "ABGELEHNT"
"""The state of a request that PLASTA will not follow; PENDENT and AKTIV are the others."""


class RequestRegistration:
    """One registration asked for; registered already is the same as done.

    A request that waits for its match with the central register cannot be seen, and PLASTA registers twice when asked
    twice: after a lost answer a look can only find, never clear (F56).
    """

    can_look = True
    proves_absence = False

    def __init__(self, needs: Needs) -> None:
        self._plasta = needs.plasta
        self._institutions = needs.institutions

    def look(self, intent: Intent, facts: CaseFacts) -> Proof | None:  # noqa: ARG002 - the port's shape
        """Whether PLASTA knows an active registration of the person by her AVS number or personal number."""
        hits = self._plasta.find(facts.case.beneficiary.key())
        numbers = [hit.personal_number for hit in hits if hit.birth_date == facts.case.beneficiary.birth_date]
        found = self._plasta.persons(numbers).found if numbers else {}
        return Proof(Outcome.DONE) if any(person.active() for person in found.values()) else None

    def act(self, intent: Intent, facts: CaseFacts) -> Proof:
        """Ask; PENDENT is done for us, since the registration is watched for; a request turned down is a person's."""
        if self.look(intent, facts):
            return Proof(Outcome.ALREADY_SO)
        key = replace(facts.case.beneficiary.key(), personal_number=None)
        office = self._institutions.office_code_of(facts.case.region)
        failpoint("registration.before_call")
        answer = self._plasta.request_registration(key, office, intent.intent_id)
        failpoint("registration.answered")
        if answer.state == TURNED_DOWN:
            raise RefusedError(
                "PLASTA turned the registration down",
                system="plasta",
                operation="request_registration",
                reference=intent.wish.case_id,
                code=TURNED_DOWN,
            )
        return Proof(Outcome.DONE, {"process": answer.process_id, "state": answer.state})
