"""Regions of the CII with their PLASTA office, and the communes of Valais from the dated list beside this module."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

OFFICES = MappingProxyType(
    {"monthey": "VSL10", "martigny": "VSM10", "sierre": "VSN10", "sion": "VSO10", "oberwallis": "VSP10"}
)
"""PLASTA office of each region."""

REGION_WEIGHTS = MappingProxyType({"monthey": 17, "martigny": 16, "sion": 23, "sierre": 13, "oberwallis": 31})
"""Cases by region, per hundred. With the German speakers of the other regions about a third speaks German."""


@dataclass(frozen=True)
class Commune:
    """A commune with one of its postal codes."""

    bfs_number: int
    name: str
    postal_code: str
    locality: str
    region: str
    weight: int


@cache
def communes() -> tuple[Commune, ...]:
    """All communes of the list, in its order."""
    text = files("sandbox.population").joinpath("communes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Commune(
            int(row["bfs_number"]),
            row["commune"],
            row["postal_code"],
            row["locality"],
            row["region"],
            int(row["weight"]),
        )
        for row in rows
    )
