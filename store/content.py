"""What counts as a change: keyed hashes of a document's content, so that an unchanged case costs nothing.

Two hashes each. *content* leaves out what moves without meaning anything: versions, ``changed_at``, ``read_at``. A
decision hangs on it. *whole* has the versions too: when it alone differs, the document is stored anew (a stale version
would be refused by ``If-Match`` for ever) and nothing is decided anew.
"""

import json
from dataclasses import dataclass
from typing import Any

from domain.cases import CaseFile
from domain.facets import FacetValue
from domain.registrations import RegistryView
from store.codec import CASE, VIEW
from store.sealing import KeyRing


@dataclass(frozen=True, slots=True)
class Hashes:
    """The two keyed hashes of a document."""

    content: bytes
    whole: bytes


def hashes_of_case(keyring: KeyRing, case: CaseFile) -> Hashes:
    """Of a case file; recipients and categories of a procuration are sets and have no order."""
    plain = CASE.plain(case)
    versions = [plain.pop("version"), plain.pop("changed_at")]
    versions += [(facet, mirrored.pop("version")) for facet, mirrored in sorted(plain["mirror"].items())]
    for procuration in plain["procurations"]:
        procuration["recipients"].sort()
        procuration["categories"].sort()
    return _hashes(keyring, plain, versions)


def hashes_of_view(keyring: KeyRing, view: RegistryView) -> Hashes:
    """Of a registry view; the order in which PLASTA lists registrations or candidates says nothing."""
    plain = VIEW.plain(view)
    del plain["read_at"]
    versions: list[Any] = []
    if plain["person"] is not None:
        registrations = sorted(plain["person"]["registrations"], key=lambda one: str(one["registration_id"]))
        versions = [one.pop("version") for one in registrations]
        plain["person"]["registrations"] = registrations
    plain["candidates"].sort()
    plain["denied_because"].sort()
    return _hashes(keyring, plain, versions)


def hash_of_value(keyring: KeyRing, value: FacetValue) -> bytes:
    """Of a facet's value."""
    return keyring.fingerprint(_canonical(dict(value)))


def _hashes(keyring: KeyRing, content: Any, versions: list[Any]) -> Hashes:  # noqa: ANN401 - JSON
    text = _canonical(content)
    return Hashes(keyring.fingerprint(text), keyring.fingerprint(text + _canonical(versions)))


def _canonical(plain: Any) -> bytes:  # noqa: ANN401 - JSON
    """One text for equal values: keys sorted, no blanks."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
