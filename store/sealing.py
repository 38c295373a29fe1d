"""Sealing: every personal value is encrypted and bound to its place before it reaches a table (S23, F76, F77).

AES-GCM-SIV with a random nonce; the associated data are table, column, row and key id, so that a value moved to
another row or column does not open. Equal values give unequal bytes; what must be found again or compared has a keyed
hash beside it, under another key.
"""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from domain.errors import MisconfiguredError
from store.key_file import KeyFamily, Keys, new_keys, read_keys, write_keys

_VERSION = 1
_NONCE_BYTES = 12
_FINGERPRINT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted value with the id of its key: version, length of the id, id, nonce, ciphertext with its tag."""

    raw: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """The key it was sealed under; raises ``MisconfiguredError`` for bytes that are no sealed value."""
        return self.parts()[0]

    def parts(self) -> tuple[str, bytes, bytes]:
        """Key id, nonce, ciphertext."""
        if len(self.raw) < 2 or self.raw[0] != _VERSION:  # noqa: PLR2004 - version and length of the id
            raise MisconfiguredError("a value that should be sealed is not", system="store", operation="open")
        start = 2 + self.raw[1]
        nonce_end = start + _NONCE_BYTES
        return self.raw[2:start].decode("ascii", "replace"), self.raw[start:nonce_end], self.raw[nonce_end:]


def _place(table: str, column: str, row: str, key_id: str) -> bytes:
    """The associated data; each part behind its length, so that no two places read the same."""
    parts = [part.encode() for part in (table, column, row, key_id)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class KeyRing:
    """The keys of an installation at work."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._ciphers = {key_id: AESGCMSIV(key) for key_id, key in keys.seal.keys.items()}
        self._lookup = keys.lookup.keys[keys.lookup.current]
        self._content = hmac.digest(self._lookup, b"cii-sync fingerprint", sha256)

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Make a key file (mode 600) with fresh keys; ``SettingsError`` when there is one already."""
        keys = new_keys()
        write_keys(path, keys)
        return cls(keys)

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """The ring of a key file; ``SettingsError`` when it is missing, damaged, or readable by others."""
        return cls(read_keys(path))

    def seal(self, table: str, column: str, row: str, data: bytes) -> Sealed:
        """Encrypt a value for exactly this place, under the current key."""
        key_id = self._keys.seal.current
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = self._ciphers[key_id].encrypt(nonce, data, _place(table, column, row, key_id))
        name = key_id.encode("ascii")
        return Sealed(bytes((_VERSION, len(name))) + name + nonce + ciphertext)

    def open(self, table: str, column: str, row: str, sealed: Sealed) -> bytes:
        """Decrypt a value from its place; ``MisconfiguredError`` names the key's id when it does not open."""
        key_id, nonce, ciphertext = sealed.parts()
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise self._closed(f"key {key_id} is not in the key file", table, column, row)
        try:
            return cipher.decrypt(nonce, ciphertext, _place(table, column, row, key_id))
        except (InvalidTag, ValueError):
            fault = f"does not open under key {key_id}: the key is another one, or the value was changed or moved"
            raise self._closed(fault, table, column, row) from None

    def lookup(self, kind: str, value: str) -> bytes:
        """The keyed hash by which a value is found again (HMAC-SHA256); ``kind`` keeps numbers of two sorts apart."""
        return hmac.digest(self._lookup, f"{kind}\0{value}".encode(), sha256)

    def fingerprint(self, data: bytes) -> bytes:
        """The keyed hash by which content is compared (blake2b-128): equal means unchanged, and it tells no more."""
        return blake2b(data, digest_size=_FINGERPRINT_BYTES, key=self._content).digest()

    @property
    def current(self) -> Mapping[str, str]:
        """The ids of the keys that new values are written under, by purpose."""
        return {"seal": self._keys.seal.current, "lookup": self._keys.lookup.current}

    def witness(self, key_id: str) -> bytes | None:
        """What the database keeps of a key to recognise it; None when the ring has no such key."""
        families: tuple[KeyFamily, ...] = (self._keys.seal, self._keys.lookup)
        key = next((family.keys[key_id] for family in families if key_id in family.keys), None)
        return None if key is None else hmac.digest(key, b"cii-sync witness", sha256)[:_FINGERPRINT_BYTES]

    @staticmethod
    def _closed(fault: str, table: str, column: str, row: str) -> MisconfiguredError:
        return MisconfiguredError(f"{table}.{column} {fault}", system="store", operation="open", reference=row)
