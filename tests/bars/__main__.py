"""`python -m tests.bars`: judges the source by every bar that needs no run; exit code 1 when one is missed."""

import sys
from collections.abc import Callable, Sequence

from tests.bars.handlers import broad_handlers
from tests.bars.imports import late_imports
from tests.bars.libraries import libraries_in_their_rooms
from tests.bars.names import empty_names
from tests.bars.patches import patches_per_test
from tests.bars.sizes import function_lengths, module_lengths
from tests.bars.source import ROOMS, Module, modules

Bar = Callable[[Sequence[Module]], list[str]]

OF_SOURCE: tuple[Bar, ...] = (
    module_lengths,
    function_lengths,
    late_imports,
    broad_handlers,
    libraries_in_their_rooms,
    empty_names,
)
OF_TESTS: tuple[Bar, ...] = (patches_per_test, late_imports)


def main() -> int:
    """Print every fault of every bar at once; 1 when there is one."""
    judged = [(bar, modules(ROOMS)) for bar in OF_SOURCE] + [(bar, modules(("tests",))) for bar in OF_TESTS]
    faults = [(bar.__name__, fault) for bar, sources in judged for fault in bar(sources)]
    for name, fault in faults:
        print(f"{name.replace('_', ' ')}: {fault}")
    print(f"{len(judged)} bars, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
