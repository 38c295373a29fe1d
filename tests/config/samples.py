"""Variables of a complete, invented installation, and AVS numbers computed apart from our code."""

from collections.abc import Mapping

COMPLETE: Mapping[str, str] = {
    "CII_CII__BASE_URL": "https://cii.example/api",
    "CII_CII__TOKEN": "invented-token",
    "CII_PLASTA__URL": "https://plasta.example/ws",
    "CII_PLASTA__USERNAME": "cii-sync",
    "CII_PLASTA__PASSWORD": "invented-password",
    "CII_PLASTA__OFFICE": "VSO10",
    "CII_MAIL__HOST": "mx.example",
    "CII_MAIL__FROM_ADDRESS": "iiz@vs.example",
}


def complete(**changes: str) -> dict[str, str]:
    """The complete installation with some variables set otherwise: ``CII_RUNNER="celery"``."""
    return {**COMPLETE, **changes}


def avs_number(serial: int) -> str:
    """A number of the AVS form: 756, nine digits, EAN-13 check digit."""
    twelve = f"756{serial:09d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-weighted % 10)
