"""zeep behind a typed face: it writes envelopes by the bundled WSDL and turns answers into plain values.

It is given no way to the network. Its classes have no types, so they are ``Any`` here and nowhere else.
"""

import logging
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NoReturn

import zeep
from lxml import etree
from zeep.exceptions import Error as ZeepError
from zeep.helpers import serialize_object
from zeep.wsse.username import UsernameToken

from connectors.failures import ForeignError
from domain.errors import ContractBrokenError, InvalidRecordError

_zeep: Any = zeep
_token: Any = UsernameToken
_serialize: Any = serialize_object

# zeep's own debug lines hold whole envelopes, and these hold a password (S8).
logging.getLogger("zeep").setLevel(logging.WARNING)


class _NoTransport(zeep.Transport):
    """zeep's way out, closed: a WSDL that imports from outside is refused."""

    def load(self, *_arguments: object) -> NoReturn:
        """Refuse to load anything."""
        raise ForeignError("the contract asks for a document from outside", code="WSDL_IMPORT")

    get = post = post_xml = load  # none of them ever runs


class Envelopes:
    """Writes and reads the envelopes of one WSDL; ``login`` is put into the header as a WS-Security UsernameToken."""

    def __init__(self, wsdl: bytes, login: tuple[str, str] | None = None) -> None:
        settings = _zeep.Settings(
            strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True, xml_huge_tree=False
        )
        transport: Any = _NoTransport
        wsse = _token(*login) if login else None
        try:
            self._client = _zeep.Client(BytesIO(wsdl), wsse=wsse, transport=transport(), settings=settings)
        except (ZeepError, ForeignError):
            raise ContractBrokenError("the contract asks for documents from outside, or is none", code="WSDL") from None
        self._service = self._client.service
        (self._binding,) = self._client.wsdl.bindings.values()
        self.operations = frozenset(str(name) for name in self._binding.all())

    def write(self, operation: str, arguments: Mapping[str, object]) -> etree._Element:
        """The envelope of a request; raises ``InvalidRecordError`` for values that do not fit."""
        try:
            envelope: etree._Element = self._client.create_message(self._service, operation, **arguments)
        except (ZeepError, ValueError, TypeError):
            raise InvalidRecordError("does not fit into a request", path=operation) from None
        return envelope

    def read(self, operation: str, envelope: etree._Element) -> Mapping[str, Any]:
        """The values of an answer that was held against the schema before; nil is None."""
        try:
            result = _serialize(self._binding.get(operation).process_reply(envelope), dict)
        except (ZeepError, ValueError, TypeError, AttributeError):
            raise ForeignError("the answer is not of the contract", code="SCHEMA") from None
        if not isinstance(result, dict):
            raise ForeignError("the answer holds nothing", code="SCHEMA")
        return {name: _filled(value) for name, value in result.items()}


def _filled(value: object) -> object:
    """zeep makes of a nil part one whose leaves are all None: it is None again here.

    Nothing else looks like that, since each type of the contract has a leaf that may not be nil.
    """
    match value:
        case dict():
            inner = {name: _filled(part) for name, part in value.items()}
            return inner if any(part is not None for part in inner.values()) else None
        case list():
            return [_filled(part) for part in value]
        case _:
            return value
