"""The cursor of the change feed: a sequence number that a client cannot read and must not make."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

_PREFIX = b"cii1."


def cursor_for(sequence: int) -> str:
    """The cursor of the place after change `sequence`."""
    place = _PREFIX + str(sequence).encode()
    return urlsafe_b64encode(place + _check(place)).decode().rstrip("=")


def sequence_of(cursor: str) -> int:
    """The place of a cursor; `ValueError` when this server did not make it."""
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError) as error:
        raise ValueError("not a cursor") from error
    place, check = raw[:-4], raw[-4:]
    if not place.startswith(_PREFIX) or check != _check(place):
        raise ValueError("not a cursor of this server")
    return int(place.removeprefix(_PREFIX))


def _check(place: bytes) -> bytes:
    return blake2b(place, digest_size=4).digest()
