"""SOAP 1.1 envelopes: reads a request strictly, writes answers and faults.

Requests are read without DTD, entities, network or huge trees; anything but a well-formed SOAP 1.1 envelope with one
request in its body is a `SoapFaultError`, which the service sends as a fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from sandbox.plasta.contract import SERVICE, TYPES, XSI
from sandbox.plasta.xml_text import tag, text

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SECURITY = f"{{{WSSE}}}Security"
OK = "NK_AVAM: OK"
ERROR = "NK_AVAM: ERROR"
CONTENT_TYPE = "text/xml;charset=UTF-8"


class SoapFaultError(Exception):
    """A request that ends in a SOAP fault; `error` is AUTH_FEHLER, SCHEMA_FEHLER or TECHNISCH."""

    def __init__(self, code: str, error: str, detail: str, operation: str | None = None) -> None:
        """Keep what the fault says: never data of a person."""
        super().__init__(f"{code} {error}: {detail}")
        self.code = code
        self.error = error
        self.detail = detail
        self.operation = operation


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an answer: INFO, WARNING or DANGER, a key, and values."""

    kind: str
    key: str
    values: tuple[str, ...] = ()

    def xml(self) -> str:
        """Return the message as an array item."""
        values = "".join(text("werteArrayItem", value) for value in self.values)
        kind, key = text("typ", self.kind), text("key", self.key)
        return tag("meldungArrayItem", kind, key, tag("werteArray", values))


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request's SOAP header (None when there is none) and the one element of its body."""

    header: etree._Element | None
    request: etree._Element

    @property
    def operation(self) -> str:
        """Local name of the request."""
        return etree.QName(self.request).localname


def read_envelope(body: bytes) -> Envelope:
    """Return the envelope; raises SoapFaultError when it is none, or holds anything that XML attacks are made of."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise SoapFaultError("Client", "SCHEMA_FEHLER", "a document type is not allowed")
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise SoapFaultError("Client", "SCHEMA_FEHLER", "not well-formed") from broken
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # lxml-stubs do not know it
        # Written in an encoding in which the bytes above did not show.
        raise SoapFaultError("Client", "SCHEMA_FEHLER", "a document type is not allowed")
    if root.tag == f"{{{SOAP12}}}Envelope":
        raise SoapFaultError("VersionMismatch", "SCHEMA_FEHLER", "SOAP 1.1 is spoken here")
    inside = root.find(f"{{{SOAP11}}}Body")
    if root.tag != f"{{{SOAP11}}}Envelope" or inside is None or len(inside) != 1:
        raise SoapFaultError("Client", "SCHEMA_FEHLER", "no SOAP envelope with one request")
    return Envelope(root.find(f"{{{SOAP11}}}Header"), inside[0])


def refuse_unknown_headers(envelope: Envelope, *, security: bool) -> None:
    """Raise SoapFaultError for a header that must be understood and is not; `security` says that WS-Security is."""
    for item in () if envelope.header is None else envelope.header:
        understood = security and item.tag == SECURITY
        if item.get(f"{{{SOAP11}}}mustUnderstand") in {"1", "true"} and not understood:
            raise SoapFaultError("MustUnderstand", "SCHEMA_FEHLER", "a header is not understood", envelope.operation)


def answer(operation: str, return_code: str, messages: Sequence[Message], content: str) -> bytes:
    """Return the envelope of an answer; `content` is what follows returnCode and messages."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        f'<soapenv:Envelope xmlns:soapenv="{SOAP11}" xmlns:xsi="{XSI}"><soapenv:Body>'
        f'<p:{operation}Response xmlns:p="{SERVICE}" xmlns:t="{TYPES}"><p:{operation}Return>'
        f"{text('returnCode', return_code)}{tag('meldungArray', *(item.xml() for item in messages))}{content}"
        f"</p:{operation}Return></p:{operation}Response></soapenv:Body></soapenv:Envelope>"
    ).encode()


def fault(error: SoapFaultError) -> bytes:
    """Return the envelope of a SOAP 1.1 fault with its serviceFault detail."""
    detail = text("operation", error.operation) + text("error", error.error) + text("errorDetail", error.detail)
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        f'<soapenv:Envelope xmlns:soapenv="{SOAP11}" xmlns:xsi="{XSI}"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>soapenv:{error.code}</faultcode><faultstring>{error.error}</faultstring>"
        f'<detail><p:serviceFault xmlns:p="{SERVICE}" xmlns:t="{TYPES}">{detail}</p:serviceFault></detail>'
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    ).encode()
