"""A running CII software over a small population, and a plain client that knows nothing of our connectors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests

from sandbox.cii.service import CiiService
from sandbox.cii.state import CiiState
from sandbox.population.generate import Population, generate

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TOKEN = "sandbox-token"
AT = "2026-11-22T08:00:00Z"


@dataclass(frozen=True)
class Client:
    """Calls as a foreign program makes them."""

    url: str
    session: requests.Session

    def get(self, path: str, **query: str) -> requests.Response:
        return self.session.get(f"{self.url}{path}", params=query, timeout=10)

    def put(
        self,
        case_id: str,
        facet: str,
        value: Mapping[str, object],
        version: int | None,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> requests.Response:
        match = {} if version is None else {"If-Match": f'"{version}"'}
        body = {"value": value, "observedAt": AT, "source": "PLASTA", **more}
        address = f"{self.url}/v1/cases/{case_id}/mirror/{facet}"
        return self.session.put(address, json=body, headers={**match, **(headers or {})}, timeout=10)

    def control(self, method: str, path: str, body: object = None) -> requests.Response:
        return requests.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=10)

    def all_pages(self, since: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """Every case of the feed from a cursor on, as `items` come."""
        items: list[dict[str, Any]] = []
        more = True
        while more:
            page = self.get("/v1/cases", limit=str(limit), **({"since": since} if since else {})).json()
            items += page["items"]
            since, more = page["nextCursor"], page["more"]
        return items

    def end_cursor(self) -> str:
        """The cursor after the newest change."""
        cursor, more = None, True
        while more:
            page = self.get("/v1/cases", limit="500", **({"since": cursor} if cursor else {})).json()
            cursor, more = page["nextCursor"], page["more"]
        assert cursor is not None
        return str(cursor)


@pytest.fixture(scope="session")
def population() -> Population:
    return generate(seed=7, cases=220, today=TODAY)


@pytest.fixture
def service(population: Population) -> Iterator[CiiService]:
    state = CiiState(population.cii_cases, lambda: NOW)
    with CiiService(state, tokens={TOKEN: "cii-sync", "other-token": "somebody-else"}) as running:
        yield running


@pytest.fixture
def client(service: CiiService) -> Iterator[Client]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        yield Client(service.url, session)
