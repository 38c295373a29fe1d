"""AVS numbers (n° AVS, AHV-Nr.): 756, nine digits, EAN-13 check digit. Computed here, apart from any library."""

from __future__ import annotations

_NUMBERS = 10**9
_STRIDE = 618_033_989
"""Coprime to the range, so that consecutive places give numbers far apart, and never the same one twice."""


def check_digit(twelve: str) -> str:
    """EAN-13: digits weighted 1 and 3 in turn from the left, up to the next ten."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return str(-total % 10)


def avs_number(place: int) -> str:
    """The number at a place; 10**9 places have different numbers."""
    twelve = f"756{place * _STRIDE % _NUMBERS:09}"
    return twelve + check_digit(twelve)


def with_wrong_check_digit(number: str) -> str:
    """The same number as a slip of the hand leaves it."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def is_valid(number: str) -> bool:
    """Thirteen digits, 756, and the right check digit."""
    digits = len(number) == 13 and number.isascii() and number.isdigit()  # noqa: PLR2004 - the length of EAN-13
    return digits and number.startswith("756") and number[-1] == check_digit(number[:12])
