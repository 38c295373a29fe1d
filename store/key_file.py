"""The key file: JSON, mode 600, several generations of keys. Without it nothing personal can be read again.

Two families of keys: ``seal`` encrypts, ``lookup`` finds a value again by its keyed hash (S23). Of each family one key
is current; the older ones stay so that old rows open. An error names the file and a key's id, never its material.
"""

import base64
import binascii
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import SettingsError

_FORMAT = 1
_KEY_BYTES = 32
_PRIVATE = 0o600
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class KeyFamily:
    """Keys of one purpose by their id; ``current`` is the one that new values are written under."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        """The current key is among the keys, and each has 256 bits; raises ``ValueError`` otherwise."""
        if self.current not in self.keys or any(len(key) != _KEY_BYTES for key in self.keys.values()):
            raise ValueError("the current key is missing, or a key has not 256 bits")


@dataclass(frozen=True, slots=True)
class Keys:
    """All the keys of an installation."""

    seal: KeyFamily
    lookup: KeyFamily


def new_keys() -> Keys:
    """The first generation, from the system's random source."""
    return Keys(seal=_new_family("s"), lookup=_new_family("l"))


def _new_family(letter: str) -> KeyFamily:
    key_id = f"{letter}-{secrets.token_hex(4)}"
    return KeyFamily(key_id, {key_id: secrets.token_bytes(_KEY_BYTES)})


def write_keys(path: Path, keys: Keys) -> None:
    """Write a new key file, whole or not at all; an existing one is never touched (``SettingsError``)."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_private(unfinished, _dump(keys))
        # A hard link fails when the name is taken, which a rename would not: no key file is ever overwritten.
        os.link(unfinished, path)
    except FileExistsError:
        raise SettingsError((f"CII_KEY_FILE {path} exists already; it is never overwritten",)) from None
    except OSError as error:
        raise SettingsError((f"CII_KEY_FILE {path} cannot be written: {error.strerror}",)) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _write_private(path: Path, data: bytes) -> None:
    """A new file of ours alone, on the disk before anybody counts on it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def read_keys(path: Path) -> Keys:
    """The keys of a file; raises ``SettingsError`` when it is missing, readable by others, or damaged."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            raw = file.read()
    except FileNotFoundError:
        raise SettingsError((f"CII_KEY_FILE {path} is missing; run `cii-sync db upgrade`, or restore it",)) from None
    except OSError as error:
        raise SettingsError((f"CII_KEY_FILE {path} cannot be read: {error.strerror}",)) from None
    if mode & _OTHERS:
        raise SettingsError((f"CII_KEY_FILE {path} can be read by others (mode {mode:o}); run chmod 600 on it",))
    return _parse(path, raw)


def _dump(keys: Keys) -> bytes:
    """The file's text; ASCII, one line per value, so that two files can be compared by eye."""
    families = {
        name: {
            "current": family.current,
            "keys": {key_id: base64.b64encode(key).decode() for key_id, key in family.keys.items()},
        }
        for name, family in (("seal", keys.seal), ("lookup", keys.lookup))
    }
    return json.dumps({"format": _FORMAT, **families}, indent=2).encode() + b"\n"


def _parse(path: Path, raw: bytes) -> Keys:
    try:
        document = json.loads(raw)
        return _KEYS_OF_FORMAT[document["format"]](document)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        # The cause is not chained: a JSON error quotes the text around it, which is a key.
        raise SettingsError((f"CII_KEY_FILE {path} is damaged; restore it from its backup",)) from None


def _first_format(document: Mapping[str, Mapping[str, object]]) -> Keys:
    return Keys(seal=_family(document["seal"]), lookup=_family(document["lookup"]))


_KEYS_OF_FORMAT = {_FORMAT: _first_format}


def _family(document: Mapping[str, object]) -> KeyFamily:
    current, keys = document["current"], document["keys"]
    if not isinstance(current, str) or not isinstance(keys, dict):
        raise TypeError("not a family of keys")
    return KeyFamily(current, {str(key_id): base64.b64decode(key, validate=True) for key_id, key in keys.items()})
