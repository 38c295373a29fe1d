"""The documents: links lead somewhere, every decision is listed, tables agree with what they describe."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from console.exit_codes import MEANING
from console.main import app
from tests.bars.libraries import ROOMS_OF
from tests.bars.source import REPOSITORY, ROOMS

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
DECISIONS = REPOSITORY / "docs" / "decisions"
# How a library is written in prose where that differs from its import name.
IN_PROSE = {"pydantic_settings": "pydantic-settings", "stdnum": "python-stdnum", "yaml": "pyyaml"}
# Parts of another library: named with it.
PARTS = {"pydantic_core", "referencing", "urllib3"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_link_leads_to_a_file(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    assert [target for target in targets if "://" not in target and not (document.parent / target).exists()] == []


def test_every_decision_is_listed_with_its_title() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    titles = {path.name: path.read_text(encoding="utf-8").split("\n", 1)[0] for path in DECISIONS.glob("0*.md")}

    assert titles
    for name, title in titles.items():
        number, _, words = title.removeprefix("# ").partition(" ")
        assert f"| [{number}]({name}) | {words} |" in index


def test_a_decision_fits_on_a_page() -> None:
    assert [path.name for path in DECISIONS.glob("0*.md") if len(path.read_text(encoding="utf-8").split()) > 450] == []


def test_the_readme_names_every_room() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")

    assert [room for room in ROOMS if f"| `{room}/` |" not in readme] == []


def test_the_table_of_libraries_is_the_one_that_is_enforced() -> None:
    text = (DECISIONS / "0008-a-room-per-library.md").read_text(encoding="utf-8")
    rows = {
        room: {word.split(" ")[0].lower() for word in libraries.split(", ")}
        for rooms, libraries in re.findall(r"^\| (`.+`) \| (.+) \|$", text, re.MULTILINE)
        for room in re.findall(r"`(\w+)`", rooms)
    }
    enforced = {
        room: {IN_PROSE.get(library, library) for library, rooms in ROOMS_OF.items() if room in rooms} - PARTS
        or {"none"}
        for room in ROOMS
    }

    assert rows == enforced


@pytest.mark.parametrize("document", ["README.md", "docs/operations.md"])
def test_the_exit_codes_are_those_of_the_program(document: str) -> None:
    text = (REPOSITORY / document).read_text(encoding="utf-8").split("## Exit codes", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", text, re.MULTILINE)

    assert [(int(code), meaning.strip()) for code, meaning in rows] == [(int(code), MEANING[code]) for code in MEANING]


def commands() -> set[str]:
    """Every command of the program, with those below it, as a person types them."""
    found: set[str] = set()
    waiting: list[tuple[str, Any]] = [("", typer.main.get_command(app))]
    while waiting:
        path, command = waiting.pop()
        for name, below in getattr(command, "commands", {}).items():
            found.add(f"{path} {name}".strip())
            waiting.append((f"{path} {name}".strip(), below))
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_command_in_a_document_exists(document: Path) -> None:
    named = set(re.findall(r"cii-sync ([a-z]+)\b", document.read_text(encoding="utf-8")))

    assert named - {name.split(" ")[0] for name in commands()} == set()


def test_the_readme_names_every_command() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    groups = {name.split(" ")[0] for name in commands() if " " in name}

    assert [name for name in sorted(commands() - groups) if not re.search(rf"`{name}\b", readme)] == []
