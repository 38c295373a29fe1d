"""Every fault of PLASTA's stand-in, by name: what the client sees, and whether the effect is there."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from sandbox.faults import Fault
from sandbox.plasta import PlastaService
from sandbox.plasta.contract import SchemaViolationError, plasta_contract
from sandbox.plasta.fault_kinds import PLASTA_KINDS
from tests.sandbox.plasta.raw import Answer, Raw, all_bytes, envelope, keyword, numbers, person, search, value

ADD = keyword("80000001", "KW000101", 1)
LIST = numbers("80000001", "80000002", "80000003")
FEED = value("seitSequenz", "0") + value("maxAnzahl", "2")


def hit(raw: Raw, operation: str, content: str, kind: str, **fields: Any) -> Answer:  # noqa: ANN401 (fields of a Fault)
    """Switch a fault on and make one call."""
    raw.service.faults.switch_on(Fault(kind, **fields))
    return raw.call(operation, content, valid=False)


def is_valid(answer: Answer) -> bool:
    """Whether the answer follows the schema."""
    try:
        plasta_contract().validate(answer.body)
    except SchemaViolationError:
        return False
    return True


def check_soap_fault(raw: Raw) -> None:
    answer = hit(raw, "addStesSchlagwort", ADD, "soap_fault", code="soap11env:Server.Busy", count=1)
    assert (answer.status, answer.body.findtext("faultcode")) == (500, "soap11env:Server.Busy")
    assert answer.text("error") == "TECHNISCH"
    assert raw.service.ledger.effects() == ()
    after = hit(raw, "addStesSchlagwort", ADD, "soap_fault", code="Server", after_effect=True, status=200)
    assert (after.status, after.body.findtext("faultcode")) == (200, "soapenv:Server")
    assert len(raw.service.ledger.effects()) == 1


def check_auth_failure(raw: Raw) -> None:
    answer = hit(raw, "addStesSchlagwort", ADD, "auth_failure")
    assert (answer.status, answer.fault) == (500, ("soapenv:Client", "AUTH_FEHLER"))
    assert raw.service.ledger.effects() == ()


def check_business_error(raw: Raw) -> None:
    answer = hit(raw, "addStesSchlagwort", ADD, "business_error", code="SCHLAGWORT_NICHT_EINDEUTIG")
    assert (answer.code, answer.keys, is_valid(answer)) == ("NK_AVAM: ERROR", ["SCHLAGWORT_NICHT_EINDEUTIG"], True)
    assert raw.service.ledger.effects() == ()


def check_version_conflict(raw: Raw) -> None:
    assert hit(raw, "addStesSchlagwort", ADD, "version_conflict").keys == ["VERSION_KONFLIKT"]
    assert raw.service.ledger.effects() == ()


def check_ged_down(raw: Raw) -> None:
    assert hit(raw, "getDossierUrl", value("personenNr", "80000001"), "ged_down").keys == ["DMS_NICHT_VERFUEGBAR"]
    keys = value("personenNr", "80000001") + value("geschaeftsArt", None) + value("geschaeftsFallNr", None)
    assert raw.call("getDokumentMetadaten", keys).keys == ["DMS_NICHT_VERFUEGBAR"]
    assert raw.call("getStes", person("80000001")).keys == []


def check_keyword_dropped(raw: Raw) -> None:
    assert hit(raw, "addStesSchlagwort", ADD, "keyword_dropped").code == "NK_AVAM: OK"
    assert raw.call("getStesSchlagworte", person("80000001")).texts("schlagwortId") == []
    assert raw.service.ledger.effects() == ()


def check_warning_under_ok(raw: Raw) -> None:
    answer = hit(raw, "getStes", person("80000001"), "warning_under_ok", code="ZAS_ABGLEICH_NOETIG")
    assert (answer.code, answer.keys, is_valid(answer)) == ("NK_AVAM: OK", ["ZAS_ABGLEICH_NOETIG"], True)


def check_search_cut(raw: Raw) -> None:
    answer = hit(raw, "searchStes", search(name="Bonvin"), "search_cut", options={"limit": "1"})
    assert (answer.text("total"), answer.text("abgeschnitten")) == ("2", "true")
    assert len(answer.texts("personenNr")) == 1


def check_padded_return_code(raw: Raw) -> None:
    code = hit(raw, "getStes", person("80000001"), "padded_return_code").code
    assert code is not None
    assert code != code.strip() == "NK_AVAM: OK"


def check_nil_everywhere(raw: Raw) -> None:
    answer = hit(raw, "getStesListe", LIST, "nil_everywhere")
    assert answer.texts("name") == answer.texts("geburtsdatum") == [None] * 3
    assert answer.texts("personenNr") == ["80000001", "80000002", "80000003"]
    assert is_valid(answer)


def check_control_characters(raw: Raw) -> None:
    assert b"\x01</t:name>" in hit(raw, "getStes", person("80000001"), "control_characters", count=1).raw
    answer = hit(raw, "getStes", person("80000001"), "control_characters", options={"form": "reference"})
    assert b"&#1;</t:name>" in answer.raw
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(answer.raw)


def check_unknown_code(raw: Raw) -> None:
    assert hit(raw, "getStes", person("80000001"), "unknown_code").texts("status") == ["97"]
    listed = hit(raw, "getStesListe", LIST, "unknown_code", options={"element": "sprache"}, code="8")
    assert listed.texts("sprache") == ["8", "8", "8"]


def check_bad_date(raw: Raw) -> None:
    assert hit(raw, "getStes", person("80000001"), "bad_date").text("geburtsdatum") == "1979-02-30-00.00.00.0"


def check_old_dates(raw: Raw) -> None:
    assert hit(raw, "getStes", person("80000001"), "old_dates").text("geburtsdatum") == "17.05.1979"


def check_wrong_check_digit(raw: Raw) -> None:
    assert hit(raw, "getStes", person("80000001"), "wrong_check_digit").text("svNr") == "7569217076986"


def check_person_swapped(raw: Raw) -> None:
    assert hit(raw, "getStes", person("80000001"), "person_swapped").text("personenNr") == "99999999"


def check_list_row_missing(raw: Raw) -> None:
    listed = hit(raw, "getStesListe", LIST, "list_row_missing").texts("angefragtePersonenNr")
    assert listed == ["80000001", "80000003"]


def check_list_row_twice(raw: Raw) -> None:
    listed = hit(raw, "getStesListe", LIST, "list_row_twice").texts("angefragtePersonenNr")
    assert listed == ["80000001", "80000001", "80000002", "80000003"]


def check_missing_element(raw: Raw) -> None:
    answer = hit(raw, "getStes", person("80000001"), "missing_element")
    assert (answer.texts("ojbVersion"), is_valid(answer)) == ([], False)


def check_extra_element(raw: Raw) -> None:
    answer = hit(raw, "getStes", person("80000001"), "extra_element")
    assert (answer.texts("neuesFeld"), is_valid(answer)) == (["neu"], False)


def check_wrong_operation(raw: Raw) -> None:
    answer = hit(raw, "getStes", person("80000001"), "wrong_operation")
    assert etree.QName(answer.body).localname == "getRavAdressenResponse"


def check_entity_bomb(raw: Raw) -> None:
    assert b'<!ENTITY a9 "&a8;&a8;' in hit(raw, "getStes", person("80000001"), "entity_bomb").raw


def check_external_entity(raw: Raw) -> None:
    assert b'SYSTEM "file:' in hit(raw, "getStes", person("80000001"), "external_entity").raw


def check_feed_repeats(raw: Raw) -> None:
    changed(raw)
    raw.service.faults.switch_on(Fault("feed_repeats"))
    pages = [raw.call("getAenderungen", value("seitSequenz", since) + value("maxAnzahl", "2")) for since in "0248"]
    assert [page.texts("sequenz") for page in pages] == [["1", "2"]] * 4
    assert {page.text("weitere") for page in pages} == {"true"}


def check_feed_goes_back(raw: Raw) -> None:
    changed(raw)
    raw.service.faults.switch_on(Fault("feed_goes_back"))
    page = raw.call("getAenderungen", value("seitSequenz", "1") + value("maxAnzahl", "9"))
    assert (page.texts("sequenz"), page.text("letzteSequenz")) == (["1", "0"], "0")


def check_feed_gap(raw: Raw) -> None:
    changed(raw)
    raw.service.faults.switch_on(Fault("feed_gap"))
    assert raw.call("getAenderungen", value("seitSequenz", "0") + value("maxAnzahl", "9")).texts("sequenz") == [
        "1",
        "3",
    ]


def changed(raw: Raw) -> None:
    """Make three changes."""
    for keyword_id in ("KW000110", "KW000111", "KW000112"):
        raw.service.people.add_keyword_by_hand("80000001", keyword_id)


CHECKS: dict[str, Callable[[Raw], None]] = {
    name.removeprefix("check_"): check for name, check in list(globals().items()) if name.startswith("check_")
}


@pytest.mark.parametrize("kind", sorted(PLASTA_KINDS))
def test_each_fault_by_name(raw: Raw, kind: str) -> None:
    CHECKS[kind](raw)


@pytest.mark.parametrize(
    ("kind", "fields", "effects"),
    [
        ("cut_before_effect", {}, 0),
        ("cut_after_effect", {}, 1),
        ("stall", {"seconds": 0.01}, 0),
        ("stall_after_effect", {"seconds": 0.01}, 1),
    ],
)
def test_a_cut_connection_before_and_after_the_effect(
    service: PlastaService, kind: str, fields: dict[str, float], effects: int
) -> None:
    service.faults.switch_on(Fault(kind, **fields))  # type: ignore[arg-type]
    received, was_reset = all_bytes(service, envelope("addStesSchlagwort", ADD), "addStesSchlagwort")
    assert (received, was_reset) == (b"", True)
    assert len(service.ledger.effects()) == effects
    assert service.ledger.calls() == {"addStesSchlagwort": 1}


@pytest.mark.parametrize(
    ("kind", "fields", "effects", "status"),
    [
        ("http_status", {"status": 502}, 0, 502),
        ("http_status", {"status": 502, "after_effect": True}, 1, 502),
        ("html_page_200", {}, 0, 200),
        ("html_page_200", {"after_effect": True}, 1, 200),
        ("empty_body", {"after_effect": True}, 1, 200),
        ("retry_after", {"status": 429, "seconds": 7}, 0, 429),
        ("slow", {"seconds": 0.01}, 1, 200),
        ("late_effect", {"seconds": 0.01}, 1, 200),
        ("drip", {"seconds": 0.0}, 1, 200),
    ],
)
def test_answers_of_proxies_and_slow_servers(
    raw: Raw, kind: str, fields: dict[str, Any], effects: int, status: int
) -> None:
    answer = hit(raw, "addStesSchlagwort", ADD, kind, **fields)
    assert (answer.status, len(raw.service.ledger.effects())) == (status, effects)
    if kind == "retry_after":
        assert answer.headers["Retry-After"] == "7"
    if kind == "html_page_200":
        assert answer.raw.startswith(b"<!DOCTYPE html>")
        assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("length", ["full", "none", "cut"])
def test_an_answer_cut_short(service: PlastaService, length: str) -> None:
    whole, _ = all_bytes(service, envelope("getRavAdressen", ""), "getRavAdressen")
    service.faults.switch_on(Fault("truncated_body", options={"length": length}))
    received, _ = all_bytes(service, envelope("getRavAdressen", ""), "getRavAdressen")
    head, body = received.split(b"\r\n\r\n", 1)
    right = whole.split(b"\r\n\r\n", 1)[1]
    assert body == right[: len(right) // 2]
    announced = {"full": len(right), "cut": len(body)}.get(length)
    assert (f"Content-Length: {announced}".encode() in head) is (announced is not None)


@pytest.mark.parametrize(
    ("fields", "inside"),
    [
        ({"code": "SOAP-ENV:Server"}, b"<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode>"),
        ({"code": "Client", "options": {"error": "SCHEMA_FEHLER"}}, b"<t:error>SCHEMA_FEHLER</t:error>"),
        ({"code": ""}, b"<soapenv:Fault></soapenv:Fault>"),
        ({"code": "Server", "options": {"detail": "no"}}, b"</faultstring></soapenv:Fault>"),
        ({"code": "env:Receiver", "options": {"version": "1.2"}}, b"<env:Value>env:Receiver</env:Value>"),
    ],
)
def test_soap_faults_as_other_stacks_write_them(raw: Raw, fields: dict[str, Any], inside: bytes) -> None:
    answer = hit(raw, "getStes", person("80000001"), "soap_fault", **fields)
    assert answer.status == 500
    assert inside in answer.raw
    assert etree.fromstring(answer.raw).tag.endswith("Envelope")


def test_a_fault_can_be_aimed_at_one_person(raw: Raw) -> None:
    raw.service.faults.switch_on(Fault("keyword_dropped", keys=("80000002",)))
    raw.call("addStesSchlagwort", ADD)
    raw.call("addStesSchlagwort", keyword("80000002", "KW000101", 1))
    assert [effect.business_key for effect in raw.service.ledger.effects()] == ["80000001/KW000101"]


def test_one_in_ten_answers_lost_is_the_same_every_time(raw: Raw) -> None:
    lost = Fault("cut_after_effect", operations="add*", probability=0.1, seed=7)
    draws = [lost.drawn("addStesSchlagwort", number) for number in range(1, 1001)]
    assert draws == [lost.drawn("addStesSchlagwort", number) for number in range(1, 1001)]
    assert 70 <= sum(draws) <= 130


def test_the_control_paths_show_faults_ledger_and_state(raw: Raw) -> None:
    raw.call("addStesSchlagwort", ADD)
    ledger = json.loads(raw.get("/_sandbox/ledger").raw)
    assert ledger["effects"][0]["businessKey"] == "80000001/KW000101"
    assert ledger["calls"] == {"addStesSchlagwort": 1}
    faults = json.loads(raw.get("/_sandbox/faults").raw)
    assert faults["faults"] == []
    assert set(PLASTA_KINDS) <= set(faults["kinds"])
    shown = json.loads(raw.get("/_sandbox/state?personenNr=80000001").raw)
    assert shown["registrations"][0]["keywords"] == ["KW000101"]
    assert json.loads(raw.get("/_sandbox/state").raw)["persons"] == 7
