"""Patches per test, at most 0.05: fakes that implement the port, injected clocks, and settings built from a mapping."""

import ast
import re
from collections.abc import Sequence

from tests.bars.source import Module, dotted, functions

PATCHES_PER_TEST = 0.05
_PATCH = re.compile(r"^monkeypatch\.\w+$|^(\w+\.)*patch(\.(object|dict|multiple))?$")


def uses(module: Module) -> list[str]:
    """Where the module patches something, `monkeypatch.setenv` of a setting included."""
    return [
        module.where(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _PATCH.match(dotted(node.func)) and not _is_http_verb(node)
    ]


def _is_http_verb(node: ast.Call) -> bool:
    """`session.patch("https://...")` sends a request; `mock.patch("room.name")` patches."""
    first = node.args[0] if node.args else None
    return isinstance(first, ast.Constant) and "/" in str(first.value)


def tests_in(module: Module) -> int:
    """How many test functions the module holds; a parametrised one counts once."""
    return sum(node.name.startswith("test_") for node in functions(module.tree))


def patches_per_test(tests: Sequence[Module]) -> list[str]:
    """One fault with every place when there are more patches than the bar allows."""
    places = [place for module in tests for place in uses(module)]
    count = sum(tests_in(module) for module in tests)
    if len(places) <= count * PATCHES_PER_TEST:
        return []
    return [f"{len(places)} patches in {count} tests, at most {PATCHES_PER_TEST} a test: " + ", ".join(places)]
