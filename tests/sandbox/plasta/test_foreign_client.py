"""A client of another make (suds) reads the served WSDL and works with the stand-in."""

from collections.abc import Callable
from typing import Any

import pytest
import suds
from suds.client import Client

from sandbox.faults import Fault
from sandbox.plasta import PlastaService

Ask = Callable[..., Any]


@pytest.fixture
def client(service: PlastaService) -> Client:
    return Client(f"{service.endpoint}?wsdl", cache=None, timeout=5)


@pytest.fixture
def ask(client: Client) -> Ask:
    """Make a call with login and context, by the client's own factory."""
    login = client.factory.create("ns0:Credentials")
    login.username, login.password = "cii", "geheim"
    context = client.factory.create("ns0:Kontext")
    context.amtsstelle, context.benutzer, context.sprache, context.korrelationsId = "VSO10", "test", "2", "suds-1"

    def call(operation: str, *arguments: object) -> Any:  # noqa: ANN401 (suds makes its classes up)
        return getattr(client.service, operation)(login, context, *arguments)

    return call


def test_the_served_contract_names_its_own_address(client: Client, service: PlastaService) -> None:
    assert client.wsdl.services[0].ports[0].location == service.endpoint


def test_search(client: Client, ask: Ask) -> None:
    criteria = client.factory.create("ns0:StesSuche")
    criteria.name, criteria.vorname = "D'And", "Lo\u00efc"
    answer = ask("searchStes", criteria)
    (row,) = answer.stesZeileArray.stesZeileArrayItem
    assert (answer.returnCode, answer.total, answer.abgeschnitten) == ("NK_AVAM: OK", 1, False)
    assert (row.personenNr, row.name, row.vorname) == ("80000002", "D'Andrès", "Loïc")


def test_list(client: Client, ask: Ask) -> None:
    asked = client.factory.create("ns0:PersonenNrArray")
    asked.personenNrArrayItem = ["80000004", "80999999"]
    there, missing = ask("getStesListe", asked).stesListeZeileArray.stesListeZeileArrayItem
    registrations = there.stes.anmeldungArray.anmeldungArrayItem
    assert [item.stesIdAvam for item in registrations] == ["AD000040", "AD000041"]
    assert registrations[0].abmeldung.grundDomain == "ABMELDEGRUNDOHNESTELLE"
    assert registrations[1].abmeldung is None
    assert (missing.befund, missing.stes) == ("NICHT_GEFUNDEN", None)


def test_a_keyword_is_set_once(ask: Ask, service: PlastaService) -> None:
    assert ask("addStesSchlagwort", "80000001", None, "KW000101", 1).ojbVersion == 2
    again = ask("addStesSchlagwort", "80000001", None, "KW000101", 2)
    assert again.meldungArray.meldungArrayItem[0].key == "SCHLAGWORT_BEREITS_ZUGEWIESEN"
    assert ask("getStesSchlagworte", "80000001", None).schlagwortArray.schlagwortArrayItem[0].schlagwortId == "KW000101"
    assert len(service.ledger.effects()) == 1


def test_a_fault_with_its_detail(ask: Ask, service: PlastaService) -> None:
    service.faults.switch_on(Fault("auth_failure"))
    with pytest.raises(suds.WebFault) as caught:
        ask("getRavAdressen")
    assert caught.value.fault.faultcode == "soapenv:Client"
    assert caught.value.fault.detail.serviceFault.error == "AUTH_FEHLER"
