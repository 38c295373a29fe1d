"""Ids of our own rows: they sort by the time they were made in, can be read out on the telephone, and say nothing."""

import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U to be misread."""

_RANDOM_BITS = 40
_LENGTH = 18


def new_id(letter: str, now: datetime) -> str:
    """A fresh id such as ``I01JD8...``: milliseconds since 1970 and 40 random bits behind the letter of its table."""
    number = (int(now.timestamp() * 1000) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    digits = [_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_LENGTH))]
    return letter + "".join(digits)
