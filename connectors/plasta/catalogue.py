"""PLASTA's lists: our keyword in the catalogue of our execution region, and the code lists with their texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.plasta.operations import Operations, Reply, whole
from connectors.plasta.remembered import Remembered
from domain.errors import MisconfiguredError

_OPERATION = "getSchlagwortKatalog"


@dataclass(frozen=True, slots=True)
class CodeText:
    """One row of a code list in the two languages that we write; None where PLASTA has no text."""

    french: str | None
    german: str | None
    valid: bool


class Catalogue:
    """The lists, each asked for once in ``seconds``."""

    def __init__(
        self, operations: Operations, keyword_name: str, seconds: float, monotonic: Callable[[], float]
    ) -> None:
        self._operations = operations
        self._keyword_name = keyword_name
        self._seconds = seconds
        self._monotonic = monotonic
        self._keyword = Remembered(self._load_keyword, seconds, monotonic)
        self._codes: dict[str, Remembered[Mapping[str, CodeText]]] = {}

    def keyword_id(self) -> str:
        """The id of our keyword; raises ``MisconfiguredError`` where the catalogue has none, or several, of its name.

        The catalogue is that of our office's execution region: a keyword of another region is not in it, and would be
        dropped silently on saving.
        """
        return self._keyword.get()

    def codes(self, domain: str) -> Mapping[str, CodeText]:
        """One code list by code, for example ``ABMELDEGRUND``; loaded, never built in."""
        if domain not in self._codes:
            self._codes[domain] = Remembered(lambda: self._load_codes(domain), self._seconds, self._monotonic)
        return self._codes[domain].get()

    def forget(self) -> None:
        """Ask anew at the next use, for a check."""
        self._keyword.forget()
        self._codes.clear()

    def _load_keyword(self) -> str:
        return self._operations.read(_OPERATION, {}, whole(lambda reply: keyword_among(reply, self._keyword_name)))

    def _load_codes(self, domain: str) -> Mapping[str, CodeText]:
        return self._operations.read("getCode", {"codeDomain": domain}, whole(_code_texts))


def keyword_among(reply: Reply, name: str) -> str:
    """The id of the one valid keyword of this French or German name."""
    named = [
        row
        for row in reply.fields.rows("schlagwortArray")
        if name in {row.optional("bezeichnungFr"), row.optional("bezeichnungDe")}
    ]
    valid = [row.text("schlagwortId") for row in named if row.value.get("gueltig") is True]
    if len(valid) == 1:
        return valid[0]
    if valid:
        raise MisconfiguredError(
            f"the catalogue has {len(valid)} valid keywords of the configured name", code="SCHLAGWORT_NICHT_EINDEUTIG"
        )
    why = "is no longer valid there" if named else "is not in it"
    raise MisconfiguredError(
        f"the keyword of the configured name {why} (catalogue of our office's execution region)",
        code="SCHLAGWORT_NICHT_GEFUNDEN",
    )


def _code_texts(reply: Reply) -> Mapping[str, CodeText]:
    return {
        row.text("code"): CodeText(row.optional("textFr"), row.optional("textDe"), row.value.get("gueltig") is True)
        for row in reply.fields.rows("codeArray")
    }
