"""Code lists, offices, advisers, registration requests, de-registrations, the feed, and the GED."""

from datetime import date, timedelta

import pytest

from sandbox.plasta import PlastaState
from tests.sandbox.plasta.raw import Raw, context, person, search, typed, value


def application(**changes: str | None) -> str:
    """A registration request for somebody whom PLASTA does not know."""
    fields = {
        "svNr": "7560000000019",
        "name": "Dupont-Ançay",
        "vorname": "Théo",
        "geburtsdatum": "1985-03-04-00.00.00.0",
        "geschlecht": "M",
        "sprache": "2",
        "strasse": None,
        "plz": "1950",
        "ort": "Sion",
        "ravCode": "VSO10",
        **changes,
    }
    return f"<antrag>{''.join(typed(name, content) for name, content in fields.items())}</antrag>"


def feed(since: int, limit: int = 300) -> str:
    """What the feed is asked."""
    return value("seitSequenz", str(since)) + value("maxAnzahl", str(limit))


def test_code_lists_speak_three_languages(raw: Raw) -> None:
    answer = raw.call("getCode", value("codeDomain", "ABMELDEGRUND"))
    assert answer.texts("code") == ["101", "102", "103"]
    assert answer.text("textFr") == "Emploi trouvé par soi-même"
    assert answer.text("textDe") == "Stelle selbst gefunden"
    assert raw.call("getCode", value("codeDomain", "GIBT_ES_NICHT")).keys == ["CODE_UNBEKANNT"]


def test_offices_and_advisers(raw: Raw) -> None:
    assert {"VSL10", "VSM10", "VSN10", "VSO10", "VSP10"} <= set(raw.call("getRavAdressen").texts("ravCode"))
    assert raw.call("getRavSachbearbeiter", value("ravCode", "VSP10")).texts("name") == ["Zenhäusern", "Imhof"]
    assert len(raw.call("getRavSachbearbeiter", value("ravCode", None)).texts("benutzer")) == 10


@pytest.mark.parametrize(
    ("about", "key"), [(context("XX999"), "FALSCHER_KONTEXT"), (context(language="9"), "CODE_UNBEKANNT")]
)
def test_a_wrong_context_is_refused(raw: Raw, about: str, key: str) -> None:
    answer = raw.call("getRavAdressen", about=about)
    assert (answer.code, answer.keys) == ("NK_AVAM: ERROR", [key])


def test_an_unknown_person_waits_for_the_office(raw: Raw) -> None:
    asked = raw.call("anmeldeStes", application())
    assert (asked.code, asked.text("prozessStatus"), asked.keys) == ("NK_AVAM: OK", "PENDENT", ["ZAS_ABGLEICH_NOETIG"])
    assert raw.call("searchStes", search(svNr="7560000000019")).text("total") == "0"
    number = raw.service.people.decide_request(asked.text("prozessId") or "", accepted=True)
    assert raw.call("searchStes", search(svNr="7560000000019")).texts("personenNr") == [number]


def test_a_refused_request_registers_nobody(raw: Raw) -> None:
    asked = raw.call("anmeldeStes", application())
    assert raw.service.people.decide_request(asked.text("prozessId") or "", accepted=False) is None
    assert raw.call("searchStes", search(svNr="7560000000019")).text("total") == "0"


def test_asking_twice_is_two_effects_of_one_person_under_one_key(raw: Raw) -> None:
    processes = [raw.call("anmeldeStes", application()).text("prozessId") for _ in range(2)]
    assert len(set(processes)) == 2
    (effects,) = raw.service.ledger.effects_by_key().values()
    assert len(effects) == 2
    assert "Dupont" not in str(raw.service.ledger.as_json())


def test_a_known_person_is_active_at_once_or_already(raw: Raw) -> None:
    already = raw.call("anmeldeStes", application(svNr="7569217076985"))
    assert (already.code, already.keys, already.text("werteArrayItem")) == (
        "NK_AVAM: ERROR",
        ["SVNR_DOPPELT"],
        "80000001",
    )
    raw.service.people.deregister("80000001", date(2026, 9, 30), "101", job_found=True)
    at_once = raw.call("anmeldeStes", application(svNr="7569217076985"))
    assert (at_once.text("prozessStatus"), at_once.text("personenNr")) == ("AKTIV", "80000001")
    assert raw.call("getStes", person("80000001")).texts("anmeldeart") == ["1", "2"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"svNr": "7560000000011"}, "SVNR_UNGUELTIG"),
        ({"ravCode": "XX999"}, "CODE_UNBEKANNT"),
        ({"geburtsdatum": "1985-02-30"}, "CODE_UNBEKANNT"),
    ],
)
def test_a_request_with_wrong_values_is_refused(raw: Raw, changes: dict[str, str], key: str) -> None:
    assert raw.call("anmeldeStes", application(**changes)).keys == [key]
    assert raw.service.ledger.effects() == ()


