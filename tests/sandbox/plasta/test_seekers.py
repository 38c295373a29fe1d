"""searchStes, getStes and getStesListe: the rules, the cap, merged and protected persons."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sandbox.plasta import Credentials, PlastaService, PlastaState
from tests.sandbox.plasta.conftest import ENDED, START, job_seeker
from tests.sandbox.plasta.raw import Raw, T, numbers, person, search


def test_an_avs_number_finds_its_person(raw: Raw) -> None:
    answer = raw.call("searchStes", search(svNr="7569217076985"))
    assert (answer.code, answer.text("total"), answer.text("abgeschnitten")) == ("NK_AVAM: OK", "1", "false")
    assert answer.texts("personenNr") == ["80000001"]
    assert answer.text("geburtsdatum") == "1979-05-17-00.00.00.0"
    assert answer.text("geaendertAm") == "2026-11-22-08.30.00.0"


def test_a_search_has_one_row_per_registration_and_one_for_a_person_without(raw: Raw) -> None:
    assert raw.call("searchStes", search(personenNr="80000004")).texts("stesIdAvam") == ["AD000040", "AD000041"]
    assert raw.call("searchStes", search(personenNr="80000006")).texts("stesIdAvam") == [None]


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({"name": "bonv", "vorname": "zo"}, ["80000001", "80000006"]),
        ({"name": "BONVIN", "vorname": "zoe"}, ["80000001"]),
        ({"name": "d\u2019andres"}, ["80000002"]),
        ({"name": "Zenha", "geburtsdatum": "31.01.1990"}, ["80000003"]),
        ({"name": "Zenha", "geburtsdatum": "1990-02-01-00.00.00.0"}, []),
        ({"geburtsdatum": "1990-01-31-00.00.00.0"}, ["80000003"]),
        ({"schlagwortId": "KW000101"}, ["80000004"]),
        ({"ravCode": "VSM10", "status": "1"}, ["80000005"]),
        ({"stesIdAvam": "AD000040"}, ["80000004"]),
    ],
)
def test_names_are_beginnings_without_case_and_accents(raw: Raw, criteria: dict[str, str], found: list[str]) -> None:
    answer = raw.call("searchStes", search(**criteria))
    assert answer.texts("personenNr") == found
    assert answer.keys == ([] if found else ["STES_NICHT_GEFUNDEN"])


@pytest.mark.parametrize(
    "criteria",
    [
        {},
        {"status": "1"},
        {"svNr": "7569217076985", "name": "Bonvin"},
        {"svNr": "7569217076985", "personenNr": "80000001"},
        {"personenNr": "80000001", "ravCode": "VSO10"},
        {"stesIdAvam": "AD000001", "status": "1"},
        {"vorname": "Zoé"},
        {"name": "B"},
        {"name": "Bonvin", "vorname": "Z"},
        {"name": "Bonvin", "geburtsdatum": "im Mai"},
    ],
)
def test_criteria_that_do_not_go_together_are_refused(raw: Raw, criteria: dict[str, str]) -> None:
    answer = raw.call("searchStes", search(**criteria))
    assert (answer.code, answer.keys, answer.texts("typ")) == ("NK_AVAM: ERROR", ["SUCHE_UNZULAESSIG"], ["DANGER"])


@pytest.mark.parametrize("avs_number", ["7569217076986", "7579217076985", "756921707698", "756921707698X"])
def test_a_number_that_cannot_be_an_avs_number_is_refused(raw: Raw, avs_number: str) -> None:
    assert raw.call("searchStes", search(svNr=avs_number)).keys == ["SVNR_UNGUELTIG"]


def test_a_protected_person_is_left_out_and_this_is_said(raw: Raw) -> None:
    answer = raw.call("searchStes", search(name="Geheim"))
    assert (answer.text("total"), answer.keys) == ("0", ["STES_NICHT_GEFUNDEN", "KEINE_BERECHTIGUNG"])
    assert raw.call("getStes", person("80000007")).keys == ["KEINE_BERECHTIGUNG"]
    assert raw.call("getStesListe", numbers("80000007")).texts("befund") == ["KEINE_BERECHTIGUNG"]


def test_two_persons_with_one_avs_number_are_both_shown_with_a_warning(raw: Raw) -> None:
    raw.service.people.change_identity("80000003", avs_number="7569217076985")
    answer = raw.call("searchStes", search(svNr="7569217076985"))
    assert answer.texts("personenNr") == ["80000001", "80000003"]
    assert answer.keys == ["SVNR_DOPPELT"]


def test_a_search_is_cut_at_300_and_says_so() -> None:
    crowd = [job_seeker(f"{81_000_000 + place}", "Fournier", f"Léa{place}") for place in range(305)]
    state = PlastaState(crowd, clock=lambda: START)
    with PlastaService(state, credentials=Credentials("cii", "geheim")) as service:
        answer = Raw(service).call("searchStes", search(name="Fournier"))
    assert (answer.text("total"), answer.text("abgeschnitten")) == ("305", "true")
    assert len(answer.texts("personenNr")) == 300
    assert (answer.code, answer.keys) == ("NK_AVAM: OK", ["ZU_VIELE_TREFFER"])


def test_the_list_answers_every_number_in_order(raw: Raw) -> None:
    answer = raw.call("getStesListe", numbers("80000004", "80999999", "80000001", "80000004"))
    assert answer.texts("angefragtePersonenNr") == ["80000004", "80999999", "80000001", "80000004"]
    assert answer.texts("befund") == ["GEFUNDEN", "NICHT_GEFUNDEN", "GEFUNDEN", "GEFUNDEN"]
    first = next(answer.body.iter(f"{{{T}}}stes"))
    assert [item.text for item in first.iter(f"{{{T}}}stesIdAvam")] == ["AD000040", "AD000041"]
    assert [item.text for item in first.iter(f"{{{T}}}schlagwortId")] == ["KW000101"]
    assert [item.text for item in first.iter(f"{{{T}}}grundCode")] == ["201"]


def test_a_list_takes_one_to_300_numbers(raw: Raw) -> None:
    many = [f"{81_000_000 + place}" for place in range(301)]
    assert len(raw.call("getStesListe", numbers(*many[:300])).texts("befund")) == 300
    for asked in (many, []):
        refused = raw.call("getStesListe", numbers(*asked), valid=False)
        assert (refused.status, refused.fault) == (500, ("soapenv:Client", "SCHEMA_FEHLER"))


def test_a_merged_number_answers_the_surviving_person(raw: Raw) -> None:
    raw.service.people.merge_persons("80000002", "80000004")
    listed = raw.call("getStesListe", numbers("80000002"))
    assert listed.texts("befund") == ["ZUSAMMENGEFUEHRT"]
    assert listed.text("zusammengefuehrtIn") == listed.text("personenNr") == "80000004"
    assert raw.call("getStes", person("80000002")).keys == ["PERSON_ZUSAMMENGEFUEHRT"]
    found = raw.call("searchStes", search(personenNr="80000002"))
    assert (set(found.texts("personenNr")), found.keys) == ({"80000004"}, ["PERSON_ZUSAMMENGEFUEHRT"])
    assert raw.call("searchStes", search(svNr="7561234567897")).texts("personenNr") == ["80000004"] * 3


def test_one_person_with_all_registrations_or_with_one(raw: Raw) -> None:
    assert raw.call("getStes", person("80000004")).texts("stesIdAvam") == ["AD000040", "AD000041"]
    assert raw.call("getStes", person("80000004", "AD000040")).texts("stesIdAvam") == ["AD000040"]
    assert raw.call("getStes", person("80000004", "AD000050")).keys == ["FALSCHER_KONTEXT"]
    assert raw.call("getStes", person("80999999")).keys == ["STES_NICHT_GEFUNDEN"]


def test_a_kept_row_follows_every_change(raw: Raw) -> None:
    before = raw.call("getStesListe", numbers("80000001"))
    raw.service.people.change_identity("80000001", family_name="Bonvin-Müller")
    after = raw.call("getStesListe", numbers("80000001"))
    assert (before.text("name"), after.text("name")) == ("Bonvin", "Bonvin-Müller")
    assert after.text("ojbVersion") == "2"


def test_a_registration_ends_on_its_day_and_the_feed_says_so(raw: Raw, state: PlastaState) -> None:
    tomorrow = state.today() + timedelta(days=1)
    raw.service.people.deregister("80000001", tomorrow, "101", job_found=True)
    assert raw.call("getStes", person("80000001")).text("status") == "1"
    state.clock.forward(days=1)  # type: ignore[attr-defined]  # the test's own clock
    assert raw.call("getStes", person("80000001")).text("status") == "2"
    assert [change.kind for change in state.people.changes_since(0, 9)[0]] == ["ABGEMELDET", "INAKTIVIERT"]


def test_a_past_de_registration_ends_a_registration_at_loading() -> None:
    ended = job_seeker("80000009", "Roh", "Max")
    with_end = replace(ended.registrations[0], deregistration=replace(ENDED, effective_on=START.date()))
    state = PlastaState([replace(ended, registrations=(with_end,))], clock=lambda: START)
    assert state.person("80000009").registrations[0].status == "2"
    assert state.people.changes_since(0, 9)[0] == []
