"""A raw SOAP client for the stand-in's tests: writes envelopes by hand, and validates what comes back."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from lxml import etree

from sandbox.plasta import PlastaService
from sandbox.plasta.contract import plasta_contract

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
P = "urn:vs-cii:plasta:v1"
T = "urn:vs-cii:plasta:types:v1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOGIN = "<credentials><t:username>cii</t:username><t:password>geheim</t:password></credentials>"


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is the element in the SOAP body."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> etree._Element:
        """The one element in the SOAP body."""
        return etree.fromstring(self.raw)[0][0]

    def texts(self, name: str) -> list[str | None]:
        """All texts of that element, None for nil."""
        return [item.text for item in self.body.iter(f"{{{T}}}{name}")]

    def text(self, name: str) -> str | None:
        """The first text of that element; an AssertionError when there is none."""
        found = self.texts(name)
        assert found, f"no {name} in the answer"
        return found[0]

    @property
    def code(self) -> str | None:
        """The return code as sent."""
        return self.text("returnCode")

    @property
    def keys(self) -> list[str | None]:
        """Keys of the messages."""
        return self.texts("key")

    @property
    def fault(self) -> tuple[str | None, str | None]:
        """Fault code and the error of the serviceFault detail."""
        return self.body.findtext("faultcode"), self.text("error")


def value(name: str, content: str | None) -> str:
    """An unqualified child of a request, nil for None."""
    return f'<{name} xsi:nil="true"/>' if content is None else f"<{name}>{escape(content)}</{name}>"


def typed(name: str, content: str | None) -> str:
    """A child inside a structured child, nil for None."""
    return f'<t:{name} xsi:nil="true"/>' if content is None else f"<t:{name}>{escape(content)}</t:{name}>"


def context(office: str = "VSO10", language: str = "2") -> str:
    """The second child of every request."""
    inside = typed("amtsstelle", office) + typed("benutzer", "test") + typed("sprache", language)
    return f"<kontext>{inside}{typed('korrelationsId', 'korr-1')}</kontext>"


def search(**criteria: str) -> str:
    """The criteria of a search, all others nil."""
    names = ("svNr", "personenNr", "stesIdAvam", "name", "vorname", "geburtsdatum", "schlagwortId", "status", "ravCode")
    return f"<suche>{''.join(typed(name, criteria.get(name)) for name in names)}</suche>"


def numbers(*asked: str) -> str:
    """The array of a list request."""
    return f"<personenNrArray>{''.join(typed('personenNrArrayItem', item) for item in asked)}</personenNrArray>"


def person(number: str, stes_id: str | None = None) -> str:
    """The two children that name a person and a registration."""
    return value("personenNr", number) + value("stesIdAvam", stes_id)


def keyword(number: str, keyword_id: str, version: int, stes_id: str | None = None) -> str:
    """What setting and removing a keyword need."""
    return person(number, stes_id) + value("schlagwortId", keyword_id) + value("ojbVersion", str(version))


def envelope(operation: str, content: str, *, login: str = LOGIN, about: str | None = None, header: str = "") -> bytes:
    """A whole request."""
    opened = f'<e:Envelope xmlns:e="{SOAP}" xmlns:xsi="{XSI}" xmlns:t="{T}">{header}<e:Body>'
    inside = login + (context() if about is None else about) + content
    return f'{opened}<p:{operation} xmlns:p="{P}">{inside}</p:{operation}></e:Body></e:Envelope>'.encode()


class Raw:
    """Posts to a running stand-in; a well-formed answer under 200 is validated unless it is meant to be wrong."""

    def __init__(self, service: PlastaService) -> None:
        """Talk to this service."""
        self.service = service

    def call(self, operation: str, content: str = "", *, about: str | None = None, valid: bool = True) -> Answer:
        """Make one call with the right login."""
        answer = self.post(envelope(operation, content, about=about), operation)
        if valid:
            assert answer.status == 200, answer.raw
            plasta_contract().validate(answer.body)
            assert etree.QName(answer.body).localname == f"{operation}Response"
        return answer

    def post(self, body: bytes, action: str, content_type: str = "text/xml;charset=UTF-8") -> Answer:
        """Post these bytes."""
        connection = http.client.HTTPConnection(urlsplit(self.service.url).netloc, timeout=5)
        try:
            connection.request("POST", "/plasta", body, {"Content-Type": content_type, "SOAPAction": f'"{action}"'})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        """Get a page or a control path."""
        connection = http.client.HTTPConnection(urlsplit(self.service.url).netloc, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()


def all_bytes(service: PlastaService, body: bytes, action: str) -> tuple[bytes, bool]:
    """Post on a bare socket; return every byte until the end, and whether the end was a reset."""
    where = urlsplit(service.url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=5) as connection:
        head = f"POST /plasta HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nSOAPAction: {action}\r\n"
        connection.sendall(f"{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        received = b""
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:
            return received, True
    return received, False
