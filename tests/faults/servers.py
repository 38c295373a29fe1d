"""PostgreSQL databases copied from a prepared one, and queues of a trial's own on RabbitMQ; removed afterwards."""

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg

from scheduler.queues import Topology
from tests.services import postgres_server, rabbitmq_server

_SECONDS = 5


def _statement(text: str) -> None:
    server = postgres_server()
    admin = server.set(drivername="postgresql", database=server.database or "postgres")
    url = admin.render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, connect_timeout=_SECONDS) as connection:
        connection.execute(text.encode())


def _url(name: str) -> str:
    return postgres_server().set(database=name).render_as_string(hide_password=False)


@contextmanager
def database(template: str = "template1") -> Iterator[str]:
    """A database of its own, as a copy of another one that nobody uses; its name."""
    name = f"cii_faults_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    _statement(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        _statement(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def servers(template: str) -> Iterator[Mapping[str, str]]:
    """What the settings need to name a fresh copy of a database and fresh queues."""
    prefix = f"faults-{uuid.uuid4().hex[:10]}"
    topology, broker_url = Topology(prefix), rabbitmq_server()
    with database(template) as name:
        topology.declare(broker_url)
        try:
            yield {
                "CII_RUNNER": "celery",
                "CII_DATABASE_URL": _url(name),
                "CII_BROKER_URL": broker_url,
                "CII_QUEUE_PREFIX": prefix,
            }
        finally:
            topology.remove(broker_url)


def database_setting(name: str) -> Mapping[str, str]:
    """The one setting that names a database."""
    return {"CII_DATABASE_URL": _url(name)}
