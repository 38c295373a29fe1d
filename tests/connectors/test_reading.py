"""Readers of foreign bytes: whatever comes, they answer or raise a failure of ours (F38, F39, F49, F50)."""

import json
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from connectors.failures import Call, ForeignError, SoapFaultError, StatusError, UnreadableError, WireError
from connectors.http_answers import Answer
from connectors.soap_contract import SoapContract, fingerprint
from connectors.soap_envelope import read_body, read_xml
from connectors.strict_json import read_object
from connectors.translation import family_of
from domain.errors import SyncError
from mappings.plasta.codes import FAMILIES

XML = {"content-type": "text/xml;charset=UTF-8"}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSDL = files("contracts").joinpath("plasta", "plasta-v1.wsdl").read_bytes()
GOOD = (f'<s:Envelope xmlns:s="{SOAP}" xmlns:x="urn:x"><s:Body><x:answer>ä</x:answer></s:Body></s:Envelope>').encode()


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf{}")
@example(b'{"a":' + b"[" * 5000)
@example(b'{"a":1e999}')
@example(b'{"a":-0}')
def test_any_bytes_are_an_object_or_a_failure_of_ours(body: bytes) -> None:
    result: object
    try:
        result = read_object(body)
    except WireError as failure:
        result = family_of(failure, Call("peer", "ask", write=False))
    assert isinstance(result, dict | SyncError)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_f39_what_is_good_json_is_read_as_it_is(value: dict[str, object]) -> None:
    assert read_object(json.dumps(value).encode()) == value


@given(st.dictionaries(st.text(max_size=5), JSON, min_size=1, max_size=5), st.data())
def test_f38_no_cut_object_is_ever_taken_for_a_whole_one(value: dict[str, object], data: st.DataObject) -> None:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    keep = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises((UnreadableError, ForeignError)):
        read_object(body[:keep])


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null"])
def test_only_an_object_is_an_answer(body: bytes) -> None:
    with pytest.raises(ForeignError):
        read_object(body)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_envelope_or_a_failure_of_ours(body: bytes) -> None:
    with pytest.raises(WireError):
        read_body(Answer(200, XML, body), FAMILIES)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 7))
def test_f49_a_flipped_bit_never_raises_anything_else(place: int, bit: int) -> None:
    flipped = bytearray(GOOD)
    flipped[place] ^= 1 << bit
    result: object
    try:
        result = read_body(Answer(200, XML, bytes(flipped)), FAMILIES)
    except WireError as failure:
        result = failure.code
    assert result is not None
    assert result != ""


@given(st.integers(0, len(GOOD) - 1))
def test_f38_no_cut_envelope_is_ever_taken_for_a_whole_one(keep: int) -> None:
    with pytest.raises(UnreadableError):
        read_body(Answer(200, XML, GOOD[:keep]), FAMILIES)


def test_a_good_envelope_gives_its_one_body() -> None:
    assert read_body(Answer(200, XML, GOOD), FAMILIES).text == "ä"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<a/>", "NO_ENVELOPE"),
        (GOOD.replace(SOAP.encode(), b"urn:other"), "NO_ENVELOPE"),
        (GOOD.replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope"), "NO_ENVELOPE"),
        (GOOD.replace(b"</s:Body>", b"</s:Body><s:Body/>"), "NO_ENVELOPE"),
        (GOOD.replace(b"</x:answer>", b"</x:answer><x:more/>"), "NO_ENVELOPE"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?>" + GOOD, "ENCODING"),
        (b"<!DOCTYPE a>" + GOOD, "DTD"),
        (b'<!DOCTYPE a SYSTEM "http://evil.example/a.dtd">' + GOOD, "DTD"),
    ],
)
def test_f49_f50_what_is_not_a_plain_envelope_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(ForeignError) as caught:
        read_body(Answer(200, XML, body), FAMILIES)
    assert caught.value.code == code


def test_f50_a_document_type_in_another_encoding_is_found_too() -> None:
    with pytest.raises(WireError):
        read_xml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode("utf-16"))


def test_f50_depth_is_bounded() -> None:
    with pytest.raises(UnreadableError):
        read_xml(b"<a>" * 5000 + b"</a>" * 5000)


@pytest.mark.parametrize("kind", ["multipart/related; boundary=x", "text/html", "application/octet-stream", ""])
def test_f49_another_content_type_is_no_answer(kind: str) -> None:
    with pytest.raises(UnreadableError):
        read_body(Answer(200, {"content-type": kind} if kind else {}, GOOD), FAMILIES)


def test_f47_500_without_a_fault_is_a_status() -> None:
    with pytest.raises(StatusError):
        read_body(Answer(500, XML, GOOD), FAMILIES)
    with pytest.raises(StatusError):
        read_body(Answer(500, {"content-type": "text/html"}, b"<html/>"), FAMILIES)
    with pytest.raises(StatusError):
        read_body(Answer(404, XML, GOOD), FAMILIES)


def test_f47_an_unknown_code_of_a_fault_is_shown_only_when_it_is_plain() -> None:
    fault = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>s:Server</faultcode>'
        "<detail><x:serviceFault xmlns:x='urn:x'><x:error>%s</x:error></x:serviceFault></detail>"
        "</s:Fault></s:Body></s:Envelope>"
    )
    with pytest.raises(SoapFaultError) as plain:
        read_body(Answer(500, XML, (fault % "NEUER_FEHLER").encode()), FAMILIES)
    with pytest.raises(SoapFaultError) as odd:
        read_body(Answer(500, XML, (fault % "Zoé Bonvin").encode()), FAMILIES)
    assert (plain.value.code, odd.value.code) == ("NEUER_FEHLER", "FAULT")


def test_f51_a_wsdl_that_means_the_same_is_the_same() -> None:
    prose = WSDL.replace(b"STAND-IN", b"STAND-IN, told in other words")
    moved = WSDL.replace(b"http://127.0.0.1:8081/plasta", b"https://plasta.example/soap")
    spaced = WSDL.replace(b">\n", b">\n\n  ")
    assert {fingerprint(one) for one in (WSDL, prose, moved, spaced)} == {fingerprint(WSDL)}
    assert prose != WSDL
    assert moved != WSDL


def test_f51_a_wsdl_that_means_something_else_is_another() -> None:
    assert fingerprint(WSDL.replace(b'maxLength value="255"', b'maxLength value="254"')) != fingerprint(WSDL)
    with pytest.raises(ValueError, match="document type"):
        fingerprint(b"<!DOCTYPE a><a/>")
    with pytest.raises(ValueError, match="XML"):
        fingerprint(b"<html><br></html>")


def test_the_contract_tells_where_a_message_breaks_it_without_its_values() -> None:
    contract = SoapContract(WSDL)
    request = etree.fromstring(b'<p:getCode xmlns:p="urn:vs-cii:plasta:v1"><codeDomain>Geheim</codeDomain></p:getCode>')
    assert contract.is_valid(request) is False
    assert contract.fault_path(request) == "getCode.codeDomain"
