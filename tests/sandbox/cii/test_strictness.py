"""What the contract does not allow is refused with a code and a path, never with a value."""

import pytest

from sandbox.cii.service import CiiService
from sandbox.population.generate import Population
from tests.sandbox.cii.conftest import TOKEN, Client

CANARY = "7561234567897"


@pytest.fixture
def case_id(population: Population) -> str:
    return population.cii_cases[0].case_id


@pytest.mark.parametrize(
    "token", [None, "", "Bearer", f"Basic {TOKEN}", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer é"]
)
def test_without_a_right_token_nothing_is_told(client: Client, case_id: str, token: str | None) -> None:
    client.session.headers["Authorization"] = token.encode() if token is not None else None  # type: ignore[assignment]

    answer = client.get(f"/v1/cases/{case_id}")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "beneficiary" not in answer.text


def test_health_needs_no_token_and_tells_nothing(client: Client) -> None:
    del client.session.headers["Authorization"]

    assert client.get("/v1/health").json() == {"status": "ok", "contract": "cii-v1"}


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "501"},
        {"limit": "ten"},
        {"limit": "1.0"},
        {"since": "a b"},
        {"since": ""},
        {"page": "2"},
    ],
)
def test_a_query_that_does_not_fit_is_refused(client: Client, query: dict[str, str]) -> None:
    answer = client.get("/v1/cases", **query)

    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID")
    assert answer.json()["detail"] == f"query.{next(iter(query))}"


@pytest.mark.parametrize("wanted", ["CII-26-1", f"CII-2026-{CANARY}", "CII-2026-00001\n", "..%2F..%2Fetc"])
def test_a_case_id_of_another_form_is_refused(client: Client, wanted: str) -> None:
    answer = client.get(f"/v1/cases/{wanted}")

    assert answer.status_code in {400, 404}
    assert wanted not in answer.text


def test_an_unknown_case_is_not_found(client: Client) -> None:
    for path in ("", "/documents", "/mirror/keyword"):
        answer = client.get(f"/v1/cases/CII-1999-999999{path}")

        assert (answer.status_code, answer.json()["code"]) == (404, "CASE_UNKNOWN")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"source": "CII"}, "body.source"),
        ({"source": None}, "body.source"),
        ({"observedAt": "2026-11-22T08:00:00"}, "body.observedAt"),
        ({"observedAt": "yesterday"}, "body.observedAt"),
        ({"value": []}, "body.value"),
        ({"value": {"status": "registered", "since": "2026-02-30"}}, "body.value.since"),
        ({"value": {"status": CANARY}}, "body.value.status"),
        ({"comment": CANARY}, "body"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_by_its_path(
    client: Client, service: CiiService, case_id: str, change: dict[str, object], path: str
) -> None:
    body = {"value": {"present": "yes"}, **change}
    answer = client.put(case_id, "keyword", body.pop("value"), 0, **body)  # type: ignore[arg-type]

    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID")
    assert answer.json()["detail"].startswith(path[: path.find(".", 5)] if path.count(".") > 1 else path)
    assert CANARY not in answer.text
    assert service.ledger.effects() == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"value":{"present":"yes"},"value":{"present":"no"},"observedAt":"2026-11-22T08:00:00Z","source":"PLASTA"}',
        b'{"value":{"present":NaN},"observedAt":"2026-11-22T08:00:00Z","source":"PLASTA"}',
        b"[" * 100_000,
    ],
)
def test_what_is_not_plain_json_is_refused(client: Client, service: CiiService, case_id: str, raw: bytes) -> None:
    answer = client.session.put(
        f"{client.url}/v1/cases/{case_id}/mirror/keyword",
        data=raw,
        headers={"Content-Type": "application/json", "If-Match": '"0"'},
        timeout=10,
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID")
    assert service.ledger.effects() == ()


def test_another_media_type_is_refused(client: Client, case_id: str) -> None:
    answer = client.put(case_id, "keyword", {"present": "yes"}, 0, {"Content-Type": "text/plain"})

    assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE_UNSUPPORTED")


@pytest.mark.parametrize("version", ['"1', "1", "*", 'W/"1"', '"01"', '"-1"', '"9999999999"'])
def test_a_version_of_another_form_is_refused(client: Client, case_id: str, version: str) -> None:
    answer = client.put(case_id, "keyword", {"present": "yes"}, None, {"If-Match": version})

    assert (answer.status_code, answer.json()["detail"]) == (400, "header.If-Match")


def test_another_method_names_those_that_are_allowed(client: Client, case_id: str) -> None:
    answer = client.session.delete(f"{client.url}/v1/cases/{case_id}/mirror/keyword", timeout=10)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PUT")


def test_an_unknown_path_is_not_found(client: Client) -> None:
    assert client.get("/v2/cases").json()["code"] == "NOT_FOUND"
