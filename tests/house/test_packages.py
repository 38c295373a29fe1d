"""The package: its explicit list is complete, the wheel holds every data file, and each room is ours."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.bars.source import REPOSITORY, ROOMS

DATA = ("plasta-v1.wsdl", "cii-v1.openapi.yaml", ".j2", "institutions.toml")


def manifest() -> dict[str, Any]:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def shipped_files() -> set[str]:
    """Every file of the ten rooms that is not made by running them."""
    return {
        path.relative_to(REPOSITORY).as_posix()
        for room in ROOMS
        for path in (REPOSITORY / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy, since a build writes beside its sources."""
    top = tmp_path_factory.mktemp("wheel")
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, top / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(REPOSITORY / name, top / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-index"]
    subprocess.run([*command, "--wheel-dir", "dist", "."], cwd=top, check=True)
    (built,) = (top / "dist").glob("*.whl")
    return built


def test_the_list_of_packages_is_complete() -> None:
    found = {path.rsplit("/", 1)[0].replace("/", ".") for path in shipped_files() if path.endswith(".py")}

    listed = manifest()["tool"]["setuptools"]["packages"]
    assert sorted(found) == listed, f"packages in pyproject.toml should be {sorted(found)}"


def test_every_room_says_that_it_is_typed() -> None:
    assert {f"{room}/py.typed" for room in ROOMS} <= shipped_files()


def test_the_wheel_holds_every_file_of_the_rooms(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert inside == shipped_files()


@pytest.mark.parametrize("ending", DATA)
def test_the_data_that_the_application_reads_is_among_them(ending: str) -> None:
    assert [path for path in shipped_files() if path.endswith(ending)]


def test_the_wheel_is_private_and_brings_one_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            name.rsplit("/", 1)[-1]: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name
        }

    assert "Classifier: Private :: Do Not Upload" in texts["METADATA"]
    assert "Requires-Python: >=3.11" in texts["METADATA"]
    assert texts["entry_points.txt"].split() == ["[console_scripts]", "cii-sync", "=", "console.main:main"]


def test_each_room_of_the_wheel_resolves_to_this_project(wheel: Path, tmp_path: Path) -> None:
    """`config` and `scheduler` exist elsewhere as packages: from any folder, each name is ours."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        "import importlib, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "print(*(importlib.import_module(room).__file__ for room in sys.argv[2:]), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(tmp_path / "site"), *ROOMS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [str(tmp_path / "site" / room / "__init__.py") for room in ROOMS]


def test_the_lists_of_rooms_agree() -> None:
    """The Makefile, mypy, import-linter and the bars name the same ten rooms; coverage all but the data room."""
    tool = manifest()["tool"]
    rooms = sorted(ROOMS)

    assert sorted(tool["importlinter"]["root_packages"]) == rooms
    assert sorted({*tool["mypy"]["files"]} - {"tests"}) == rooms
    assert sorted({*tool["coverage"]["run"]["source"], "contracts"}) == rooms
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (line,) = (line for line in makefile.splitlines() if line.startswith("ROOMS :="))
    assert sorted(line.removeprefix("ROOMS :=").split()) == rooms
