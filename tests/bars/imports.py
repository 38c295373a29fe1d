"""No import inside a function without its reason, in a comment on the same or the previous line."""

import ast
from collections.abc import Sequence

from tests.bars.source import Module, functions


def late_imports(sources: Sequence[Module]) -> list[str]:
    """One fault for each late import that does not say why it is late."""
    faults: dict[str, str] = {}
    for module in sources:
        for function in functions(module.tree):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom) and not _has_reason(module, node):
                    where = module.where(node)
                    faults[where] = f"{where}: import inside {function.name} without its reason in a comment"
    return list(faults.values())


def _has_reason(module: Module, node: ast.stmt) -> bool:
    """A comment behind the import, above it, or above the block of late imports that it belongs to."""
    line = node.lineno - 1
    if "#" in module.lines[line]:
        return True
    while line > 0:
        line -= 1
        above = module.lines[line].strip()
        if above.startswith("#"):
            return True
        if not above.startswith(("import ", "from ")):
            return False
        if "#" in above:
            return True
    return False
