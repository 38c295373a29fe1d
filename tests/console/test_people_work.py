"""Tasks, conflicts and the timeline: no personal value without --reveal, in both languages."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from domain.compare import Finding, Treatment
from domain.decision import Agreed, CaseFacts, FacetFinding
from domain.facets import Facet
from domain.work_items import Role, WorkItemKind
from tests.builders import CASE_ID, NOW, case, person, view
from tests.console.conftest import Command
from tests.console.fakes import Entry, FakeHouse, Stored, Unreadable
from tests.console.making import conflict, task

NAMES = ("bonvin", "favre", "1988", "17.04")


def known(house: FakeHouse) -> None:
    """The case is known, with the person in PLASTA under another name."""
    other = person(family_name="FAVRE")
    house.cases.known[CASE_ID] = CaseFacts(case(), view(other), {Facet.STATUS: Agreed({"exit": "other"}, 1)})


def test_a_conflict_without_its_values(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    known(house)
    house.records.found = [conflict()]

    shown = cli("conflicts", "--lang", "fr").stdout

    assert shown.startswith("Un désaccord.\nRien n'a été écrasé : une personne décide.\n")
    assert "Quel nom est juste ?" in shown
    assert "--reveal" in shown
    assert not [name for name in NAMES if name in shown.lower()]
    (document,) = read("conflicts")["conflicts"]
    assert set(document) == {"case", "facet", "finding", "since"}


def test_a_conflict_revealed_spells_names_as_the_systems_do(
    cli: Command, read: Callable[..., Any], house: FakeHouse
) -> None:
    known(house)
    house.records.found = [conflict()]

    shown = cli("conflicts", "--reveal", "--lang", "de").stdout

    assert "Personendaten sichtbar" in shown
    assert "Name          Bonvin        FAVRE" in shown
    assert "Geburtsdatum  17.04.1988    17.04.1988" in shown
    document = read("conflicts", "--reveal")
    assert document["revealed"] is True
    assert document["conflicts"][0]["plasta"]["family_name"] == "FAVRE"


def test_a_conflict_shows_the_last_agreement_in_words(cli: Command, house: FakeHouse) -> None:
    known(house)
    found = FacetFinding(
        Facet.STATUS, Finding.BOTH_MOVED, Treatment.CONFLICT, {"exit": "employment"}, {"status": "registered"}
    )
    house.records.found = [Stored(CASE_ID, NOW, found)]

    shown = cli("conflicts", "--reveal", "--case", CASE_ID).stdout

    assert "Clos ici pour reprise d'emploi, ouvert dans PLASTA." in shown
    assert "reprise d'emploi  –         autres (maladie, déménagement)" in shown


def test_no_conflict_is_a_sentence(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.records.found = [Stored(CASE_ID, NOW, FacetFinding(Facet.STATUS, Finding.AGREE, Treatment.SETTLE))]

    assert cli("conflicts").stdout == "Aucun désaccord.\n"
    assert read("conflicts") == {"shape": "conflicts/1", "total": 0, "revealed": False, "conflicts": []}


def test_a_conflict_of_a_case_whose_facts_are_gone(cli: Command, house: FakeHouse) -> None:
    house.records.found = [conflict()]

    assert "bonvin" in cli("conflicts", "--reveal").stdout


def test_tasks_are_grouped_by_what_is_to_be_done(cli: Command, house: FakeHouse) -> None:
    house.work.rows = [
        task("W1", WorkItemKind.REGISTER_PERSON),
        task("W2", WorkItemKind.CONFIRM_IDENTITY, values={"candidate.1": "10000009"}),
        task("W3", WorkItemKind.REGISTER_PERSON),
    ]

    shown = cli("work", "--lang", "fr").stdout

    assert shown.startswith("3 tâches ouvertes.\n")
    assert "Inscrire la personne (2)" in shown
    assert shown.count("Faites inscrire la personne à l'ORP") == 1
    assert "27.11.2026  tandem CII  CII-2026-000001  W3" in shown
    assert "10000009" not in shown
    assert "a mark" not in shown


def test_values_of_a_task_only_when_revealed(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    values = {"candidate.1": "10000009", "cii.family_name": "bonvin"}
    house.work.rows = [task("W2", WorkItemKind.CONFIRM_IDENTITY, values=values)]

    shown = cli("work", "--reveal", "--lang", "fr").stdout

    assert "personne possible 1: 10000009" in shown
    assert "logiciel CII, nom: bonvin" in shown
    assert read("work", "--reveal")["items"][0]["values"] == values
    hidden = read("work")["items"][0]
    assert "values" not in hidden
    assert hidden["about"] is None


def test_tasks_of_one_role_and_of_operations(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    halted = task("W2", WorkItemKind.TARGET_HALTED, Role.OPS, case_id=None, about="plasta refuses the login")
    house.work.rows = [task("W1", WorkItemKind.REGISTER_PERSON), halted]

    assert "plasta refuses the login" in cli("work", "--role", "ops").stdout
    (document,) = read("work", "--role", "ops")["items"]
    assert (document["case"], document["about"]) == (None, "plasta refuses the login")


def test_a_long_list_says_that_it_is_not_whole(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.work.rows = [task(f"W{number}", WorkItemKind.REGISTER_PERSON) for number in range(5)]
    house.records.found = [conflict(Facet.STATUS), conflict(Facet.IDENTITY)]

    assert "Voici les 3 premiers" in cli("work", "--limit", "3", "--lang", "fr").stdout
    assert "Hier die ersten 1;" in cli("conflicts", "--limit", "1", "--lang", "de").stdout
    assert (read("work", "--limit", "3")["total"], len(read("work", "--limit", "3")["items"])) == (5, 3)


def test_what_cannot_be_read_is_listed(cli: Command, read: Callable[..., Any], house: FakeHouse) -> None:
    house.records.unreadable = [Unreadable("cii", CASE_ID, "beneficiary.avsNumber", "wrong check digit", NOW)]

    shown = cli("work", "--lang", "de").stdout

    assert shown.startswith("Keine offene Aufgabe.\n")
    assert "beneficiary.avsNumber" in shown
    assert read("work")["quarantine"][0]["path"] == "beneficiary.avsNumber"
    assert read("work", "--case", "CII-2020-000001")["quarantine"] == []


def test_a_task_is_ticked_off_once(cli: Command, house: FakeHouse) -> None:
    house.work.rows = [task("W1", WorkItemKind.REGISTER_PERSON)]

    assert cli("done", "W1", "--reason", "registered today").exit_code == 0
    assert cli("done", "W1", "--reason", "registered today").exit_code == 5
    assert house.work.ended == [("W1", "registered today", "cli:somebody")]


ENTRIES = [
    Entry(NOW, "case", "first_seen"),
    Entry(NOW + timedelta(minutes=1), "intent", "wanted", "I1", "set_keyword"),
    Entry(NOW + timedelta(minutes=2), "attempt", "unknown", "I1", "set_keyword"),
    Entry(NOW + timedelta(minutes=3), "work_item", "opened", "W1", "settle_unknown"),
    Entry(NOW + timedelta(minutes=4), "view", "read", "R1", "bound"),
    Entry(NOW + timedelta(minutes=5), "something", "new", "X1", "later"),
]

FRENCH_TIMELINE = """
Dossier CII-2026-000001
Sion
coaching ORP-CMS : en cours
PLASTA : personne reconnue, le 22.11.2026 à 22 h 00
quand             quoi
──────────────────────────────────────────────────────────────────────────────────────────
22.11.2026 22:05  something new later
22.11.2026 22:04  Lu dans PLASTA : personne reconnue.
22.11.2026 22:03  Tâche ouverte : Réponse perdue.
22.11.2026 22:02  Essai sans réponse, nous vérifions : ajouter le mot-clé dans PLASTA.
22.11.2026 22:01  Effet décidé : ajouter le mot-clé dans PLASTA.
22.11.2026 22:00  Dossier vu pour la première fois dans le logiciel CII.
"""


def test_a_case_newest_first(cli: Command, house: FakeHouse) -> None:
    known(house)
    house.records.entries = ENTRIES

    result = cli("case", CASE_ID, "--lang", "fr")

    lines = [line.rstrip().rstrip("─") for line in result.stdout.splitlines()]
    assert lines == [line.rstrip("─") for line in FRENCH_TIMELINE.splitlines()]
    assert result.exit_code == 0


def test_a_case_as_json(read: Callable[..., Any], house: FakeHouse) -> None:
    known(house)
    house.records.entries = ENTRIES

    document = read("case", CASE_ID)

    assert document["entries"][0]["about"] == "later"
    assert document["procedures"] == [{"kind": "coaching", "state": "running", "open": True}]
    assert document["read_at"] == "2026-11-22T21:00:00Z"


def test_a_case_that_we_do_not_follow(cli: Command, read: Callable[..., Any]) -> None:
    result = cli("case", "CII-2020-000009", "--lang", "de")

    assert (result.exit_code, result.stdout) == (2, "Wir begleiten keinen Fall mit dieser Nummer.\n")
    assert read("case", "CII-2020-000009")["known"] is False


def test_a_case_to_which_nothing_happened(cli: Command, house: FakeHouse) -> None:
    house.cases.known[CASE_ID] = CaseFacts(case())

    assert "Rien ne s'est passé jusqu'ici." in cli("case", CASE_ID, "--lang", "fr").stdout


@pytest.mark.parametrize("command", ["work", "conflicts", "case", "check"])
def test_clerks_choose_their_language(cli: Command, command: str) -> None:
    assert cli(command, "--lang", "it").exit_code == 2


def test_due_days_are_swiss(cli: Command, house: FakeHouse) -> None:
    house.work.rows = [task("W1", WorkItemKind.PROCURATION_NEEDED, Role.CASE_MANAGER, due_on=date(2026, 12, 1))]

    assert "01.12.2026  Case Management" in cli("work", "--lang", "de").stdout
