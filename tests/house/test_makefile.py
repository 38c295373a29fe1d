"""The make targets: listed by `make help`, honest about a Python that is too old, free of system packages."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.bars.source import REPOSITORY

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")
PROMISED = (
    "help",
    "demo",
    "test",
    "check",
    "venv",
    "lock",
    "format",
    "lint",
    "types",
    "contracts",
    "bars",
    "wheel",
    "clean",
)


def make(*words: str, folder: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *words], cwd=folder, env=outside, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [(), ("help",)], ids=["make", "make help"])
def test_help_lists_every_promised_target_with_a_line(words: tuple[str, ...]) -> None:
    printed = make(*words).stdout

    for target in PROMISED:
        assert re.search(rf"^  {target}\s+\S.+$", printed, re.MULTILINE), target


def test_a_python_that_is_too_old_is_named_with_the_way_out(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2"\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    done = make(f"PYTHON={old}", f"VENV={tmp_path / 'venv'}", "demo")

    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_check_runs_every_bar_and_the_tests_once_and_last(tmp_path: Path) -> None:
    plan = make("--dry-run", f"VENV={tmp_path / 'venv'}", "check").stdout
    steps = [
        "ruff format --check",
        "ruff check",
        "-m mypy",
        "lint-imports",
        "-m tests.bars",
        "-m pytest",
        "tests.bars.coverage",
    ]

    assert [plan.index(step) for step in steps] == sorted(plan.index(step) for step in steps)
    assert plan.count("-m pytest") == 1


def test_no_target_installs_system_packages() -> None:
    assert not re.search(r"\b(apt|apt-get|dpkg|sudo|brew|npm)\b", (REPOSITORY / "Makefile").read_text(encoding="utf-8"))


def test_the_demo_passes_its_size_on(tmp_path: Path) -> None:
    plan = make("--dry-run", f"VENV={tmp_path / 'venv'}", "demo", "CASES=20000").stdout

    assert "cii-sync demo --cases 20000" in plan
