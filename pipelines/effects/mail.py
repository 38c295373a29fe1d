"""Hand a mail to the server for one envelope recipient. Nobody can look whether it arrived: a doubt is held."""

from datetime import datetime

from domain.cases import TeamMember
from domain.decision import CaseFacts
from domain.errors import MisconfiguredError
from domain.facets import Language
from domain.failpoints import failpoint
from domain.intents import Intent, Outcome, Proof
from domain.mail import Mailbox, OutgoingMail
from pipelines.needs import Needs

FIELD = "field."


class SendMail:
    """One recipient of one mail; headers and Message-ID are the same for all recipients and all repeats."""

    can_look = False
    proves_absence = False

    def __init__(self, needs: Needs) -> None:
        self._mailer = needs.mailer
        self._institutions = needs.institutions

    def look(self, intent: Intent, facts: CaseFacts) -> Proof | None:
        """Never called: SMTP has no way to ask."""
        raise AssertionError(intent.intent_id, facts.case.case_id)

    def act(self, intent: Intent, facts: CaseFacts) -> Proof:
        """The server's acceptance for this recipient."""
        recipient = self._mailbox(intent.wish.payload["recipient"])
        mail = self.compose(intent, facts)
        failpoint("mail.composed")
        acceptance = self._mailer.send(mail, recipient)
        failpoint("mail.accepted")
        return Proof(Outcome.DONE, {"server_code": str(acceptance.code), "server_text": acceptance.text})

    def compose(self, intent: Intent, facts: CaseFacts) -> OutgoingMail:
        """The whole mail, from the intent and the case as it stands; the To recipient's language first."""
        payload = intent.wish.payload
        to = self._mailbox(payload["to"])
        cc = (self._mailbox(payload["cc"]),) if payload["cc"] else ()
        languages: tuple[Language, ...] = tuple(dict.fromkeys(box.language for box in (to, *cc)))
        own = {name.removeprefix(FIELD): text for name, text in payload.items() if name.startswith(FIELD)}
        return OutgoingMail(
            message_id=payload["message_id"],
            template=payload["template"],
            to=(to,),
            cc=cc,
            languages=languages,
            fields=own,
            written_at=datetime.fromisoformat(payload["written_at"]),
            reply_to=tuple(_box(member) for member in facts.case.tandem()),
        )

    def _mailbox(self, institution: str) -> Mailbox:
        """Where an institution reads mail."""
        box = self._institutions.mailbox(institution)
        if box is None:
            raise MisconfiguredError(
                f"institution {institution} has no mailbox in the registry", system="mail", operation="send"
            )
        return box


def _box(member: TeamMember) -> Mailbox:
    """A tandem member as the address that answers go to."""
    return Mailbox(member.email, member.name, member.language)
