"""What a sealed column holds: the words of ``domain`` as JSON, read back strictly.

A document that does not fit is a fault of ours (or of a half-done upgrade), never a value to guess:
``InvalidRecordError`` with the path inside the document, without the value.
"""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from domain.cases import CaseFile
from domain.errors import InvalidRecordError
from domain.facets import FacetValue
from domain.registrations import RegistryView

Document = TypeVar("Document")


class Codec(Generic[Document]):
    """One kind of document to JSON and back."""

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - a type form: mypy has no name for it yet
        self._adapter: TypeAdapter[Document] = TypeAdapter(kind)
        self._name = getattr(kind, "__name__", "document")

    def dump(self, document: Document) -> bytes:
        """The document as JSON."""
        return self._adapter.dump_json(document)

    def plain(self, document: Document) -> Any:  # noqa: ANN401 - JSON
        """The document as JSON values."""
        return self._adapter.dump_python(document, mode="json")

    def load(self, data: bytes, reference: str) -> Document:
        """The document of stored JSON; ``reference`` (a row's key) is told in the error."""
        try:
            return self._adapter.validate_json(data, strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            path = ".".join(str(part) for part in (self._name, *first["loc"]))
            raise InvalidRecordError(
                first["type"], path=path, system="store", operation="load", reference=reference
            ) from None


CASE: Codec[CaseFile] = Codec(CaseFile)
VIEW: Codec[RegistryView] = Codec(RegistryView)
VALUE: Codec[FacetValue] = Codec(FacetValue)
SIDES: Codec[tuple[FacetValue | None, FacetValue | None]] = Codec(tuple[FacetValue | None, FacetValue | None])
"""What the CII software and PLASTA say of a facet."""

EFFECT: Codec[tuple[Mapping[str, str], FacetValue | None]] = Codec(tuple[Mapping[str, str], FacetValue | None])
"""An intent's payload and what it settles."""

SUBSTANCE: Codec[tuple[str, Mapping[str, str]]] = Codec(tuple[str, Mapping[str, str]])
"""What a work item is about, and its values."""
