"""One call on its way through the stand-in: what was asked, by whom, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from sandbox.faults import Fault
from sandbox.ledger import Ledger
from sandbox.plasta.contract import TYPES, XSI
from sandbox.plasta.envelope import Message
from sandbox.plasta.records import JobSeeker, Registration
from sandbox.plasta.rendering import Rendering
from sandbox.plasta.state import PlastaState

_NIL = f"{{{XSI}}}nil"


class RefusalError(Exception):
    """A business refusal: NK_AVAM: ERROR with one DANGER message, and nothing saved."""

    def __init__(self, key: str, *values: str) -> None:
        """Keep the message's key and values."""
        super().__init__(key)
        self.message = Message("DANGER", key, values)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that follows the schema; `faults` are the system's own kinds that hit this call."""

    operation: str
    request: etree._Element
    caller: str
    faults: Mapping[str, Fault] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Return a child of the request, None when it is nil or blank."""
        return _value(self.request.find(name))

    def inner(self, parent: str, name: str) -> str | None:
        """Return a child of a structured child of the request, None when it is nil or blank."""
        return _value(self.request.find(f"{parent}/{{{TYPES}}}{name}"))

    def required(self, name: str) -> str:
        """Return a child that the schema requires; blank counts as not found."""
        return self.text(name) or ""

    @property
    def office(self) -> str:
        """Office code of the caller."""
        return self.inner("kontext", "amtsstelle") or ""

    @property
    def correlation_id(self) -> str:
        """Correlation id that the caller chose, empty when none."""
        return self.inner("kontext", "korrelationsId") or ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A business answer under NK_AVAM: OK: the content after the messages, as text."""

    content: str
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What every operation works with; `base_url` is where the GED's pages are served."""

    state: PlastaState
    ledger: Ledger
    rendering: Rendering
    base_url: str

    def record(self, call: Call, business_key: str, **detail: str) -> None:
        """Write one effect into the ledger."""
        self.ledger.record(
            call.operation, business_key, caller=call.caller, correlation_id=call.correlation_id, detail=detail
        )

    def readable(self, call: Call) -> tuple[JobSeeker, tuple[Message, ...]]:
        """Return the person asked for, through merges; raises RefusalError when unknown or not to be seen."""
        asked = call.required("personenNr")
        person = self.state.people.surviving(asked)
        if person is None:
            raise RefusalError("STES_NICHT_GEFUNDEN", asked)
        if person.protected:
            raise RefusalError("KEINE_BERECHTIGUNG", asked)
        if person.personal_number == asked:
            return person, ()
        return person, (Message("INFO", "PERSON_ZUSAMMENGEFUEHRT", (asked, person.personal_number)),)

    def writable(self, call: Call) -> JobSeeker:
        """Return the person to be changed; a merged number is refused, since the caller must know whom it changes."""
        person, merged = self.readable(call)
        if merged:
            raise RefusalError("PERSON_ZUSAMMENGEFUEHRT", *merged[0].values)
        return person


def registration_meant(person: JobSeeker, stes_id: str | None) -> Registration:
    """Return the registration by id, else the only active one; raises RefusalError."""
    if stes_id is not None:
        found = person.registration(stes_id)
        if found is None:
            raise RefusalError("FALSCHER_KONTEXT", stes_id)
        return found
    active = person.active_registrations
    if len(active) > 1:
        raise RefusalError("STES_MEHRDEUTIG", person.personal_number)
    if not active:
        raise RefusalError("STES_INAKTIV", person.personal_number)
    return active[0]


def _value(element: etree._Element | None) -> str | None:
    if element is None or element.get(_NIL) in {"true", "1"}:
        return None
    return (element.text or "").strip() or None
