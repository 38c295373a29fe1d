"""The stand-in's own reading of `contracts/plasta/plasta-v1.wsdl`: schema, operations, and what may be nil.

The server validates every request against the schema in the WSDL; its tests validate every answer. Nothing here is
shared with our connector, so that one misreading cannot sit on both sides.
"""

import threading
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

SERVICE = "urn:vs-cii:plasta:v1"
TYPES = "urn:vs-cii:plasta:types:v1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"


class SchemaViolationError(ValueError):
    """A document that the contract's schema does not allow; the text names libxml2's rules, no values."""


@dataclass(frozen=True, slots=True)
class Child:
    """One element of a type: its own type (without prefix) and whether it may be nil."""

    type_name: str
    nillable: bool


class Contract:
    """The WSDL, parsed once; validation is guarded by a lock, since lxml keeps the last errors on the schema object."""

    def __init__(self, wsdl: bytes) -> None:
        """Read a WSDL with its two inline schemas."""
        self._root = etree.fromstring(wsdl)
        self._lock = threading.Lock()
        schemas = {str(item.get("targetNamespace")): item for item in self._root.iter(f"{_XSD}schema")}
        self._schema = _compiled(schemas)
        self.types = {
            str(item.get("name")): {
                str(child.get("name")): Child(str(child.get("type")).split(":")[-1], child.get("nillable") == "true")
                for child in item.iter(f"{_XSD}element")
            }
            for item in schemas[TYPES].iter(f"{_XSD}complexType")
        }
        self.operations = tuple(
            str(item.get("name"))
            for item in self._root.iter(f"{_WSDL}operation")
            if item.find(f"{_WSDL}input") is not None and item.getparent() is self._root.find(f"{_WSDL}portType")
        )

    def validate(self, element: etree._Element) -> None:
        """Raise SchemaViolationError unless the element (request, response or fault detail) follows the schema."""
        with self._lock:
            if self._schema.validate(element):
                return
            kinds = sorted({item.type_name for item in self._schema.error_log})  # type: ignore[attr-defined]
        raise SchemaViolationError(f"schema violations: {', '.join(kinds)}")

    def result_children(self, operation: str) -> dict[str, Child]:
        """Return what an operation's answer holds after returnCode and messages, in order."""
        fields = self.types[f"{operation[0].upper()}{operation[1:]}Resultat"]
        return {name: child for name, child in fields.items() if name not in {"returnCode", "meldungArray"}}

    def served_at(self, address: str) -> bytes:
        """Return the WSDL with the address at which it is being served."""
        root = etree.fromstring(etree.tostring(self._root))
        for item in root.iter(f"{_SOAP}address"):
            item.set("location", address)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


@cache
def plasta_contract() -> Contract:
    """Return the shipped contract."""
    return Contract(files("contracts").joinpath("plasta", "plasta-v1.wsdl").read_bytes())


def _compiled(schemas: dict[str, etree._Element]) -> etree.XMLSchema:
    """Compile the service schema; its import has no location in a WSDL, so the types stand in a file meanwhile.

    A resolver of lxml is not safe beside other threads that parse: libxml2 has one document loader per process.
    """
    with TemporaryDirectory(prefix="sandbox-") as folder:
        types = Path(folder, "types.xsd")
        types.write_bytes(etree.tostring(schemas[TYPES]))
        service = etree.fromstring(etree.tostring(schemas[SERVICE]))
        for item in service.iter(f"{_XSD}import"):
            item.set("schemaLocation", types.as_uri())
        return etree.XMLSchema(service)