def test_a_de_registration_with_a_job_in_the_future_then_withdrawn(raw: Raw, state: PlastaState) -> None:
    assert raw.call("getAbmeldung", person("80000001")).texts("abmeldung") == [None]
    soon = state.today() + timedelta(days=60)
    raw.service.people.deregister("80000001", soon, "102", job_found=True, start_of_work=soon + timedelta(days=1))
    answer = raw.call("getAbmeldung", person("80000001", "AD000001"))
    assert answer.text("wirksamAm") == "2027-01-21-00.00.00.0"
    assert answer.text("stellenantritt") == "2027-01-22-00.00.00.0"
    assert (answer.text("stelleGefunden"), answer.text("grundDomain")) == ("true", "ABMELDEGRUND")
    raw.service.people.withdraw_deregistration("80000001")
    assert raw.call("getAbmeldung", person("80000001")).texts("abmeldung") == [None]


def test_a_change_of_office_is_a_new_registration_of_the_same_person(raw: Raw) -> None:
    raw.service.people.change_office("80000004", "VSN10")
    answer = raw.call("getStes", person("80000004"))
    assert answer.texts("anmeldeart") == ["1", "3", "4"]
    assert answer.texts("status") == ["2", "2", "1"]
    assert answer.texts("grundCode") == ["201", "202"]
    assert answer.texts("schlagwortId") == ["KW000101", "KW000101"]


def test_a_de_registration_of_nobody_and_of_a_strange_registration(raw: Raw) -> None:
    assert raw.call("getAbmeldung", person("80000006")).keys == ["FALSCHER_KONTEXT"]
    assert raw.call("getAbmeldung", person("80000001", "AD000050")).keys == ["FALSCHER_KONTEXT"]
    assert raw.call("getAbmeldung", person("80000004")).text("stesIdAvam") == "AD000041"


def test_the_feed_tells_that_something_changed_and_pages(raw: Raw) -> None:
    empty = raw.call("getAenderungen", feed(0))
    assert (empty.texts("sequenz"), empty.text("letzteSequenz"), empty.text("weitere")) == ([], "0", "false")
    raw.service.people.add_keyword_by_hand("80000001", "KW000110")
    raw.service.people.merge_persons("80000002", "80000003")
    raw.service.people.register_person(
        "Roh", "Max", date(1999, 1, 1), "VSP10", postal_code="3900", locality="Brig", personal_number="80000099"
    )
    first = raw.call("getAenderungen", feed(0, 3))
    assert first.texts("sequenz") == ["1", "2", "3"]
    assert first.texts("art") == ["MUTIERT", "GELOESCHT", "MUTIERT"]
    assert first.texts("personenNr") == ["80000001", "80000002", "80000003"]
    assert (first.text("weitere"), first.text("letzteSequenz")) == ("true", "4")
    rest = raw.call("getAenderungen", feed(3, 3))
    assert (rest.texts("art"), rest.texts("personenNr"), rest.text("weitere")) == (["AKTIVIERT"], ["80000099"], "false")
    assert raw.call("getAenderungen", feed(99)).texts("sequenz") == []


@pytest.mark.parametrize("limit", [0, 301])
def test_a_page_of_the_feed_has_one_to_300_changes(raw: Raw, limit: int) -> None:
    assert raw.call("getAenderungen", feed(0, limit), valid=False).fault == ("soapenv:Client", "SCHEMA_FEHLER")


def test_the_ged_answers_an_address_without_a_number_and_documents_by_key(raw: Raw) -> None:
    address = raw.call("getDossierUrl", value("personenNr", "80000001")).text("url") or ""
    assert address.startswith(raw.service.url)
    assert "80000001" not in address
    assert raw.get(address.removeprefix(raw.service.url)).status == 200

    def documents(kind: str | None, case: str | None) -> list[str | None]:
        keys = value("geschaeftsArt", kind) + value("geschaeftsFallNr", case)
        return raw.call("getDokumentMetadaten", value("personenNr", "80000001") + keys).texts("titel")

    assert documents(None, None) == documents("STES", "F-1") == ["Rapport d'évaluation"]
    assert documents("STES", "F-2") == []
