"""The source files that the bars judge, read and parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOMS = (
    "config",
    "connectors",
    "console",
    "contracts",
    "domain",
    "mappings",
    "pipelines",
    "sandbox",
    "scheduler",
    "store",
)
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the top of the repository, and its text."""

    path: str
    text: str

    @property
    def room(self) -> str:
        """The top folder, `store` for `store/intents.py`."""
        return self.path.split("/", 1)[0]

    @cached_property
    def lines(self) -> list[str]:
        """The text, line by line, without line ends."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text; raises `SyntaxError` as Python would."""
        return ast.parse(self.text, self.path)

    @property
    def has_code(self) -> bool:
        """False for a file that holds a docstring at most, such as most `__init__.py`."""
        return any(not isinstance(node, ast.Expr) for node in self.tree.body)

    def where(self, node: ast.stmt | ast.expr | ast.excepthandler) -> str:
        """`path:line`, as editors open it."""
        return f"{self.path}:{node.lineno}"


def modules(folders: tuple[str, ...], top: Path = REPOSITORY) -> list[Module]:
    """Every Python file under the folders, in the order of their paths."""
    return [
        Module(path.relative_to(top).as_posix(), path.read_text(encoding="utf-8"))
        for folder in folders
        for path in sorted((top / folder).rglob("*.py"))
    ]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of names, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""
