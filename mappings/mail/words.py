"""Our codes for regions and roles as words in the reader's language, from ``words.toml``."""

import tomllib
from functools import cache
from importlib.resources import files

from domain.errors import MappingError

LANGUAGES = ("fr", "de")
"""The languages that every table and every template has."""

Words = dict[str, dict[str, dict[str, str]]]


@cache
def _tables() -> Words:
    """The packaged tables: table, code, language, word."""
    text = (files("mappings.mail") / "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def codes(table: str) -> tuple[str, ...]:
    """Every code of one table (``region`` or ``role``), in the file's order."""
    return tuple(_tables()[table])


def word(table: str, code: str, language: str, *, path: str) -> str:
    """What ``code`` is called in ``language``; an unknown code is a :class:`MappingError` that never quotes it."""
    known = _tables()[table].get(code)
    if known is None:
        raise MappingError(f"unknown {table} code", path=path, system="mail", operation="render")
    return known[language]
