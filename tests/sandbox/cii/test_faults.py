"""Every fault does what its name says, and no more: the effect happens or not, and the next call is well again."""

import json
from typing import Any

import pytest
import requests

from sandbox.cii.misbehaviour import KINDS
from sandbox.cii.service import CiiService
from sandbox.faults import Fault
from sandbox.population.avs import is_valid
from sandbox.population.generate import Population
from tests.sandbox.cii.conftest import Client


@pytest.fixture
def empty(population: Population) -> str:
    return next(case.case_id for case in population.cii_cases if not case.mirror)


def first_page(client: Client, **query: str) -> dict[str, Any]:
    page: dict[str, Any] = client.get("/v1/cases", limit="5", **query).json()
    return page


def test_an_answer_lost_before_the_effect_leaves_nothing(client: Client, service: CiiService, empty: str) -> None:
    service.faults.switch_on(Fault("cut_before_effect", "putMirrorFacet", count=1))

    with pytest.raises(requests.ConnectionError):
        client.put(empty, "keyword", {"present": "yes"}, 0)

    assert service.ledger.effects() == ()
    assert client.get(f"/v1/cases/{empty}/mirror/keyword").json()["version"] == 0


def test_an_answer_lost_after_the_effect_leaves_it(client: Client, service: CiiService, empty: str) -> None:
    """F41: the look afterwards finds it."""
    service.faults.switch_on(Fault("cut_after_effect", "putMirrorFacet", count=1))

    with pytest.raises(requests.ConnectionError):
        client.put(empty, "keyword", {"present": "yes"}, 0)

    assert client.get(f"/v1/cases/{empty}/mirror/keyword").json()["value"] == {"present": "yes"}
    assert len(service.ledger.effects()) == 1


def test_a_tenth_of_lost_answers_is_the_same_tenth_for_the_same_seed(
    client: Client, service: CiiService, population: Population
) -> None:
    def lost(seed: int) -> list[int]:
        service.faults.replace([Fault("cut_after_effect", "getCase", probability=0.1, seed=seed)])
        found = []
        for number, case in enumerate(population.cii_cases[:100]):
            try:
                client.get(f"/v1/cases/{case.case_id}")
            except requests.ConnectionError:
                found.append(number)
        return found

    once = lost(seed=3)

    assert 3 <= len(once) <= 20
    assert lost(seed=3) == once
    assert lost(seed=4) != once


@pytest.mark.parametrize("after_effect", [True, False])
def test_a_proxys_page_under_200_is_no_json(
    client: Client, service: CiiService, empty: str, *, after_effect: bool
) -> None:
    service.faults.switch_on(Fault("html_page_200", "putMirrorFacet", count=1, after_effect=after_effect))

    answer = client.put(empty, "keyword", {"present": "yes"}, 0)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert len(service.ledger.effects()) == int(after_effect)


@pytest.mark.parametrize("length", ["full", "none", "cut"])
def test_a_body_cut_short_cannot_be_read(client: Client, service: CiiService, length: str) -> None:
    """F38: with Content-Length the transport notices; without, or with a false one, only the parser does."""
    service.faults.switch_on(Fault("truncated_body", "listCases", count=1, options={"length": length}))
    noticed_by = requests.exceptions.ChunkedEncodingError if length == "full" else requests.exceptions.JSONDecodeError

    with pytest.raises((noticed_by, requests.ConnectionError)):
        first_page(client)

    client.session.close()  # with a false length the client does not know that this connection is over
    assert first_page(client)["items"]


def test_throttling_says_when_to_come_back(client: Client, service: CiiService, empty: str) -> None:
    service.faults.switch_on(Fault("retry_after", status=429, seconds=7, count=1))

    answer = client.put(empty, "keyword", {"present": "yes"}, 0)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert service.ledger.effects() == ()


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("token_refused", 401, "TOKEN_INVALID"),
        ("forbidden", 403, "FORBIDDEN"),
        ("cursor_unknown", 410, "CURSOR_UNKNOWN"),
    ],
)
def test_a_refusal_comes_with_its_code(client: Client, service: CiiService, kind: str, status: int, code: str) -> None:
    service.faults.switch_on(Fault(kind, count=1))

    answer = client.get("/v1/cases")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/v1/cases").status_code == 200


def test_the_second_page_fails_and_the_first_does_not(client: Client, service: CiiService) -> None:
    service.faults.switch_on(Fault("second_page_fails", "listCases"))

    cursor = first_page(client)["nextCursor"]

    assert client.get("/v1/cases", since=str(cursor)).status_code == 503


