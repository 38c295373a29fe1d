"""What the ORP's staff do over HTTP, what they may not, and many callers at once."""

import http.client
import json
import threading
from datetime import date
from urllib.parse import urlsplit

import pytest

from sandbox.plasta import PlastaService, PlastaState
from sandbox.plasta.acts import acts_of
from sandbox.plasta.state import ActError
from tests.sandbox.plasta.raw import Raw, keyword, numbers


def act(service: PlastaService, name: str, **arguments: object) -> tuple[int, dict[str, object]]:
    """Do an act over the control path."""
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=5)
    try:
        connection.request("POST", f"/_sandbox/acts/{name}", json.dumps(arguments).encode())
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_every_act_of_the_screens_is_offered(state: PlastaState) -> None:
    assert {
        "register_person",
        "register",
        "deregister",
        "withdraw_deregistration",
        "change_office",
        "remove_keyword_by_hand",
        "add_keyword_by_hand",
        "merge_persons",
        "change_identity",
        "protect",
        "decide_request",
    } == set(acts_of(state))


def test_acts_over_http_change_the_state_and_the_feed_but_not_the_ledger(service: PlastaService) -> None:
    person = {"family_name": "Roh", "first_name": "Max", "birth_date": "1999-01-01", "office": "VSP10"}
    status, made = act(service, "register_person", **person, postal_code="3900", locality="Brig", language="1")
    assert (status, made["personal_number"], made["language"]) == (200, "89000001", "1")
    number = str(made["personal_number"])
    assert act(service, "add_keyword_by_hand", personal_number=number, keyword_id="KW000101")[0] == 200
    assert act(service, "remove_keyword_by_hand", personal_number=number, keyword_id="KW000101")[0] == 200
    ended = act(
        service, "deregister", personal_number=number, effective_on="2026-11-20", reason_code="101", job_found=True
    )
    assert (ended[0], ended[1]["status"]) == (200, "2")
    assert act(service, "withdraw_deregistration", personal_number=number)[1]["status"] == "1"
    assert act(service, "change_office", personal_number=number, office="VSO10", keep_keywords=False)[1]["kind"] == "4"
    assert act(service, "change_identity", personal_number=number, birth_date="1999-01-02")[1]["version"] == 2
    assert act(service, "protect", personal_number=number)[1]["protected"] is True
    feed = [change.kind for change in service.state.people.changes_since(0, 99)[0]]
    assert feed == [
        "AKTIVIERT",
        "MUTIERT",
        "MUTIERT",
        "ABGEMELDET",
        "REAKTIVIERT",
        "ABGEMELDET",
        "AKTIVIERT",
        "MUTIERT",
        "MUTIERT",
    ]
    assert service.ledger.effects() == ()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("register", {"personal_number": "80999999", "office": "VSO10"}),
        ("register", {"personal_number": "80000001", "office": "XX999"}),
        ("withdraw_deregistration", {"personal_number": "80000001"}),
        ("add_keyword_by_hand", {"personal_number": "80000004", "keyword_id": "KW000101"}),
        ("add_keyword_by_hand", {"personal_number": "80000001", "keyword_id": "KW999999"}),
        ("add_keyword_by_hand", {"personal_number": "80000005", "keyword_id": "KW000101"}),
        ("add_keyword_by_hand", {"personal_number": "80000001", "keyword_id": "KW000101", "stes_id": "AD000050"}),
        ("remove_keyword_by_hand", {"personal_number": "80000001", "keyword_id": "KW000101"}),
        ("merge_persons", {"gone": "80000001", "surviving": "80000001"}),
        ("decide_request", {"process_id": "PR000001", "accepted": True}),
    ],
)
def test_what_plasta_would_not_allow_is_refused(
    service: PlastaService, name: str, arguments: dict[str, object]
) -> None:
    assert act(service, name, **arguments)[0] == 400
    assert service.state.people.changes_since(0, 99)[0] == []


def test_a_personal_number_is_given_once(service: PlastaService) -> None:
    with pytest.raises(ActError):
        service.people.register_person(
            "Roh", "Max", date(1999, 1, 1), "VSP10", postal_code="3900", locality="Brig", personal_number="80000001"
        )


def test_registering_again_knows_how_long_ago_it_was(service: PlastaService) -> None:
    people = service.people
    people.deregister("80000001", date(2026, 11, 1), "101", job_found=True)
    assert people.register("80000001", "VSO10").kind == "2"
    people.deregister("80000002", date(2026, 4, 1), "101", job_found=True)
    assert people.register("80000002", "VSO10").kind == "3"
    assert people.register("80000006", "VSO10").kind == "1"
    assert people.register("80000003", "VSO10").kind == "4"


def test_merging_chains_and_loops_end_at_the_surviving_person(service: PlastaService) -> None:
    service.people.merge_persons("80000001", "80000002")
    service.people.merge_persons("80000002", "80000003")
    survivor = service.state.people.surviving("80000001")
    assert survivor is not None
    assert survivor.personal_number == "80000003"
    assert [item.stes_id for item in survivor.registrations] == ["AD000003", "AD000002", "AD000001"]
    assert service.state.people.with_stes_id("AD000001") == survivor


def test_of_many_callers_at_once_one_sets_the_keyword(raw: Raw) -> None:
    codes: list[str | None] = []

    def call() -> None:
        codes.extend(raw.call("addStesSchlagwort", keyword("80000001", "KW000101", 1)).keys or ["done"])

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, codes)) == ["VERSION_KONFLIKT"] * 7 + ["done"]
    assert len(raw.service.ledger.effects()) == 1
    assert raw.call("getStesListe", numbers("80000001")).texts("schlagwortId") == ["KW000101"]
