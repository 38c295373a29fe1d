"""Each room is this project's: `config` and `scheduler` exist elsewhere as other people's packages."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.guard import HOME, ROOMS, folder_of, guard, misplaced


def test_every_room_is_ours() -> None:
    guard()
    assert misplaced() == []
    assert {room for room in ROOMS if (HOME / room / "py.typed").is_file()} == set(ROOMS)


def test_foreign_and_missing_rooms_are_all_named() -> None:
    places = {"config": HOME / "config", "scheduler": Path("/elsewhere/site-packages/scheduler"), "store": None}
    told = [str(one) for one in misplaced(places, HOME, places.__getitem__)]
    assert [line.split(";")[0] for line in told] == [
        "package scheduler is another project's",
        "package store is not installed",
    ]
    assert "elsewhere" not in "".join(told)


def test_a_folder_without_code_is_not_a_room(tmp_path: Path) -> None:
    (tmp_path / "emptyroom").mkdir()
    assert folder_of("emptyroom") is None
    assert folder_of("no_such_room_at_all") is None


def test_a_foreign_package_in_front_stops_the_start(tmp_path: Path) -> None:
    foreign = tmp_path / "scheduler"
    foreign.mkdir()
    (foreign / "__init__.py").write_text("", encoding="utf-8")
    program = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(HOME)!r}]; from config.guard import guard; guard()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert "package scheduler is another project's" in ended.stderr


def test_finding_the_rooms_imports_none_of_them() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(HOME)!r}); from config.guard import guard; guard(); "
        "assert not {'store', 'scheduler', 'console', 'sandbox'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_found_in_its_folder(room: str) -> None:
    assert folder_of(room) == HOME / room
