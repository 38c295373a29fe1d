"""`docs/delivery-guarantees.md`: every promise has its tests, and every test that it names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "delivery-guarantees.md").read_text("utf-8")
PROMISES = {words.split(" ", 1)[0]: words for words in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]}
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


def names_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("number", range(1, 8))
def test_each_promise_names_its_tests(number: int) -> None:
    assert re.search(r"`tests/[\w/]+\.py::test_\w+`", PROMISES[f"P{number}"])


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_each_test_that_is_named_exists(file: str, name: str) -> None:
    assert name in names_in(ROOT / file)
