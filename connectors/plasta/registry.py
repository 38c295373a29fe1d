"""PLASTA as :class:`domain.ports.JobSeekerRegistry`. Reads conclude only from whole answers; writes are read back."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from connectors.plasta import feed, persons, registration, search
from connectors.plasta.catalogue import Catalogue, CodeText
from connectors.plasta.keywords import Keywords
from connectors.plasta.operations import SYSTEM, Operations
from connectors.soap import SoapChannel
from domain.errors import MisconfiguredError, SyncError
from domain.people import PersonalNumber, PersonKey, RegistrationId
from domain.ports import ChangePage, CheckResult, PersonAnswers, RegistrationRequest
from domain.registrations import Hit, KeywordState
from mappings import identifiers


class PlastaRegistry:
    """Speaks ``contracts/plasta/plasta-v1.wsdl``. Safe to share between threads; lists live for ``cache_seconds``."""

    system = SYSTEM

    def __init__(
        self,
        soap: SoapChannel,
        *,
        keyword_name: str = "CII LIAS-LEMC",
        list_size: int = persons.MOST_AT_ONCE,
        cache_seconds: float = 3600.0,
        registration_enabled: bool = False,
        patience: feed.Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._operations = Operations(soap)
        self._catalogue = Catalogue(self._operations, keyword_name, cache_seconds, monotonic)
        self._keywords = Keywords(self._operations, self._catalogue)
        self._list_size = max(1, min(list_size, persons.MOST_AT_ONCE))
        self._registration_enabled = registration_enabled
        self._patience = patience or feed.Patience()

    def find(self, key: PersonKey) -> tuple[Hit, ...]:
        """Persons that fit; see :func:`connectors.plasta.search.find`."""
        return search.find(self._operations, key)

    def persons(self, numbers: Sequence[PersonalNumber]) -> PersonAnswers:
        """All of them in pages of ``list_size``; one by one where the target knows no list."""
        asked = [identifiers.personal_number(number, "personal_number") for number in dict.fromkeys(numbers)]
        if not asked:
            return PersonAnswers({})
        keyword_id = self._catalogue.keyword_id()
        if not self._operations.offers(persons.LIST):
            return persons.one_by_one(self._operations, asked, keyword_id)
        pages = [
            persons.by_list(self._operations, asked[start : start + self._list_size], keyword_id)
            for start in range(0, len(asked), self._list_size)
        ]
        for page in pages:
            self._remember(page)
        return PersonAnswers(
            {number: person for page in pages for number, person in page.found.items()},
            frozenset().union(*(page.missing for page in pages)),
            {number: record for page in pages for number, record in page.bad.items()},
        )

    def _remember(self, page: PersonAnswers) -> None:
        """Whose the registrations are, for the keywords."""
        for number, person in page.found.items():
            owner = person.merged_into or number
            self._keywords.owners.remember(owner, [one.registration_id for one in person.registrations])

    def changes(self, since: int) -> Iterator[ChangePage]:
        """The feed after a sequence number; see :mod:`connectors.plasta.feed`."""
        return feed.changes(self._operations, since, self._patience)

    def keyword(self, registration_id: RegistrationId) -> KeywordState:
        """Whether the registration carries our keyword, and the version to save against."""
        return self._keywords.state(registration_id)

    def add_keyword(self, registration_id: RegistrationId, version: int, correlation_id: str) -> None:
        """Ask for our keyword. Set already is fine; whether it is there now only :meth:`keyword` can tell (C2)."""
        self._keywords.change("addStesSchlagwort", registration_id, version, correlation_id)

    def remove_keyword(self, registration_id: RegistrationId, version: int, correlation_id: str) -> None:
        """Ask for our keyword to go; not set is fine."""
        self._keywords.change("removeStesSchlagwort", registration_id, version, correlation_id)

    def request_registration(self, key: PersonKey, office: str, correlation_id: str) -> RegistrationRequest:
        """Ask for a registration (C3), where the setting allows it; see :mod:`connectors.plasta.registration`."""
        if not self._registration_enabled:
            raise MisconfiguredError("asking for registrations is switched off", system=SYSTEM, operation="anmeldeStes")
        return registration.request(self._operations, key, office, correlation_id)

    def code_list(self, domain: str) -> Mapping[str, CodeText]:
        """One of PLASTA's code lists with its texts, for example ``ABMELDEGRUND``."""
        return self._catalogue.codes(domain)

    def check(self) -> CheckResult:
        """Log in once, find our keyword, and compare the served WSDL with ours; a difference is a warning only."""
        self._catalogue.forget()
        try:
            self._catalogue.keyword_id()
        except SyncError as error:
            return CheckResult(SYSTEM, ok=False, message=str(error))
        try:
            drift = self._operations.drift()
        except SyncError as error:
            drift = f"its WSDL could not be compared ({error.code})"
        warning = f"; warning: {drift}" if drift else ""
        return CheckResult(SYSTEM, ok=True, message=f"answers, and knows our keyword{warning}")
