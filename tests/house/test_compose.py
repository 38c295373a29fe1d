"""`docker-compose.yml` and the image, read instead of run: services, images, commands, variables, rights."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer
import typer.main
import yaml

from config.environment import known_variables, load
from console.main import app
from sandbox.population.generate import generate
from sandbox.serve import Sandbox
from tests.bars.source import REPOSITORY, ROOMS
from tests.house.test_env_example import assignments, filled, ours

FILE = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(FILE)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if str(service["image"]).startswith("cii-sync:"))
WORKERS = ("worker-express", "worker-nightly", "worker-dispatch")
TRAINING = ("training", "training-migrate")
VARIABLE = re.compile(r"\$\{([A-Z_]+)[^}]*\}")


def test_every_service_that_was_promised_is_there() -> None:
    assert set(SERVICES) == {"postgres", "rabbitmq", "migrate", *WORKERS, "beat", "sandbox", *TRAINING}
    assert {name for name, service in SERVICES.items() if service.get("profiles")} == {"sandbox", *TRAINING}


def test_images_are_pinned() -> None:
    assert SERVICES["postgres"]["image"] == "postgres:15-bookworm"
    assert re.fullmatch(r"rabbitmq:3\.\d+-management", SERVICES["rabbitmq"]["image"])
    assert all(service["image"].partition(":")[2] not in {"", "latest"} for service in SERVICES.values())


@pytest.mark.parametrize("name", OURS)
def test_each_command_exists_with_its_options(name: str) -> None:
    """Parsed by the command line itself, without running anything; a wrong word or option raises `UsageError`."""
    words = [str(word) for word in SERVICES[name]["command"]]
    command: Any = typer.main.get_command(app)
    context = typer.Context(command)
    while hasattr(command, "resolve_command"):
        _, command, words = command.resolve_command(context, words)
        context = typer.Context(command, parent=context)

    assert command.make_context(name, words, parent=context.parent) is not None


def test_each_variable_is_in_the_example() -> None:
    assert set(VARIABLE.findall(FILE)) <= set(assignments(commented=False))


@pytest.mark.parametrize("name", OURS)
def test_each_service_of_ours_starts_with_what_it_is_given(name: str) -> None:
    """The variables of the service, over those of `.env`, are settings that the application accepts."""
    environment: dict[str, Any] = SERVICES[name]["environment"]
    given = {key: VARIABLE.sub("invented", str(value)) for key, value in environment.items()}
    from_file = ours(filled()) if SERVICES[name]["env_file"] else {}

    assert set(given) <= set(known_variables())
    if name != "sandbox":
        load(from_file | given)


def test_the_workers_and_beat_talk_to_the_servers_of_this_file() -> None:
    for name in (*WORKERS, "beat"):
        environment = SERVICES[name]["environment"]
        assert environment["CII_RUNNER"] == "celery"
        assert "@postgres:5432/" in environment["CII_DATABASE_URL"]
        assert "@rabbitmq:5672/" in environment["CII_BROKER_URL"]


def test_nobody_is_guest_and_no_secret_stands_in_the_file() -> None:
    assert "guest" not in FILE
    for name in ("postgres", "rabbitmq"):
        passwords = [value for key, value in SERVICES[name]["environment"].items() if "PASS" in key]
        assert passwords
        assert all(VARIABLE.fullmatch(value) for value in passwords)


def test_nothing_listens_beyond_this_host() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_who_starts_after_whom() -> None:
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["training"]["depends_on"]["training-migrate"] == {"condition": "service_completed_successfully"}
    for name in (*WORKERS, "beat"):
        assert SERVICES[name]["depends_on"] == {
            "postgres": {"condition": "service_healthy"},
            "rabbitmq": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }
    for name in ("postgres", "rabbitmq", "sandbox"):
        assert SERVICES[name]["healthcheck"]["test"]


def test_state_outlives_the_containers() -> None:
    used = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}

    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_rights_they_do_not_need(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]


def test_the_sandbox_is_only_reached_over_loopback() -> None:
    """Without TLS only a loopback target is allowed: the training service shares the sandbox's network."""
    options = dict(word.removeprefix("--").split("=") for word in SERVICES["sandbox"]["command"] if "=" in word)
    environment = SERVICES["training"]["environment"]

    assert {SERVICES[name]["network_mode"] for name in TRAINING} == {"service:sandbox"}
    assert environment["CII_CII__BASE_URL"].startswith(f"http://127.0.0.1:{options['cii-port']}")
    assert environment["CII_PLASTA__URL"].startswith(f"http://127.0.0.1:{options['plasta-port']}")
    assert environment["CII_MAIL__PORT"] == options["smtp-port"]


def test_the_training_service_is_let_into_the_sandbox() -> None:
    """Its login and its paths are those that `sandbox serve` prints."""
    environment = SERVICES["training"]["environment"]
    with Sandbox(generate(1, 10, date(2026, 11, 22))) as sandbox:
        said: dict[str, Any] = sandbox.describe()

    assert environment["CII_CII__TOKEN"] == said["cii"]["token"]
    assert environment["CII_PLASTA__USERNAME"] == said["plasta"]["username"]
    assert environment["CII_PLASTA__PASSWORD"] == said["plasta"]["password"]
    assert urlsplit(environment["CII_CII__BASE_URL"]).path == urlsplit(said["cii"]["url"]).path
    assert urlsplit(environment["CII_PLASTA__URL"]).path == urlsplit(said["plasta"]["endpoint"]).path


def test_the_image_holds_the_ten_rooms_and_runs_without_rights() -> None:
    dockerfile = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE)
    sources = {source for line in copied for source in line.split()}

    assert sources == {*ROOMS, "requirements/run.lock", "pyproject.toml", "README.md"}
    assert "--require-hashes -r" in dockerfile
    assert "--no-build-isolation --no-deps" in dockerfile
    assert re.search(r"^FROM python:3\.11-slim-bookworm$", dockerfile, re.MULTILINE)
    assert dockerfile.index("USER cii") < dockerfile.index("ENTRYPOINT")
    ignored = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == sources
