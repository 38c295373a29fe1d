"""Each bar can fail: the fault it is there for is found, and what is allowed is let through."""

from typing import Any

import pytest

from tests.bars.coverage import coverage_floors
from tests.bars.handlers import broad_handlers
from tests.bars.imports import late_imports
from tests.bars.libraries import ROOMS_OF, libraries_in_their_rooms
from tests.bars.names import empty_names
from tests.bars.patches import patches_per_test
from tests.bars.sizes import function_lengths, module_lengths
from tests.bars.source import ROOMS, Module, modules


def of_lines(count: int, path: str = "domain/cases.py") -> Module:
    return Module(path, "x = 1\n" * count)


def function(name: str, lines: int) -> str:
    return f"def {name}():\n" + "    x = 1\n" * (lines - 1)


def test_a_module_of_400_lines_passes_and_one_more_line_does_not() -> None:
    assert module_lengths([of_lines(400), of_lines(1, "domain/a.py")]) == [
        "the median module has 200.5 lines, at most 120"
    ]
    assert module_lengths([of_lines(401), of_lines(1, "domain/a.py"), of_lines(1, "domain/b.py")]) == [
        "domain/cases.py: 401 lines, at most 400"
    ]


def test_empty_packages_and_migrations_do_not_pull_the_median_down() -> None:
    filler = [Module(f"domain/{n}/__init__.py", '"""A room."""\n') for n in range(9)]
    filler += [of_lines(1, f"store/migrations/versions/{n}.py") for n in range(9)]

    assert module_lengths([of_lines(121), *filler]) == ["the median module has 121 lines, at most 120"]
    assert module_lengths([of_lines(120), *filler]) == []


def test_a_function_of_60_lines_passes_and_one_more_line_does_not() -> None:
    short = "".join(function(f"f{n}", 2) for n in range(40))

    assert function_lengths([Module("domain/a.py", short + function("long", 60))]) == []
    assert function_lengths([Module("domain/a.py", short + function("long", 61))]) == [
        "domain/a.py:81 long: 61 lines, at most 60"
    ]


def test_one_function_in_twenty_may_have_35_lines() -> None:
    short = "".join(function(f"f{n}", 34) for n in range(18))
    two = Module("domain/a.py", short + function("one", 35) + function("two", 35))
    one = Module("domain/a.py", short + function("one", 35) + function("two", 34))

    assert function_lengths([one]) == []
    assert "2 of 20 functions have 35 lines or more" in function_lengths([two])[0]


@pytest.mark.parametrize(
    "patch",
    [
        'monkeypatch.setenv("CII_X", "1")',
        'monkeypatch.setattr(room, "name", 1)',
        'mock.patch("room.name")',
        'patch.object(room, "name")',
        'mocker.patch("room.name")',
    ],
)
def test_patches_count_against_the_tests(patch: str) -> None:
    twenty = "".join(f"def test_{n}(): pass\n" for n in range(20))
    twenty_but_one = twenty.replace("def test_19", "def other_19")

    assert patches_per_test([Module("tests/test_a.py", f"{twenty}{patch}\n")]) == []
    assert patches_per_test([Module("tests/test_a.py", f"{twenty_but_one}{patch}\n")]) == [
        "1 patches in 19 tests, at most 0.05 a test: tests/test_a.py:21"
    ]


def test_a_patch_request_over_http_is_no_patch() -> None:
    assert patches_per_test([Module("tests/test_a.py", 'session.patch("/v1/cases")\n')]) == []


def test_a_late_import_needs_its_reason() -> None:
    bare = "def f():\n    import json\n"
    above = "def f():\n    # only the demo needs it\n    import json\n    from os import path\n"
    behind = "def f():\n    import json  # only the demo needs it\n"

    assert late_imports([Module("console/a.py", bare)]) == [
        "console/a.py:2: import inside f without its reason in a comment"
    ]
    assert late_imports([Module("console/a.py", above), Module("console/b.py", behind)]) == []


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    f()\nexcept Exception:\n    pass\n",
        "try:\n    f()\nexcept:\n    pass\n",
        "try:\n    f()\nexcept (ValueError, BaseException) as error:\n    log(error)\n",
        "with contextlib.suppress(Exception):\n    f()\n",
    ],
)
def test_a_broad_handler_is_found_and_the_task_wrapper_may_have_one(text: str) -> None:
    assert len(broad_handlers([Module("connectors/a.py", text)])) == 1
    assert broad_handlers([Module("scheduler/tasks.py", text)]) == []
    assert len(broad_handlers([Module("scheduler/tasks.py", text), Module("scheduler/beat.py", text)])) == 2


def test_a_handler_that_passes_the_error_on_is_not_broad() -> None:
    text = "try:\n    f()\nexcept BaseException:\n    undo()\n    raise\nexcept ValueError:\n    pass\n"

    assert broad_handlers([Module("store/a.py", text)]) == []


def test_a_library_stays_in_its_room() -> None:
    text = "import requests\nfrom stdnum import ch\nimport json\nfrom domain import cases\n"

    assert libraries_in_their_rooms([Module("pipelines/a.py", text)]) == [
        "pipelines/a.py:1: requests belongs to connectors",
        "pipelines/a.py:2: stdnum belongs to mappings",
    ]
    assert libraries_in_their_rooms([Module("connectors/a.py", "import numpy\n")]) == [
        "connectors/a.py:1: numpy has no room in the table"
    ]


def test_no_library_has_its_room_in_domain_or_pipelines() -> None:
    assert not {"domain", "pipelines"} & frozenset[str]().union(*ROOMS_OF.values())


def test_names_say_what_a_thing_is() -> None:
    bad = Module("store/utils.py", "class CaseManager: pass\nclass BaseTask: pass\nclass Base: pass\n")
    good = Module("store/cases.py", "class CaseTable: pass\nclass Database: pass\n")

    assert len(empty_names([bad])) == 4
    assert empty_names([good]) == []


def measured(**rooms: tuple[int, int]) -> dict[str, Any]:
    """A report as `coverage json` writes it: per room what ran of how much, half of it branches."""
    return {
        "files": {
            f"{room}/a.py": {
                "summary": {
                    "covered_lines": ran - ran // 2,
                    "covered_branches": ran // 2,
                    "num_statements": total - total // 2,
                    "num_branches": total // 2,
                }
            }
            for room, (ran, total) in rooms.items()
        }
    }


def test_coverage_floors_hold_for_each_room_and_overall() -> None:
    fine = measured(domain=(95, 100), mappings=(100, 100), pipelines=(96, 100), store=(70, 100))
    low = measured(domain=(94, 100), mappings=(100, 100), pipelines=(100, 100), store=(60, 100))

    assert coverage_floors(fine) == []
    assert coverage_floors(low) == [
        "domain: 94.0 % covered, at least 95 %",
        "overall: 88.5 % covered, at least 90 %",
    ]


def test_a_room_that_was_not_measured_does_not_pass() -> None:
    assert coverage_floors(measured(domain=(1, 1), mappings=(1, 1))) == ["pipelines: not measured"]


def test_every_room_is_read_from_disk() -> None:
    assert {module.room for module in modules(ROOMS)} == set(ROOMS)
