"""The documents: links lead somewhere, every decision is listed, tables agree with what they describe."""

import re
from pathlib import Path

import pytest

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
