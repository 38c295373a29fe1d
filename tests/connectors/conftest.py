"""A server that answers what a test tells it, and channels to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import pytest

from connectors.http import HttpChannel, HttpTarget, Retries
from sandbox.http_server import HttpService, Request, Response, Wire

Answering = Callable[[Request], Response | Wire]


@dataclass
class Scripted:
    """Gives the next answer of its script, the last one for ever; keeps what it was asked."""

    script: list[Response | Wire] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def __call__(self, request: Request) -> Response | Wire:
        self.requests.append(request)
        return self.script[min(len(self.requests), len(self.script)) - 1]


class Channels(Protocol):
    """Makes channels to the scripted server."""

    def __call__(
        self,
        *,
        attempts: int = 1,
        deadline: float = 5.0,
        max_bytes: int = 100_000,
        token: str = "",
        waits: list[float] | None = None,
    ) -> HttpChannel: ...


@pytest.fixture
def server() -> Iterator[Scripted]:
    scripted = Scripted()
    with HttpService(scripted) as running:
        scripted.url = running.url
        yield scripted


@pytest.fixture
def channels(server: Scripted) -> Channels:
    def make(
        *,
        attempts: int = 1,
        deadline: float = 5.0,
        max_bytes: int = 100_000,
        token: str = "",
        waits: list[float] | None = None,
    ) -> HttpChannel:
        target = HttpTarget(
            "peer",
            server.url,
            deadline_seconds=deadline,
            read_seconds=deadline,
            max_bytes=max_bytes,
            token=token,
            retries=Retries(attempts=attempts, first_wait=0.01, longest_wait=0.02),
        )
        return HttpChannel(target, sleep=(waits if waits is not None else []).append)

    return make
