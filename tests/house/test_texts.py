"""What is committed names no package index, no path of one machine, and leaves nothing unfinished."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.bars.source import REPOSITORY, ROOMS

# Written in pieces, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join((r"py" + r"pi\.org", r"python" + r"hosted", r"npm" + r"js\.(org|com)", r"deb\.deb" + "ian"))
)
OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me")) + r")/\w")
UNFINISHED = re.compile(
    "|".join((r"\bTO" + "DO", "FIX" + "ME", r"\bXX" + r"X\b", "NotImplemented" + "Error", "coming " + "soon"))
)


def committed() -> list[Path]:
    """What git tracks; in a copy without git, every file outside the environment."""
    if shutil.which("git") and (REPOSITORY / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
        paths = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for path in REPOSITORY.rglob("*") if ".venv" not in path.parts]
    return [path for path in paths if path.is_file()]


def places(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """`file:line` of every match in a text file."""
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [
            f"{path.relative_to(REPOSITORY)}:{number}"
            for number, line in enumerate(text.splitlines(), start=1)
            if pattern.search(line)
        ]
    return found


@pytest.mark.parametrize("pattern", [FOREIGN, OF_ONE_MACHINE], ids=["package index", "path of one machine"])
def test_no_file_names_what_only_one_machine_knows(pattern: re.Pattern[str]) -> None:
    assert places(pattern, committed()) == []


def test_no_module_is_unfinished() -> None:
    sources = [path for path in committed() if path.relative_to(REPOSITORY).parts[0] in ROOMS]

    assert places(UNFINISHED, sources) == []


def test_the_patterns_find_what_they_are_for(tmp_path: Path) -> None:
    bad = "see https://" + "py" + "pi.org/simple\ncd /ro" + "ot/x\n# TO" + "DO later\n"

    assert [bool(pattern.search(bad)) for pattern in (FOREIGN, OF_ONE_MACHINE, UNFINISHED)] == [True, True, True]
