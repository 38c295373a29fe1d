"""A command line over a fake house."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from console.main import app
from tests.console.fakes import FakeDoors, FakeHouse

SHAPES = json.loads((files("console") / "shapes.json").read_text(encoding="utf-8"))
Command = Callable[..., Result]


@pytest.fixture
def doors() -> FakeDoors:
    return FakeDoors()


@pytest.fixture
def house(doors: FakeDoors) -> FakeHouse:
    return doors.inside


@pytest.fixture
def cli(doors: FakeDoors) -> Command:
    """Runs a command line as the shell would split it; an error that is not ours fails the test."""

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, list(words), obj=doors, input=typed, catch_exceptions=False)

    return run


@pytest.fixture
def read(cli: Command) -> Callable[..., Any]:
    """Runs a command with ``--json``; the document, valid by its shape."""

    def run(*words: str) -> Any:  # noqa: ANN401 - JSON
        document = json.loads(cli(*words, "--json").stdout)
        Draft202012Validator(SHAPES).validate(document)
        return document

    return run
