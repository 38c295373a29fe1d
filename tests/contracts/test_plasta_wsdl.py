"""PLASTA's contract: AVAM's wire style, documented throughout, readable by two makes of client."""

from importlib.resources import files
from pathlib import Path

import pytest
import zeep
from lxml import etree
from suds.client import Client

WSDL = Path(str(files("contracts").joinpath("plasta", "plasta-v1.wsdl")))
XSD = "{http://www.w3.org/2001/XMLSchema}"
W = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
OPERATIONS = {
    "getCode",
    "getRavAdressen",
    "getRavSachbearbeiter",
    "searchStes",
    "getStesListe",
    "getStes",
    "anmeldeStes",
    "getSchlagwortKatalog",
    "getStesSchlagworte",
    "addStesSchlagwort",
    "removeStesSchlagwort",
    "getAbmeldung",
    "getAenderungen",
    "getDossierUrl",
    "getDokumentMetadaten",
}
LENGTHS = {"Code10": "10", "Datum30": "30", "Name255": "255", "Text1000": "1000"}


@pytest.fixture(scope="module")
def wsdl() -> etree._Element:
    return etree.fromstring(WSDL.read_bytes())


@pytest.fixture(scope="module")
def types(wsdl: etree._Element) -> etree._Element:
    return next(
        item for item in wsdl.iter(f"{XSD}schema") if item.get("targetNamespace") == "urn:vs-cii:plasta:types:v1"
    )


@pytest.fixture(scope="module")
def service(wsdl: etree._Element) -> etree._Element:
    return next(item for item in wsdl.iter(f"{XSD}schema") if item.get("targetNamespace") == "urn:vs-cii:plasta:v1")


def test_it_says_that_it_is_a_stand_in(wsdl: etree._Element) -> None:
    said = " ".join((wsdl.findtext(f"{W}documentation") or "").split())
    assert said.startswith("STAND-IN. This is not an interface of SECO.")


def test_it_is_one_file_that_fetches_nothing(wsdl: etree._Element) -> None:
    assert list(wsdl.iter(f"{W}import")) == []
    assert all(item.get("schemaLocation") is None for item in wsdl.iter(f"{XSD}import", f"{XSD}include"))


def test_the_action_is_the_operations_name(wsdl: etree._Element) -> None:
    bound = {
        item.getparent().get("name"): item.get("soapAction")  # type: ignore[union-attr]
        for item in wsdl.iter(f"{SOAP}operation")
    }
    assert bound == {name: name for name in OPERATIONS}
    assert {item.get("use") for item in wsdl.iter(f"{SOAP}body", f"{SOAP}fault")} == {"literal"}


def test_requests_are_unqualified_and_begin_with_login_and_context(service: etree._Element) -> None:
    assert service.get("elementFormDefault") == "unqualified"
    for name in OPERATIONS:
        request = service.find(f"{XSD}element[@name='{name}']")
        assert request is not None
        children = list(request.iter(f"{XSD}element"))[1:]
        assert [item.get("name") for item in children[:2]] == ["credentials", "kontext"]
        assert all(item.get("form") is None for item in children)


def test_answers_hold_one_qualified_return_with_code_and_messages(
    service: etree._Element, types: etree._Element
) -> None:
    for name in OPERATIONS:
        answer = service.find(f"{XSD}element[@name='{name}Response']")
        assert answer is not None
        (returned,) = list(answer.iter(f"{XSD}element"))[1:]
        assert (returned.get("name"), returned.get("form")) == (f"{name}Return", "qualified")
        result = types.find(f"{XSD}complexType[@name='{str(returned.get('type')).removeprefix('t:')}']")
        assert result is not None
        assert [item.get("name") for item in result.iter(f"{XSD}element")][:2] == ["returnCode", "meldungArray"]


def test_arrays_hold_items_named_after_them(types: etree._Element) -> None:
    arrays = [item for item in types.iter(f"{XSD}complexType") if str(item.get("name")).endswith("Array")]
    assert len(arrays) >= 10
    for array in arrays:
        name = str(array.get("name"))
        (item,) = array.iter(f"{XSD}element")
        assert item.get("name") == f"{name[0].lower()}{name[1:]}Item"
        assert item.get("maxOccurs") in {"unbounded", "300"}


def test_codes_dates_and_names_have_their_lengths(types: etree._Element) -> None:
    for name, length in LENGTHS.items():
        limit = types.find(f"{XSD}simpleType[@name='{name}']//{XSD}maxLength")
        assert limit is not None
        assert limit.get("value") == length


def test_everything_that_can_be_saved_has_its_version(types: etree._Element) -> None:
    for name in ("Person", "Anmeldung", "Abmeldung"):
        assert types.find(f"{XSD}complexType[@name='{name}']//{XSD}element[@name='ojbVersion']") is not None


def test_every_operation_type_and_element_is_explained(wsdl: etree._Element, types: etree._Element) -> None:
    explained = f"{XSD}annotation/{XSD}documentation"
    silent = [
        item.get("name")
        for item in types.iter(f"{XSD}element", f"{XSD}complexType", f"{XSD}simpleType")
        if not (item.findtext(explained) or "").strip()
    ]
    ports = wsdl.find(f"{W}portType")
    assert ports is not None
    silent += [item.get("name") for item in ports if not (item.findtext(f"{W}documentation") or "").strip()]
    assert silent == []


def test_zeep_reads_it_strictly() -> None:
    settings = zeep.Settings(strict=True, forbid_dtd=True, forbid_external=True)
    client = zeep.Client(str(WSDL), settings=settings)  # type: ignore[no-untyped-call]
    (binding,) = client.wsdl.bindings.values()
    assert set(binding.all()) == OPERATIONS  # type: ignore[no-untyped-call]


def test_suds_reads_it() -> None:
    client = Client(WSDL.as_uri(), cache=None)
    assert {str(name) for name in client.wsdl.services[0].ports[0].methods} == OPERATIONS
