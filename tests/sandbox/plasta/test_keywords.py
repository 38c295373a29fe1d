"""Keywords: set once, the optimistic lock, the silent drop, and what the ledger keeps."""

import pytest

from tests.sandbox.plasta.raw import Raw, context, keyword, numbers, person


def test_a_keyword_is_set_and_written_down_once(raw: Raw) -> None:
    added = raw.call("addStesSchlagwort", keyword("80000001", "KW000101", 1))
    assert (added.code, added.text("stesIdAvam"), added.text("ojbVersion")) == ("NK_AVAM: OK", "AD000001", "2")
    assert raw.call("getStesSchlagworte", person("80000001")).texts("schlagwortId") == ["KW000101"]
    again = raw.call("addStesSchlagwort", keyword("80000001", "KW000101", 2))
    assert (again.code, again.keys, again.texts("typ")) == ("NK_AVAM: OK", ["SCHLAGWORT_BEREITS_ZUGEWIESEN"], ["INFO"])
    assert again.text("ojbVersion") == "2"
    (effect,) = raw.service.ledger.effects()
    assert (effect.operation, effect.business_key) == ("addStesSchlagwort", "80000001/KW000101")
    assert (effect.caller, effect.correlation_id) == ("cii", "korr-1")
    assert effect.detail == {"stesIdAvam": "AD000001", "ojbVersion": "2"}


def test_a_stale_version_saves_nothing(raw: Raw) -> None:
    raw.service.people.add_keyword_by_hand("80000001", "KW000110")
    for version in (1, 3):
        refused = raw.call("addStesSchlagwort", keyword("80000001", "KW000101", version))
        assert (refused.code, refused.keys) == ("NK_AVAM: ERROR", ["VERSION_KONFLIKT"])
    assert raw.call("removeStesSchlagwort", keyword("80000001", "KW000110", 1)).keys == ["VERSION_KONFLIKT"]
    assert raw.call("getStesSchlagworte", person("80000001")).texts("schlagwortId") == ["KW000110"]
    assert raw.service.ledger.effects() == ()


def test_a_keyword_of_another_region_is_dropped_under_ok(raw: Raw) -> None:
    dropped = raw.call("addStesSchlagwort", keyword("80000001", "KW220101", 1))
    assert (dropped.code, dropped.keys, dropped.text("ojbVersion")) == ("NK_AVAM: OK", [], "1")
    assert raw.call("getStesListe", numbers("80000001")).texts("schlagwortId") == []
    assert raw.service.ledger.effects() == ()


def test_a_keyword_is_removed_and_one_that_is_not_set_changes_nothing(raw: Raw) -> None:
    assert raw.call("removeStesSchlagwort", keyword("80000004", "KW000101", 4)).text("ojbVersion") == "5"
    absent = raw.call("removeStesSchlagwort", keyword("80000004", "KW000101", 5))
    assert (absent.keys, absent.text("ojbVersion")) == (["SCHLAGWORT_NICHT_ZUGEWIESEN"], "5")
    assert [effect.operation for effect in raw.service.ledger.effects()] == ["removeStesSchlagwort"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (keyword("80999999", "KW000101", 1), "STES_NICHT_GEFUNDEN"),
        (keyword("80000007", "KW000101", 1), "KEINE_BERECHTIGUNG"),
        (keyword("80000005", "KW000101", 1), "STES_MEHRDEUTIG"),
        (keyword("80000006", "KW000101", 1), "STES_INAKTIV"),
        (keyword("80000004", "KW000101", 1, "AD000040"), "STES_INAKTIV"),
        (keyword("80000004", "KW000101", 4, "AD000050"), "FALSCHER_KONTEXT"),
        (keyword("80000001", "KW999999", 1), "SCHLAGWORT_NICHT_GEFUNDEN"),
        (keyword("80000001", "KW000199", 1), "SCHLAGWORT_NICHT_GEFUNDEN"),
    ],
)
def test_what_cannot_be_set_is_refused_by_its_code(raw: Raw, content: str, key: str) -> None:
    answer = raw.call("addStesSchlagwort", content)
    assert (answer.code, answer.keys, answer.texts("typ")) == ("NK_AVAM: ERROR", [key], ["DANGER"])
    assert raw.service.ledger.effects() == ()


def test_a_merged_number_is_not_written_to(raw: Raw) -> None:
    raw.service.people.merge_persons("80000001", "80000002")
    refused = raw.call("addStesSchlagwort", keyword("80000001", "KW000101", 1))
    assert (refused.code, refused.keys) == ("NK_AVAM: ERROR", ["PERSON_ZUSAMMENGEFUEHRT"])


def test_the_catalogue_is_of_the_callers_region(raw: Raw) -> None:
    ours = raw.call("getSchlagwortKatalog")
    assert "KW000101" in ours.texts("schlagwortId")
    assert "KW220101" not in ours.texts("schlagwortId")
    assert "CII LIAS-LEMC" in ours.texts("bezeichnungFr")
    assert ours.texts("gueltig").count("false") == 1
    assert raw.call("getSchlagwortKatalog", about=context("VDA10")).texts("schlagwortId") == ["KW220101"]
