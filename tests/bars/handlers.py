"""No broad handler outside the one task wrapper: an error is caught by name, where something is known to be done."""

import ast
from collections.abc import Sequence

from tests.bars.source import Module, dotted

TASK_WRAPPER_ROOM = "scheduler"
_BROAD = frozenset({"Exception", "BaseException"})


def broad_handlers(sources: Sequence[Module]) -> list[str]:
    """One fault for each handler that swallows everything; the scheduler may hold one, the task wrapper.

    A handler whose last word is a bare `raise` swallows nothing and does not count.
    """
    faults: list[str] = []
    wrappers: list[str] = []
    for module in sources:
        for node in ast.walk(module.tree):
            if not _is_broad(node):
                continue
            where = f"{module.path}:{getattr(node, 'lineno', 0)}"
            (wrappers if module.room == TASK_WRAPPER_ROOM else faults).append(where)
    if len(wrappers) > 1:
        faults += wrappers
    return [f"{where}: broad handler outside the one task wrapper" for where in faults]


def _is_broad(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        last = node.body[-1]
        passes_on = isinstance(last, ast.Raise) and last.exc is None
        return _names_everything(node.type) and not passes_on
    if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] == "suppress":
        return any(_names_everything(argument) for argument in node.args)
    return False


def _names_everything(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(dotted(each).removeprefix("builtins.") in _BROAD for each in kinds)
