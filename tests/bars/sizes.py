"""Lengths: the median module at most 120 lines, none over 400; 95 % of functions under 35 lines, none over 60."""

from collections.abc import Sequence
from statistics import median

from tests.bars.source import Module, functions

MEDIAN_MODULE = 120
LONGEST_MODULE = 400
SHORT_FUNCTION = 35
SHARE_OF_SHORT_FUNCTIONS = 0.95
LONGEST_FUNCTION = 60


def judged(sources: Sequence[Module]) -> list[Module]:
    """The modules that count: those with code, without migrations, which are written once and never changed."""
    return [module for module in sources if module.has_code and "/migrations/" not in module.path]


def module_lengths(sources: Sequence[Module]) -> list[str]:
    """Faults of the modules' lengths; an `__init__.py` without code does not pull the median down."""
    lengths = {module.path: len(module.lines) for module in judged(sources)}
    faults = [
        f"{path}: {length} lines, at most {LONGEST_MODULE}"
        for path, length in lengths.items()
        if length > LONGEST_MODULE
    ]
    if lengths and median(lengths.values()) > MEDIAN_MODULE:
        faults.append(f"the median module has {median(lengths.values()):g} lines, at most {MEDIAN_MODULE}")
    return faults


def function_lengths(sources: Sequence[Module]) -> list[str]:
    """Faults of the functions' lengths, counted from `def` to the last line, docstring included."""
    lengths = {
        f"{module.path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in judged(sources)
        for node in functions(module.tree)
    }
    faults = [
        f"{name}: {length} lines, at most {LONGEST_FUNCTION}"
        for name, length in lengths.items()
        if length > LONGEST_FUNCTION
    ]
    long = sorted(name for name, length in lengths.items() if length >= SHORT_FUNCTION)
    if len(long) > len(lengths) * (1 - SHARE_OF_SHORT_FUNCTIONS):
        faults.append(
            f"{len(long)} of {len(lengths)} functions have {SHORT_FUNCTION} lines or more, at most 5 %: "
            + ", ".join(long)
        )
    return faults
