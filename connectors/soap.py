"""The one factory of SOAP clients: zeep writes requests and reads answers, everything between is ours.

zeep never opens a connection: the WSDL is bundled, the service address is the target's, and an envelope goes out
through :class:`connectors.http.HttpChannel`. An answer reaches zeep only after it was held against the schema.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

from lxml import etree

from config.correlation import correlation_id
from connectors.failures import Call, ForeignError
from connectors.http import HttpChannel, HttpTarget, Question
from connectors.soap_contract import SoapContract, fingerprint
from connectors.soap_envelope import read_body
from connectors.soap_writing import Envelopes
from domain.errors import InvalidRecordError, SyncError

_CONTENT_TYPE = "text/xml;charset=UTF-8"
_LINE_SIGNS = "\t\n\r"


@dataclass(frozen=True, slots=True)
class SoapTarget:
    """A SOAP service: its endpoint, how we log in, and on whose behalf (office code, user, language code)."""

    http: HttpTarget
    username: str
    password: str = field(repr=False)
    auth: Literal["body", "wsse"] = "body"
    office: str = ""
    user: str = ""
    language: str = "2"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of an answer that breaks the schema alone: where, and its bytes for support."""

    element: etree._Element
    path: str


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    """What an operation answered, as plain values by element name, and the rows that had to be left out."""

    value: Mapping[str, Any]
    bad_rows: tuple[BadRow, ...] = ()


class SoapChannel:
    """Calls the operations of one contract at one target; safe to share between threads."""

    def __init__(
        self,
        target: SoapTarget,
        wsdl: bytes,
        families: Mapping[str, type[SyncError]],
        *,
        http: HttpChannel | None = None,
        new_id: Callable[[], str] = lambda: correlation_id() or str(uuid4()),
    ) -> None:
        self._target = target
        self._families = families
        self._new_id = new_id
        self._http = http or HttpChannel(target.http)
        self._contract = SoapContract(wsdl)
        login = (target.username, target.password) if target.auth == "wsse" else None
        self._envelopes = Envelopes(wsdl, login)

    def offers(self, operation: str) -> bool:
        """Whether the contract has this operation."""
        return operation in self._envelopes.operations

    def call(
        self,
        call: Call,
        arguments: Mapping[str, object],
        *,
        correlation_id: str = "",
        rows: str = "",
    ) -> SoapAnswer:
        """Send the operation named by ``call`` and read its answer.

        ``rows`` names a repeated element whose instances are judged one by one, so that one bad row spoils no other.
        Raises what :mod:`connectors.translation` understands; ``InvalidRecordError`` for what we must not even send.
        """
        operation = call.operation
        body = self._request(operation, arguments, correlation_id or self._new_id())
        headers = {"Content-Type": _CONTENT_TYPE, "SOAPAction": f'"{operation}"'}
        answer = self._http.send(call, Question("POST", headers=headers, body=body))
        element = read_body(answer, self._families)
        bad = self._demand_schema(operation, element, rows)
        return SoapAnswer(self._envelopes.read(operation, element.getroottree().getroot()), bad)

    def drift(self, call: Call) -> str:
        """How the served WSDL differs from ours: a sentence, empty when it does not. Never adopts anything."""
        answer = self._http.send(call, Question("GET", query={"wsdl": ""}))
        if answer.status != 200:  # noqa: PLR2004
            return f"it serves no WSDL to compare with (HTTP {answer.status})"
        try:
            same = fingerprint(answer.body) == self._contract.fingerprint
        except ValueError:
            return "it serves something else than a WSDL"
        return "" if same else "its WSDL is no longer the one that we were built for"

    def _request(self, operation: str, arguments: Mapping[str, object], correlation_id: str) -> bytes:
        _refuse_control_characters(arguments, operation)
        envelope = self._envelopes.write(operation, {**self._head(correlation_id), **arguments})
        request = envelope.findall("{*}Body/*")[0]
        if path := self._contract.fault_path(request):
            raise InvalidRecordError("does not fit into a request", path=path)
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")

    def _head(self, correlation_id: str) -> dict[str, object]:
        target = self._target
        context = {
            "amtsstelle": target.office,
            "benutzer": target.user or target.username,
            "sprache": target.language,
            "korrelationsId": correlation_id,
        }
        if target.auth == "wsse":
            return {"kontext": context}
        return {"credentials": {"username": target.username, "password": target.password}, "kontext": context}

    def _demand_schema(self, operation: str, element: etree._Element, rows: str) -> tuple[BadRow, ...]:
        if element.tag != f"{{{self._contract.namespace}}}{operation}Response":
            raise ForeignError("the answer is not that of this operation", code="OTHER_OPERATION")
        path = self._contract.fault_path(element)
        if not path:
            return ()
        found = list(element.iter(f"{{*}}{rows}")) if rows else []
        parent = found[0].getparent() if found else None
        if parent is None:
            raise ForeignError(f"the answer is not of the contract at {path}", code="SCHEMA")
        return self._bad_rows(element, parent, found)

    def _bad_rows(
        self, element: etree._Element, parent: etree._Element, rows: Iterable[etree._Element]
    ) -> tuple[BadRow, ...]:
        """Take the rows out and put back those that alone do not break the answer."""
        rows = list(rows)
        for row in rows:
            parent.remove(row)
        if path := self._contract.fault_path(element):
            raise ForeignError(f"the answer is not of the contract at {path}", code="SCHEMA")
        good, bad = [], []
        for row in rows:
            parent.append(row)
            path = self._contract.fault_path(element)
            parent.remove(row)
            if path:
                bad.append(BadRow(row, path))
            else:
                good.append(row)
        parent.extend(good)
        return tuple(bad)


def _refuse_control_characters(value: object, path: str) -> None:
    """0x00-0x1F but tab, LF and CR never go to PLASTA, nor do half characters that no encoding has."""
    match value:
        case str():
            if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in _LINE_SIGNS for sign in value):
                raise InvalidRecordError("holds a control character", path=path, code="ZEICHEN_UNZULAESSIG")
        case Mapping():
            for name, inner in value.items():
                _refuse_control_characters(inner, f"{path}.{name}")
        case list():
            for place, inner in enumerate(value):
                _refuse_control_characters(inner, f"{path}[{place}]")
