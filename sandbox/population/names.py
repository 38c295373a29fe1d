"""Family and first names by language, read from the list beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Names:
    """`family` by language and `elsewhere`; `first` by language and sex (F, M)."""

    family: Mapping[str, tuple[str, ...]]
    first: Mapping[tuple[str, str], tuple[str, ...]]


@cache
def names() -> Names:
    """All names of the list."""
    table = tomllib.loads(files("sandbox.population").joinpath("names.toml").read_text(encoding="utf-8"))
    family = {language: _words(text) for language, text in table["family"].items()}
    first = {(language, sex): _words(text) for language, sexes in table["first"].items() for sex, text in sexes.items()}
    return Names(family, first)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())
