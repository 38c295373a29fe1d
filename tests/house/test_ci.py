"""`.ci/run`: installs only what is missing, starts only what does not answer, and ends in `make check`.

Driven with stand-ins of the system's commands first on the path, so that nothing is installed or started.
"""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bars.source import REPOSITORY

SCRIPT = REPOSITORY / ".ci" / "run"
COMMANDS = ("apt-get", "make", "npm", "pg_ctlcluster", "psql", "rabbitmq-server", "su")
SERVERS = {
    "CII_TEST_POSTGRES_URL": "postgresql+psycopg://a@127.0.0.1/",
    "CII_TEST_RABBITMQ_URL": "amqp://a@127.0.0.1//",
}


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A search path on which each command only writes down that it was called."""
    for name in COMMANDS:
        command = tmp_path / name
        command.write_text(f'#!/bin/sh\necho "{name} $*" >>{tmp_path}/calls\n', encoding="utf-8")
        command.chmod(0o755)
    return f"{tmp_path}{os.pathsep}{os.environ['PATH']}"


def called(path: str, variables: dict[str, str]) -> list[str]:
    """What the script called, in its order; it must end well."""
    environment = {name: value for name, value in os.environ.items() if name not in SERVERS}
    subprocess.run([str(SCRIPT)], env={**environment, "PATH": path, **variables}, check=True, capture_output=True)
    return (Path(path.split(os.pathsep, maxsplit=1)[0]) / "calls").read_text(encoding="utf-8").splitlines()


def test_servers_that_are_named_are_left_alone(path: str) -> None:
    assert called(path, SERVERS) == ["make check"]


@pytest.fixture
def standard_ports() -> Iterator[None]:
    """Something that listens where PostgreSQL and RabbitMQ do: the servers of this machine, or sockets of ours."""
    held = []
    for port in (5432, 5672):
        try:
            held.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
    yield
    for server in held:
        server.close()


@pytest.mark.usefixtures("standard_ports")
def test_servers_that_answer_are_neither_installed_nor_started(path: str) -> None:
    calls = called(path, {})

    assert calls[-1] == "make check"
    assert {call.split(" ")[0] for call in calls} == {"psql", "make"}


def test_it_stops_at_the_first_fault_and_never_asks_the_broker_for_its_version() -> None:
    text = SCRIPT.read_text(encoding="utf-8")

    assert text.startswith("#!/usr/bin/env bash\n")
    assert "\nset -euo pipefail\n" in text
    assert "--version" not in text
    assert text.rstrip().endswith("exec make check")
    assert os.access(SCRIPT, os.X_OK)
