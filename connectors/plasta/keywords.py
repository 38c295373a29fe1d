"""Our keyword on one registration: read with the version to save against, asked for, asked to go (C2).

PLASTA wants the personal number beside the registration. Whose registration it is, is kept from what was read of
persons, else searched for once.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TypeVar

from connectors.failures import ForeignError
from connectors.plasta import search
from connectors.plasta.catalogue import Catalogue
from connectors.plasta.operations import Operations, Reply, whole
from domain.errors import RefusedError
from domain.people import PersonalNumber, RegistrationId
from domain.registrations import KeywordState
from mappings import identifiers
from mappings.plasta.people import carries

_OWNERS_KEPT = 50_000
"""Some 10 MB: every registration of a nightly, so that its keywords cost no search."""

Result = TypeVar("Result")


class Owners:
    """Whose registrations these are: the latest few, in memory only."""

    def __init__(self, load: Callable[[RegistrationId], PersonalNumber], most: int = _OWNERS_KEPT) -> None:
        self._load = load
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[RegistrationId, PersonalNumber] = OrderedDict()

    def of(self, registration_id: RegistrationId) -> PersonalNumber:
        """The personal number; asked for when it is not known."""
        with self._lock:
            known = self._kept.get(registration_id)
        if known is not None:
            return known
        number = self._load(registration_id)
        self.remember(number, (registration_id,))
        return number

    def remember(self, number: PersonalNumber, registration_ids: Iterable[RegistrationId]) -> None:
        """Keep whose these are; beyond the limit the oldest go."""
        with self._lock:
            self._kept.update(dict.fromkeys(registration_ids, number))
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, registration_id: RegistrationId) -> None:
        """Ask anew next time: two persons may have become one."""
        with self._lock:
            self._kept.pop(registration_id, None)


class Keywords:
    """Reads and changes one keyword; the catalogue knows which, ``owners`` knows whose registration it is on."""

    def __init__(self, operations: Operations, catalogue: Catalogue) -> None:
        self._operations = operations
        self._catalogue = catalogue
        self.owners = Owners(lambda registration_id: search.person_of(operations, registration_id))

    def state(self, registration_id: RegistrationId) -> KeywordState:
        """Whether it is set, and the version to save against."""
        keyword_id = self._catalogue.keyword_id()

        def use(reply: Reply) -> KeywordState:
            _demand_registration(reply, registration_id)
            return KeywordState(carries(reply.fields, keyword_id), reply.fields.number("ojbVersion"))

        def ask() -> KeywordState:
            arguments = self._registration(registration_id)
            return self._operations.read("getStesSchlagworte", arguments, whole(use), reference=registration_id)

        return self._about(registration_id, ask)

    def change(self, operation: str, registration_id: RegistrationId, version: int, correlation_id: str) -> None:
        """``addStesSchlagwort`` or ``removeStesSchlagwort``, once; the answer proves nothing until it is read back."""
        keyword_id = self._catalogue.keyword_id()

        def ask() -> None:
            self._operations.write(
                operation,
                {**self._registration(registration_id), "schlagwortId": keyword_id, "ojbVersion": version},
                whole(lambda reply: _demand_registration(reply, registration_id)),
                reference=registration_id,
                correlation_id=correlation_id,
            )

        self._about(registration_id, ask)

    def _registration(self, registration_id: RegistrationId) -> dict[str, object]:
        checked = identifiers.registration_id(registration_id, "registration_id")
        return {"personenNr": self.owners.of(checked), "stesIdAvam": checked}

    def _about(self, registration_id: RegistrationId, ask: Callable[[], Result]) -> Result:
        """Do it; a refusal may come from an owner that is no longer right, so she is looked up anew next time."""
        try:
            return ask()
        except RefusedError:
            self.owners.forget(registration_id)
            raise


def _demand_registration(reply: Reply, registration_id: RegistrationId) -> None:
    """An answer about another registration is no answer."""
    if reply.fields.text("stesIdAvam") != registration_id:
        raise ForeignError("the answer is about another registration", code="OTHER_REGISTRATION")
