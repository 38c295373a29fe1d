"""`.env.example` lists every setting and no other, shows the true defaults, and starts the application when filled."""

import re

from config.environment import FROM_FILE, known_variables, load
from console.language import SETTING as LANGUAGE
from domain.facets import Language
from tests.bars.source import REPOSITORY

TEXT = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "RABBITMQ_PASSWORD"}


def assignments(*, commented: bool) -> dict[str, str]:
    """The variables of the file: those that are set, or those shown behind a `#` with their default."""
    sign = "#" if commented else ""
    return dict(re.findall(rf"^{sign}([A-Z][A-Z0-9_]*)=(.*)$", TEXT, re.MULTILINE))


def filled() -> dict[str, str]:
    """The file as an operator leaves it: what has no value got one."""
    return {name: value or "invented" for name, value in assignments(commented=False).items()}


def ours(variables: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name not in COMPOSE_ONLY}


def test_it_lists_every_setting_and_no_other() -> None:
    listed = ours(assignments(commented=False) | assignments(commented=True))
    settings = {name for name in known_variables() if not name.endswith(FROM_FILE) or name == "CII_KEY_FILE"}
    # These two name a file themselves; they hold no secret.
    settings |= {"CII_REGISTRY_FILE", "CII_CODE_MAP_FILE"}

    assert set(listed) == settings


def test_each_secret_that_can_stand_in_a_file_is_named() -> None:
    by_file = [name for name in known_variables() if name.removesuffix(FROM_FILE) in known_variables()]

    assert [name for name in by_file if name.endswith(FROM_FILE) and name not in TEXT] == []


def test_each_line_says_what_it_is_for() -> None:
    for name, purpose in known_variables().items():
        if re.search(rf"^#?{name}=", TEXT, re.MULTILINE):
            assert re.search(rf"^# {re.escape(purpose)}\n#?{name}=", TEXT, re.MULTILINE), name


def test_filled_in_it_starts_the_application() -> None:
    settings = load(ours(filled()))

    assert settings.plasta.office == "VSO10"
    assert settings.runner == "in_process"


def test_the_shown_defaults_are_the_true_ones() -> None:
    shown = {name: value for name, value in assignments(commented=True).items() if value}

    assert load(ours(filled()) | shown) == load(ours(filled()))
    assert len(shown) > 20


def test_no_secret_has_a_value() -> None:
    assert [
        name
        for name, value in (assignments(commented=False) | assignments(commented=True)).items()
        if re.search(r"PASSWORD|TOKEN", name) and value
    ] == []


def test_the_language_that_the_command_line_reads_is_a_setting() -> None:
    assert LANGUAGE in known_variables()
    assert {load(ours(filled()) | {LANGUAGE: language}).lang for language in Language} == {"fr", "de"}
