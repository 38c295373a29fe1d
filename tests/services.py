"""PostgreSQL and RabbitMQ for the tests that need them: asked for by marker or fixture, probed once a session.

A server that does not answer skips its tests, and the end of the run says so in a section of its own. Under `CI=true`
it fails them instead: a green build has talked to both servers. `CII_TEST_POSTGRES_URL` and `CII_TEST_RABBITMQ_URL`
name other servers than the ones on this machine.
"""

import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import kombu
import kombu.exceptions
import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

POSTGRES = "CII_TEST_POSTGRES_URL"
RABBITMQ = "CII_TEST_RABBITMQ_URL"
_POSTGRES_DEFAULT = "postgresql+psycopg://postgres@127.0.0.1:5432/"
_RABBITMQ_DEFAULT = "amqp://guest:guest@127.0.0.1:5672//"
_PROBE_SECONDS = 3
_CONTROL_SECONDS = 60
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Service:
    """One server that tests may need: its marker, the fixtures that ask for it, and how to see whether it answers."""

    marker: str
    variable: str
    fixtures: frozenset[str]
    probe: Callable[[], str | None]
    """None when it answers, else the reason in one line, without the address's user-info."""


def postgres_server() -> URL:
    """The server's address, without a database of its own."""
    return make_url(os.environ.get(POSTGRES, _POSTGRES_DEFAULT))


def rabbitmq_server() -> str:
    """The broker's address, with the virtual host that always exists."""
    return os.environ.get(RABBITMQ, _RABBITMQ_DEFAULT)


def _connect_postgres(server: URL) -> psycopg.Connection[tuple[object, ...]]:
    admin = server.set(drivername="postgresql", database=server.database or "postgres")
    return psycopg.connect(admin.render_as_string(hide_password=False), autocommit=True, connect_timeout=_PROBE_SECONDS)


def _probe_postgres() -> str | None:
    try:
        _connect_postgres(postgres_server()).close()
    except psycopg.OperationalError as error:
        return f"no answer ({type(error).__name__})"
    return None


def _probe_rabbitmq(url: str | None = None) -> str | None:
    connection = kombu.Connection(url or rabbitmq_server(), connect_timeout=_PROBE_SECONDS)
    try:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    except kombu.exceptions.OperationalError as error:
        return f"no answer ({type(error).__name__})"
    finally:
        connection.release()
    return None


SERVICES = (
    Service("postgres", POSTGRES, frozenset({"postgres_url", "postgres_url_of_module"}), _probe_postgres),
    Service("rabbitmq", RABBITMQ, frozenset({"rabbitmq_url"}), _probe_rabbitmq),
)
_PROBED = pytest.StashKey[dict[str, str | None]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, wherever this plugin is loaded."""
    for service in SERVICES:
        config.addinivalue_line(
            "markers", f"{service.marker}: needs that server; skipped when away, failed under CI=true"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a server's fixture carries its marker, so that `-m "not postgres"` selects rightly."""
    for item in items:
        for service in SERVICES:
            if service.fixtures & set(getattr(item, "fixturenames", ())):
                item.add_marker(service.marker)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or under CI fail, a test whose server is away; each server is asked once a session."""
    answers = item.config.stash.setdefault(_PROBED, {})
    for service in SERVICES:
        if item.get_closest_marker(service.marker) is None:
            continue
        if service.marker not in answers:
            answers[service.marker] = service.probe()
        fault = answers[service.marker]
        if fault is None:
            continue
        message = f"{service.marker} is not reachable: {fault}; {service.variable} names another server"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{message}. Under CI=true nothing is skipped.", pytrace=False)
        pytest.skip(message)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which tests did not run because their server is away."""
    skipped = [report for report in terminalreporter.getreports("skipped") if isinstance(report, pytest.TestReport)]
    for service in SERVICES:
        names = [
            report.nodeid
            for report in skipped
            if service.marker in report.keywords and "is not reachable" in str(report.longrepr)
        ]
        if not names:
            continue
        title = f"NOT TESTED: {len(names)} tests need {service.marker}, which is not reachable"
        terminalreporter.section(title, sep="!", yellow=True, bold=True)
        terminalreporter.line(f"Start one, or name one in {service.variable}. Skipped:")
        for name in names:
            terminalreporter.line(f"  {name}")


@contextmanager
def _fresh_database() -> Iterator[str]:
    server = postgres_server()
    name = f"cii_test_{uuid.uuid4().hex[:12]}"
    with _connect_postgres(server) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with _connect_postgres(server) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database for this test alone, dropped after it; the SQLAlchemy address."""
    with _fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
def postgres_url_of_module() -> Iterator[str]:
    """An empty PostgreSQL database shared by the tests of one module, dropped after it."""
    with _fresh_database() as url:
        yield url


def _control(*words: str) -> bool:
    program = shutil.which("rabbitmqctl")
    if program is None:
        return False
    try:
        done = subprocess.run([program, "--quiet", *words], capture_output=True, timeout=_CONTROL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@pytest.fixture(scope="session")
def rabbitmq_url() -> Iterator[str]:
    """A virtual host for this session alone where `rabbitmqctl` may make one, else the server's own.

    In both cases a test that declares queues names them under `queue_prefix`, so that no two tests meet.
    """
    url = rabbitmq_server()
    info = kombu.Connection(url).info()
    name = f"cii-test-{uuid.uuid4().hex[:12]}"
    own = f"{url.split('://', 1)[0]}://{info['userid']}:{info['password']}@{info['hostname']}:{info['port']}/{name}"
    made = (
        info["hostname"] in _LOOPBACK
        and _control("add_vhost", name)
        and _control("set_permissions", "-p", name, str(info["userid"]), ".*", ".*", ".*")
    )
    try:
        yield own if made and _probe_rabbitmq(own) is None else url
    finally:
        if made:
            _control("delete_vhost", name)


@pytest.fixture
def queue_prefix() -> str:
    """A name of this test's own for its queues and exchanges, to be set as `CII_QUEUE_PREFIX`."""
    return f"test-{uuid.uuid4().hex[:12]}."
