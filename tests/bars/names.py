"""No Manager, Helper, Util, Base or Impl: a name says what the thing is."""

import ast
import re
from collections.abc import Sequence

from tests.bars.source import Module

_CLASS = re.compile(r"(Manager|Helper|Helpers|Util|Utils|Base|Impl)$|^(Base|Abstract)[A-Z]")
_MODULE = re.compile(r"(^|_)(manager|helper|helpers|util|utils|base|impl|misc|common)$")


def empty_names(sources: Sequence[Module]) -> list[str]:
    """One fault for each class or module named after its shape instead of its meaning."""
    faults = [
        f"{module.path}: a module named by its meaning, please"
        for module in sources
        if _MODULE.search(module.path.removesuffix(".py").rsplit("/", 1)[-1])
    ]
    for module in sources:
        faults += [
            f"{module.where(node)}: class {node.name} is named by its shape"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef) and _CLASS.search(node.name)
        ]
    return faults
