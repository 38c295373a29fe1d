"""Write-back by version: nobody overwrites what he has not seen, and a doubled write-back shows in the ledger."""

import threading

import pytest

from sandbox.cii.service import CiiService
from sandbox.population.generate import Population
from tests.sandbox.cii.conftest import Client

REGISTERED = {"status": "registered", "office": "VSO10", "registration": "AD000001", "since": "2026-11-02"}


@pytest.fixture
def empty(population: Population) -> str:
    """A case to which nothing was written back yet."""
    return next(case.case_id for case in population.cii_cases if not case.mirror)


def test_a_facet_never_written_has_version_zero(client: Client, empty: str) -> None:
    answer = client.get(f"/v1/cases/{empty}/mirror/registration")

    assert answer.headers["ETag"] == '"0"'
    assert answer.json() == {"facet": "registration", "value": {}, "version": 0}


def test_a_write_takes_effect_once_and_is_entered(client: Client, service: CiiService, empty: str) -> None:
    answer = client.put(empty, "registration", REGISTERED, 0, {"X-Correlation-Id": "run-7:1"})

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert answer.json()["value"] == REGISTERED
    assert client.get(f"/v1/cases/{empty}").json()["mirror"]["registration"]["changedBy"] == "cii-sync"
    (effect,) = service.ledger.effects()
    assert effect.business_key == f"{empty}/registration#1"
    assert (effect.caller, effect.correlation_id) == ("cii-sync", "run-7:1")
    assert effect.detail["repeated"] == "no"


def test_a_stale_version_writes_nothing_and_names_the_current_one(
    client: Client, service: CiiService, empty: str
) -> None:
    client.put(empty, "keyword", {"present": "no"}, 0)

    answer = client.put(empty, "keyword", {"present": "yes"}, 0)

    assert (answer.status_code, answer.headers["ETag"]) == (412, '"1"')
    assert answer.json()["code"] == "VERSION_CONFLICT"
    assert client.get(f"/v1/cases/{empty}/mirror/keyword").json()["value"] == {"present": "no"}
    assert len(service.ledger.effects()) == 1


def test_no_version_is_428_and_writes_nothing(client: Client, service: CiiService, empty: str) -> None:
    answer = client.put(empty, "keyword", {"present": "yes"}, None)

    assert (answer.status_code, answer.json()["code"]) == (428, "VERSION_REQUIRED")
    assert service.ledger.effects() == ()


def test_a_doubled_write_back_stands_twice_under_one_key(client: Client, service: CiiService, empty: str) -> None:
    for version, present in enumerate(("yes", "yes", "no", "yes")):
        assert client.put(empty, "keyword", {"present": present}, version).status_code == 200

    per_key = {key: len(effects) for key, effects in service.ledger.effects_by_key().items()}
    assert per_key == {f"{empty}/keyword#1": 2, f"{empty}/keyword#2": 1, f"{empty}/keyword#3": 1}
    assert [effect.detail["repeated"] for effect in service.ledger.effects()] == ["no", "yes", "no", "no"]


def test_of_writers_that_saw_the_same_version_one_wins(client: Client, service: CiiService, empty: str) -> None:
    """F63: eight at once, one effect."""
    start = threading.Barrier(8)
    statuses: list[int] = []

    def write() -> None:
        start.wait()
        statuses.append(client.put(empty, "keyword", {"present": "yes"}, 0).status_code)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] + [412] * 7
    assert len(service.ledger.effects()) == 1


def test_a_withdrawn_deregistration_is_cleared_by_an_empty_value(client: Client, empty: str) -> None:
    end = {"effective": "2026-12-01", "job_found": "yes", "reason_domain": "ABMELDEGRUND", "reason": "101"}
    assert client.put(empty, "deregistration", end, 0).status_code == 200

    assert client.put(empty, "deregistration", {}, 1).json()["value"] == {}


@pytest.mark.parametrize(
    ("facet", "value"),
    [
        ("keyword", REGISTERED),
        ("keyword", {}),
        ("registration", {"present": "yes"}),
        ("deregistration", {"present": "yes"}),
    ],
)
def test_a_value_of_another_facet_is_refused(
    client: Client, service: CiiService, empty: str, facet: str, value: dict[str, str]
) -> None:
    answer = client.put(empty, facet, value, 0)

    assert (answer.status_code, answer.json()["code"]) == (422, "FACET_VALUE_INVALID")
    assert service.ledger.effects() == ()


def test_a_value_typed_by_hand_moves_the_version(client: Client, service: CiiService, empty: str) -> None:
    client.put(empty, "keyword", {"present": "no"}, 0)
    service.people.change_mirror_by_hand(empty, "keyword", {"present": "yes"})

    assert client.put(empty, "keyword", {"present": "no"}, 1).status_code == 412
    assert client.get(f"/v1/cases/{empty}").json()["mirror"]["keyword"]["changedBy"] == "tandem"
