"""Only what follows the contract gets through: envelopes, schema, actions, logins, and XML attacks."""

import pytest

from sandbox.plasta import Credentials, PlastaService, PlastaState
from sandbox.plasta.contract import plasta_contract
from sandbox.plasta.fault_kinds import ENTITY_BOMB, EXTERNAL_ENTITY
from tests.sandbox.plasta.raw import LOGIN, Answer, Raw, envelope, value

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
GOOD = envelope("getRavAdressen", "")
WRONG_LOGIN = LOGIN.replace("geheim", "falsch")


def refused(answer: Answer) -> tuple[str | None, str | None]:
    """The fault's code and error; its detail follows the schema."""
    assert answer.status == 500
    detail = answer.body.find("detail")
    assert detail is not None
    plasta_contract().validate(detail[0])
    return answer.fault


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><p>no</html>",
        b"<a/>",
        GOOD[:-20],
        ENTITY_BOMB,
        EXTERNAL_ENTITY,
        b"<!DOCTYPE x []>" + GOOD,
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []>' + GOOD.decode()).encode("utf-16"),
        GOOD.replace(b"getRavAdressen", b"getRavAdressenResponse"),
        GOOD.replace(b"urn:vs-cii:plasta:v1", b"urn:vs-cii:plasta:v2"),
        GOOD.replace(b"<kontext>", b"<kontext><fremd/>"),
        GOOD.replace(LOGIN.encode(), b"").replace(b"</kontext>", b"</kontext>" + LOGIN.encode()),
        envelope("getCode", value("codeDomain", "A" * 256)),
        envelope("getCode", value("codeDomain", None)),
        envelope("getCode", ""),
        envelope("getCode", "<codeDomain>A&#1;B</codeDomain>"),
        envelope("getCode", "<codeDomain>A\x02B</codeDomain>"),
    ],
)
def test_what_does_not_follow_the_contract_is_a_client_fault(raw: Raw, body: bytes) -> None:
    action = "getCode" if b"getCode" in body else "getRavAdressen"
    assert refused(raw.post(body, action)) == ("soapenv:Client", "SCHEMA_FEHLER")
    assert raw.service.ledger.calls() == {"refused": 1}


def test_the_action_and_the_content_type_are_checked(raw: Raw) -> None:
    assert refused(raw.post(GOOD, "getCode")) == ("soapenv:Client", "SCHEMA_FEHLER")
    assert refused(raw.post(GOOD, "getRavAdressen", "application/soap+xml"))[1] == "SCHEMA_FEHLER"
    assert raw.post(GOOD, "getRavAdressen", "text/xml").status == 200


def test_soap_12_is_a_version_mismatch(raw: Raw) -> None:
    body = GOOD.replace(b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope")
    assert refused(raw.post(body, "getRavAdressen"))[0] == "soapenv:VersionMismatch"


def test_a_header_that_must_be_understood_and_is_not(raw: Raw) -> None:
    header = '<e:Header><x:fremd xmlns:x="urn:x" e:mustUnderstand="1"/></e:Header>'
    assert (
        refused(raw.post(envelope("getRavAdressen", "", header=header), "getRavAdressen"))[0]
        == "soapenv:MustUnderstand"
    )
    polite = header.replace('"1"', '"0"')
    assert raw.post(envelope("getRavAdressen", "", header=polite), "getRavAdressen").status == 200


def test_three_wrong_logins_lock_the_account_until_it_is_unlocked(raw: Raw) -> None:
    wrong = envelope("getRavAdressen", "", login=WRONG_LOGIN)
    for _ in range(3):
        assert refused(raw.post(wrong, "getRavAdressen")) == ("soapenv:Client", "AUTH_FEHLER")
    locked = raw.post(GOOD, "getRavAdressen")
    assert refused(locked) == ("soapenv:Client", "AUTH_FEHLER")
    assert locked.text("errorDetail") == "account locked"
    assert raw.get("/_sandbox/state").raw.count(b'"accountLocked": true') == 1
    raw.service.acts["unlock_account"]({})
    assert raw.post(GOOD, "getRavAdressen").status == 200


def test_a_right_login_forgives_the_wrong_ones_before_it(raw: Raw) -> None:
    wrong = envelope("getRavAdressen", "", login=WRONG_LOGIN)
    bodies = (wrong, wrong, GOOD, wrong, wrong, GOOD)
    assert [raw.post(body, "getRavAdressen").status for body in bodies] == [500, 500, 200, 500, 500, 200]


def test_a_missing_login_is_a_wrong_one(raw: Raw) -> None:
    assert refused(raw.post(envelope("getRavAdressen", "", login=""), "getRavAdressen"))[1] == "AUTH_FEHLER"


def security(password: str) -> str:
    """A WS-Security header with a UsernameToken."""
    token = f"<w:UsernameToken><w:Username>cii</w:Username><w:Password>{password}</w:Password></w:UsernameToken>"
    return f'<e:Header><w:Security xmlns:w="{WSSE}" e:mustUnderstand="1">{token}</w:Security></e:Header>'


def test_ws_security_takes_the_place_of_the_body_login(state: PlastaState) -> None:
    with PlastaService(state, credentials=Credentials("cii", "geheim", "wsse")) as service:
        raw = Raw(service)
        good = envelope("getRavAdressen", "", login="", header=security("geheim"))
        assert raw.post(good, "getRavAdressen").status == 200
        wrong = envelope("getRavAdressen", "", login="", header=security("falsch"))
        assert refused(raw.post(wrong, "getRavAdressen"))[1] == "AUTH_FEHLER"
        assert refused(raw.post(GOOD, "getRavAdressen"))[1] == "AUTH_FEHLER"


def test_security_headers_are_not_understood_where_the_body_carries_the_login(raw: Raw) -> None:
    body = envelope("getRavAdressen", "", header=security("geheim"))
    assert refused(raw.post(body, "getRavAdressen"))[0] == "soapenv:MustUnderstand"


def test_other_paths_and_methods(raw: Raw) -> None:
    assert raw.get("/nowhere").status == 404
    assert raw.get("/plasta").status == 405
    assert raw.get("/_sandbox/nowhere").status == 404
