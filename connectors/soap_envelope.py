"""SOAP 1.1 answers before zeep sees them: no DTD, no entities, bounded depth, one body, faults in all their spellings.

Sources: SOAP 1.1 (W3C note) section 4.4, OWASP on XML external entities; F47, F49, F50, S1.
"""

import re
from collections.abc import Mapping

from lxml import etree

from connectors.failures import ForeignError, SoapFaultError, StatusError, UnreadableError
from connectors.http_answers import Answer
from domain.errors import SyncError

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
_MEDIA_TYPES = ("text/xml", "application/soap+xml")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_OUR_FAULT = re.compile(r"(^|:|\.)(Client|Sender|VersionMismatch|MustUnderstand)\b")
_OK, _FAULT_STATUS = 200, 500


def read_body(answer: Answer, families: Mapping[str, type[SyncError]]) -> etree._Element:
    """The one element in an answer's body. A fault raises with the family of its code, if ``families`` knows it."""
    if answer.status not in {_OK, _FAULT_STATUS}:
        raise StatusError(answer.status)
    if answer.status == _FAULT_STATUS and answer.media_type()[0] not in _MEDIA_TYPES:
        raise StatusError(answer.status)
    answer.demand(*_MEDIA_TYPES)
    envelope = read_xml(answer.body)
    soap = etree.QName(envelope).namespace
    if soap not in {SOAP11, SOAP12} or etree.QName(envelope).localname != "Envelope":
        raise ForeignError("the answer is not a SOAP envelope", code="NO_ENVELOPE")
    bodies = envelope.findall(f"{{{soap}}}Body")
    fault = envelope.find(f"{{{soap}}}Body/{{{soap}}}Fault")
    if fault is not None:
        raise _fault(fault, families)
    if answer.status != _OK:
        raise StatusError(answer.status)
    if soap != SOAP11 or len(bodies) != 1 or len(bodies[0]) != 1:
        raise ForeignError("the answer is not a SOAP 1.1 envelope with one body", code="NO_ENVELOPE")
    return bodies[0][0]


def read_xml(body: bytes) -> etree._Element:
    """A hardened parse; raises ``UnreadableError`` (perhaps cut) or ``ForeignError`` (document type, encoding)."""
    declared = _ENCODING.match(body[:200])
    if declared and declared.group(1).lower() not in {b"utf-8", b"us-ascii"}:
        raise ForeignError("the answer is in another encoding than agreed", code="ENCODING")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ForeignError("the answer brings a document type: refused as an attack", code="DTD")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError("the answer is not whole XML", code="NOT_XML") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr] # the stubs do not know it
        # Written in an encoding in which the bytes above did not show.
        raise ForeignError("the answer brings a document type: refused as an attack", code="DTD")
    return root


def _fault(fault: etree._Element, families: Mapping[str, type[SyncError]]) -> SoapFaultError | ForeignError:
    """The fault by its ``serviceFault`` code; without one, whose fault it says it is."""
    code = (fault.findtext(".//{*}serviceFault/{*}error") or "").strip()
    if code in families:
        return SoapFaultError(code, families[code])
    told = fault.findtext("faultcode") or fault.findtext(f"{{{SOAP12}}}Code/{{{SOAP12}}}Value") or ""
    if _OUR_FAULT.search(told) and not code:
        return ForeignError("our request was not accepted", code="FAULT_CLIENT")
    return SoapFaultError(code if _CODE.fullmatch(code) else "", None)