def test_a_page_repeats_for_ever(client: Client, service: CiiService) -> None:
    second = str(first_page(client)["nextCursor"])
    service.faults.switch_on(Fault("page_repeats", "listCases"))

    once = first_page(client, since=second)
    again = first_page(client, since=str(once["nextCursor"]))

    assert once["more"] is True
    assert once == again


def test_the_cursor_goes_back(client: Client, service: CiiService) -> None:
    """F45."""
    first = first_page(client)
    service.faults.switch_on(Fault("cursor_regress", "listCases", count=1))

    second = first_page(client, since=str(first["nextCursor"]))

    assert first_page(client, since=str(second["nextCursor"]))["items"] == first["items"]


def test_a_case_stands_on_two_pages(client: Client, service: CiiService) -> None:
    first = first_page(client)
    service.faults.switch_on(Fault("case_on_two_pages", "listCases", count=1))

    second = first_page(client, since=str(first["nextCursor"]))

    assert second["items"][0] == first["items"][-1]
    assert len(second["items"]) == 6


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("unknown_state", ("procedures", 0, "state"), "waiting_for_godot"),
        ("unknown_exit_reason", ("exit", "reason"), "left_for_mars"),
        ("unknown_language", ("beneficiary", "language"), "rm"),
        ("invalid_record", ("beneficiary", "birthDate"), "1990-02-31"),
    ],
)
def test_one_record_of_a_page_is_bad_and_the_others_are_not(
    client: Client, service: CiiService, kind: str, path: tuple[str | int, ...], value: str
) -> None:
    good = first_page(client)["items"]
    service.faults.switch_on(Fault(kind, "listCases", count=1, options={"case": str(good[2]["caseId"])}))

    bad = first_page(client)["items"]

    found = bad[2]
    for step in path:
        found = found[step]
    assert found == value
    assert [bad[index] for index in (0, 1, 3, 4)] == [good[index] for index in (0, 1, 3, 4)]


def test_an_avs_number_gets_a_wrong_check_digit(client: Client, service: CiiService, population: Population) -> None:
    case = next(case for case in population.cii_cases if case.beneficiary.avs_number)
    service.faults.switch_on(Fault("wrong_avs", "getCase", keys=(case.case_id,)))

    number = client.get(f"/v1/cases/{case.case_id}").json()["beneficiary"]["avsNumber"]

    assert not is_valid(number)
    assert number[:12] == (case.beneficiary.avs_number or "")[:12]


def test_extra_fields_are_there_to_be_tolerated(client: Client, service: CiiService) -> None:
    service.faults.switch_on(Fault("extra_fields", "getCase"))
    case_id = first_page(client)["items"][0]["caseId"]

    assert "futureField" in client.get(f"/v1/cases/{case_id}").json()


@pytest.mark.parametrize(
    ("what", "mark"),
    [
        ("nan", b"NaN"),
        ("deep", b"[" * 10_000),
        ("huge_number", b"1" + b"0" * 400),
        ("repeated_name", b'"items":[],'),
        ("byte_order_mark", b"\xef\xbb\xbf"),
        ("not_json", b"{'items'"),
    ],
)
def test_json_is_odd(client: Client, service: CiiService, what: str, mark: bytes) -> None:
    """F39."""
    service.faults.switch_on(Fault("odd_json", "listCases", count=1, options={"what": what}))

    assert mark in client.get("/v1/cases", limit="1").content


def test_json_is_in_another_encoding_than_it_says(client: Client, service: CiiService, population: Population) -> None:
    case = next(case for case in population.cii_cases if "é" in case.beneficiary.first_name)
    service.faults.switch_on(Fault("odd_json", options={"what": "latin_1"}))

    with pytest.raises(UnicodeDecodeError):
        client.get(f"/v1/cases/{case.case_id}").content.decode("utf-8")


def test_faults_are_switched_over_http_and_every_kind_is_documented(client: Client) -> None:
    answer = client.control("PUT", "faults", [{"kind": "forbidden", "operations": "getCase", "count": 2}])

    assert answer.json()["faults"][0]["operations"] == "getCase"
    assert set(KINDS) <= set(answer.json()["kinds"])
    assert client.control("DELETE", "faults").json()["faults"] == []
    assert client.control("PUT", "faults", [{"kind": "no_such_fault"}]).status_code == 400


def test_the_ledger_counts_refused_calls_too(client: Client) -> None:
    client.get("/v1/cases/CII-1999-000001")

    ledger = json.loads(client.control("GET", "ledger").content)

    assert ledger["calls"] == {"getCase": 1}
    assert ledger["effects"] == []
