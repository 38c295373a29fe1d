"""The pinned WSDL: its inline schemas as a validator, and whether a server still serves the same one (F51).

zeep alone turns an unparsable number into None with a log line, so every request and answer is held against the
schema first. The contract is read from the package; no import is ever followed.
"""

import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

_XSD = "{http://www.w3.org/2001/XMLSchema}"
_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
_PROSE = (f"{_WSDL}documentation", f"{_XSD}annotation")


class SoapContract:
    """One WSDL with inline schemas; safe to share between threads (each has its own compiled schema)."""

    def __init__(self, wsdl: bytes) -> None:
        self.wsdl = wsdl
        self._local = threading.local()
        root = _parsed(wsdl)
        self.namespace = str(root.get("targetNamespace"))
        self._schemas = {str(item.get("targetNamespace")): etree.tostring(item) for item in root.iter(f"{_XSD}schema")}
        self.fingerprint = fingerprint(wsdl)

    def is_valid(self, element: etree._Element) -> bool:
        """Whether a request or an answer follows the schema."""
        return bool(self._schema().validate(element))

    def fault_path(self, element: etree._Element) -> str:
        """Where an element breaks the schema, by names alone; empty when it does not."""
        schema = self._schema()
        if schema.validate(element):
            return ""
        log: Any = schema.error_log  # the stubs do not know that it is a sequence
        steps = [step.split(":")[-1] for step in str(log[0].path).split("/") if step]
        return ".".join(steps) or "message"

    def _schema(self) -> etree.XMLSchema:
        """This thread's validator: lxml keeps the last errors on the object."""
        schema: etree.XMLSchema | None = getattr(self._local, "schema", None)
        if schema is None:
            schema = self._local.schema = _compiled(self._schemas, self.namespace)
        return schema


def fingerprint(wsdl: bytes) -> str:
    """A hash of what a WSDL means: without prose, address, comments and spacing."""
    root = _parsed(wsdl)
    for item in list(root.iter(*_PROSE)):
        parent = item.getparent()
        if parent is not None:
            parent.remove(item)
    for address in root.iter(f"{_SOAP}address"):
        address.set("location", "")
    for item in root.iter():
        item.text = (item.text or "").strip()
        item.tail = None
    return hashlib.sha256(etree.tostring(root, method="c14n")).hexdigest()


def _parsed(wsdl: bytes) -> etree._Element:
    """The document; raises ``ValueError`` when it brings a document type or is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(wsdl, parser)
    except etree.XMLSyntaxError:
        raise ValueError("not an XML document") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr] # the stubs do not know it
        raise ValueError("a document type is not allowed")
    return root


def _compiled(schemas: Mapping[str, bytes], main: str) -> etree.XMLSchema:
    """The service's schema; its imports name no place, so each is given a file, for as long as compiling takes.

    A resolver of lxml would not do: libxml2 keeps its document loader in one place for the whole process, and another
    thread that parses anything at that moment takes it away.
    """
    with TemporaryDirectory(prefix="cii-sync-") as folder:
        places = {namespace: Path(folder, f"{number}.xsd") for number, namespace in enumerate(sorted(schemas))}
        for namespace, place in places.items():
            root = etree.fromstring(schemas[namespace], etree.XMLParser(no_network=True))
            for item in root.iter(f"{_XSD}import"):
                item.set("schemaLocation", places[str(item.get("namespace"))].as_uri())
            place.write_bytes(etree.tostring(root))
        return etree.XMLSchema(etree.parse(places[main], etree.XMLParser(no_network=True)))
