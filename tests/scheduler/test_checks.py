"""What `doctor` asks: each part failing alone is told with the others still asked; nothing shows a secret."""

from pathlib import Path

import pytest
from sqlalchemy import text

from config.startup import configure
from domain.ports import CheckResult
from sandbox.faults import Fault
from sandbox.serve import Sandbox
from scheduler.bootstrap import checks, upgrade
from store.engine import make_engine
from tests.fakes import Clock
from tests.flows.settings import environ
from tests.scheduler.settings import SECRETS, configuration

BROKER = "amqp://somebody:broker-secret-word@127.0.0.1:9//"


@pytest.fixture
def variables(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """A site where everything answers."""
    made = environ(sandbox, tmp_path)
    upgrade(configure(made).settings)
    return made


def told(variables: dict[str, str]) -> dict[str, CheckResult]:
    """What each part says; a part that has several faults, by the first."""
    found: dict[str, CheckResult] = {}
    for result in checks(configure(variables)):
        found.setdefault(result.system, result)
    return found


def test_where_all_is_well_each_part_says_so(variables: dict[str, str]) -> None:
    results = told(variables)

    assert list(results) == ["database", "cii", "plasta", "mail", "registry"]
    assert [name for name, result in results.items() if not result.ok] == []


@pytest.mark.parametrize("system", ["cii", "plasta", "mail"])
def test_a_target_that_is_away_fails_alone(variables: dict[str, str], sandbox: Sandbox, system: str) -> None:
    getattr(sandbox, {"mail": "mailbox"}.get(system, system)).stop()
    results = told(variables)

    assert [name for name, result in results.items() if not result.ok] == [system]


@pytest.mark.parametrize(
    ("variable", "value", "system"),
    [("CII_CII__TOKEN", "wrong", "cii"), ("CII_PLASTA__PASSWORD", "wrong", "plasta")],
)
def test_a_wrong_login_fails_alone_and_is_tried_once(
    variables: dict[str, str], sandbox: Sandbox, variable: str, value: str, system: str
) -> None:
    results = told({**variables, variable: value})

    assert [name for name, result in results.items() if not result.ok] == [system]
    assert sum(sandbox.plasta.ledger.calls().values()) <= 2


def test_a_target_that_answers_rubbish_fails_alone(variables: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.cii.faults.switch_on(Fault("html_page_200"))
    results = told(variables)

    assert [name for name, result in results.items() if not result.ok] == ["cii"]


def test_a_broker_that_is_away_fails_alone(variables: dict[str, str]) -> None:
    results = told({**variables, "CII_RUNNER": "celery", "CII_BROKER_URL": BROKER})

    assert [name for name, result in results.items() if not result.ok] == ["broker"]
    assert "CII_BROKER_URL" in results["broker"].message


@pytest.mark.rabbitmq
def test_a_broker_that_answers_is_well(variables: dict[str, str], rabbitmq_url: str, queue_prefix: str) -> None:
    celery = {"CII_RUNNER": "celery", "CII_BROKER_URL": rabbitmq_url, "CII_QUEUE_PREFIX": queue_prefix.strip(".")}
    results = told({**variables, **celery})

    assert [name for name, result in results.items() if not result.ok] == []
    assert results["broker"].message == "answers"


def test_a_database_that_was_never_made_fails_alone_and_says_what_to_do(
    variables: dict[str, str], tmp_path: Path
) -> None:
    results = told({**variables, "CII_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"})

    assert [name for name, result in results.items() if not result.ok] == ["database"]
    assert "cii-sync db upgrade" in results["database"].message


def test_a_lost_key_file_fails_alone(variables: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "cii-sync.key").unlink()
    results = told(variables)

    assert [name for name, result in results.items() if not result.ok] == ["database"]
    assert "CII_KEY_FILE" in results["database"].message


def test_a_database_behind_this_program_says_what_to_do(variables: dict[str, str], tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'cii-sync.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    results = told(variables)

    assert [name for name, result in results.items() if not result.ok] == ["database"]


def test_a_database_server_that_is_away_is_told_like_any_other_part(variables: dict[str, str]) -> None:
    away = "postgresql+psycopg://somebody:broker-secret-word@127.0.0.1:9/nowhere"
    results = told({**variables, "CII_DATABASE_URL": away})

    assert [name for name, result in results.items() if not result.ok] == ["database"]
    assert "secret-word" not in repr(results)


def test_all_faults_are_told_at_once_and_no_secret(tmp_path: Path) -> None:
    wrong = configuration(tmp_path, CII_RUNNER="celery", CII_BROKER_URL=BROKER)
    results = checks(wrong, Clock())

    assert {result.system for result in results if not result.ok} == {"database", "cii", "plasta", "mail", "broker"}
    assert not [secret for secret in SECRETS if secret in repr(results)]
