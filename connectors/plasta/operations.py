"""One operation of PLASTA: called, its result string judged, its values handed on by name.

``NK_AVAM: OK`` is trimmed before it is compared; DANGER means that nothing was saved, whatever the result says (F48).
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from connectors.failures import ForeignError, RefusalError
from connectors.soap import BadRow, SoapChannel
from connectors.translation import translated
from domain.errors import MappingError, OutcomeUnknownError
from mappings.plasta.codes import FAMILIES
from mappings.plasta.fields import Fields

SYSTEM = "plasta"
_OK, _ERROR = "NK_AVAM: OK", "NK_AVAM: ERROR"
_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_log = logging.getLogger(__name__)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answered under OK: its fields, the keys of its messages, and rows that broke the schema."""

    fields: Fields
    hints: frozenset[str] = frozenset()
    bad_rows: tuple[BadRow, ...] = ()


class Operations:
    """Calls operations by name through one SOAP channel, each ending in a reply or in one of our error families."""

    def __init__(self, soap: SoapChannel) -> None:
        self._soap = soap

    def offers(self, operation: str) -> bool:
        """Whether the target's contract has this operation."""
        return self._soap.offers(operation)

    def read(
        self,
        operation: str,
        arguments: Mapping[str, object],
        use: Callable[[Reply], Result],
        *,
        reference: str = "",
        rows: str = "",
    ) -> Result:
        """Ask, and give the reply to ``use``, whose complaints about it are told with their place."""
        with translated(SYSTEM, operation, write=False, reference=reference) as call:
            answer = self._soap.call(call, arguments, rows=rows)
            return use(_judged(operation, answer.value, answer.bad_rows))

    def write(
        self,
        operation: str,
        arguments: Mapping[str, object],
        use: Callable[[Reply], Result],
        *,
        reference: str,
        correlation_id: str,
    ) -> Result:
        """Ask for a change, once. What cannot be read of the answer is an unknown outcome."""
        with translated(SYSTEM, operation, write=True, reference=reference) as call:
            answer = self._soap.call(call, arguments, correlation_id=correlation_id)
            return use(_judged(operation, answer.value, answer.bad_rows))

    def drift(self) -> str:
        """How the served WSDL differs from ours; empty when it does not."""
        with translated(SYSTEM, "wsdl", write=False) as call:
            return self._soap.drift(call)


def whole(use: Callable[[Reply], Result]) -> Callable[[Reply], Result]:
    """Marks a reading that knows no single bad record: what cannot be read breaks the contract as a whole."""

    def read(reply: Reply) -> Result:
        try:
            return use(reply)
        except MappingError as error:
            raise ForeignError(f"the answer is not of the contract at {error.path}", code="CONTENT") from None

    return read


def _judged(operation: str, value: Mapping[str, object], bad_rows: tuple[BadRow, ...]) -> Reply:
    """The reply of an answer that says OK; raises :class:`RefusalError` with the code for any other."""
    fields = Fields(value)
    result, messages = _result_of(Reply(fields))
    refused = [key for kind, key in messages if kind == "DANGER"]
    if result not in {_OK, _ERROR}:
        raise ForeignError("the result is neither OK nor ERROR", code="RESULT")
    if result == _ERROR or refused:
        raise _refusal((refused or [key for _, key in messages] or [""])[0])
    for kind, key in messages:
        if kind == "WARNING":
            _log.warning("plasta.%s: OK with WARNING %s", operation, _plain(key))
    return Reply(fields, frozenset(key for _, key in messages), bad_rows)


@whole
def _result_of(reply: Reply) -> tuple[str, list[tuple[str, str]]]:
    messages = [(one.text("typ"), one.text("key")) for one in reply.fields.rows("meldungArray")]
    return reply.fields.text("returnCode"), messages


def _refusal(key: str) -> RefusalError:
    if not key:
        return RefusalError("NO_MESSAGE", OutcomeUnknownError)  # an ERROR without its DANGER proves nothing
    return RefusalError(_plain(key), FAMILIES.get(key))


def _plain(key: str) -> str:
    """A key that may be shown: a stranger's text could hold anything."""
    return key if _KEY.fullmatch(key) else "UNREADABLE_KEY"
