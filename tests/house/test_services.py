"""The servers that tests may need: skipped with a notice when away, failed under CI, fresh when reachable."""

import os
import subprocess
import sys
from pathlib import Path

import kombu
import psycopg
import pytest
from sqlalchemy.engine import make_url

REPOSITORY = Path(__file__).parents[2]
# Port 9 ("discard") on loopback: nothing listens there on a machine that is set up sensibly.
NOWHERE = {
    "CII_TEST_POSTGRES_URL": "postgresql+psycopg://postgres@127.0.0.1:9/",
    "CII_TEST_RABBITMQ_URL": "amqp://someone:secret-word@127.0.0.1:9//",
}
SUITE = """
import pytest

def test_database(postgres_url):
    raise AssertionError("must not run without a server")

@pytest.mark.rabbitmq
def test_broker():
    raise AssertionError("must not run without a server")

def test_plain():
    pass
"""


def run_suite(folder: Path, *, ci: str, arguments: tuple[str, ...] = ()) -> tuple[int, str]:
    """A suite of three tests whose servers are away, run as a user runs it; its exit code and what it printed."""
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.services"]\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(folder), *arguments, str(folder)],
        env={**os.environ, **NOWHERE, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "xdist"])
def test_a_server_that_is_away_skips_its_tests_and_the_end_of_the_run_says_so(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, printed = run_suite(tmp_path, ci="", arguments=arguments)

    assert code == 0
    assert "1 passed, 2 skipped" in printed
    assert "NOT TESTED: 1 tests need postgres" in printed
    assert "NOT TESTED: 1 tests need rabbitmq" in printed
    assert "test_suite.py::test_database" in printed.split("NOT TESTED")[1]
    assert "secret-word" not in printed


def test_under_ci_the_same_tests_fail(tmp_path: Path) -> None:
    code, printed = run_suite(tmp_path, ci="true")

    assert code == 1
    assert "1 passed, 2 errors" in printed
    assert "Under CI=true nothing is skipped" in printed


def test_a_fixture_gives_its_test_the_marker(tmp_path: Path) -> None:
    code, printed = run_suite(tmp_path, ci="true", arguments=("-m", "not postgres and not rabbitmq"))

    assert code == 0
    assert "1 passed, 2 deselected" in printed


def test_each_test_gets_an_empty_database_of_its_own(postgres_url: str) -> None:
    url = make_url(postgres_url)
    assert url.drivername == "postgresql+psycopg"
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        database = connection.execute("SELECT current_database()").fetchone()

    assert tables == (0,)
    assert database == (url.database,)


def test_a_queue_under_its_prefix_carries_a_message(rabbitmq_url: str, queue_prefix: str) -> None:
    with kombu.Connection(rabbitmq_url) as connection:
        with connection.SimpleQueue(f"{queue_prefix}letters") as queue:
            queue.put({"id": 1})
            message = queue.get(timeout=5)
            message.ack()
        queue.queue.bind(connection.default_channel).delete()

    assert message.payload == {"id": 1}
