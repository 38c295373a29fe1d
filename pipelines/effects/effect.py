"""What an effect is: a way to look whether it is there, and a way to bring it about."""

from collections.abc import Callable
from typing import Protocol

from domain.decision import CaseFacts
from domain.intents import Intent, IntentKind, Proof
from pipelines.effects.keyword import RemoveKeyword, SetKeyword
from pipelines.effects.mail import SendMail
from pipelines.effects.mirror import WriteBack
from pipelines.effects.registration import RequestRegistration
from pipelines.needs import Needs


class Effect(Protocol):
    """One kind of intent in the outside world."""

    can_look: bool
    """Whether the target can be asked if the effect is there; a mail server cannot."""

    proves_absence: bool
    """Whether a look that finds nothing proves that nothing happened, so that the effect may be tried again."""

    def look(self, intent: Intent, facts: CaseFacts) -> Proof | None:
        """Proof that the effect is there, or None when the target shows that it is not."""
        ...

    def act(self, intent: Intent, facts: CaseFacts) -> Proof:
        """Bring it about and prove it; raises one of the error families."""
        ...


EFFECTS: dict[IntentKind, Callable[[Needs], Effect]] = {
    IntentKind.SET_KEYWORD: SetKeyword,
    IntentKind.REMOVE_KEYWORD: RemoveKeyword,
    IntentKind.WRITE_BACK: WriteBack,
    IntentKind.SEND_MAIL: SendMail,
    IntentKind.REQUEST_REGISTRATION: RequestRegistration,
}
"""Total over the kinds of intent, tested so."""


def effect_of(kind: IntentKind, needs: Needs) -> Effect:
    """The effect of a kind of intent, with what it needs."""
    return EFFECTS[kind](needs)
