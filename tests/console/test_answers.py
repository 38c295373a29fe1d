"""What a tandem reads after a check (C1-C3): three blocks, in both languages, with the exit code that fits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from console import answers
from console.exit_codes import ExitCode
from domain.facets import Language
from pipelines.registration_check import Answer
from tests.builders import CASE_ID
from tests.console.conftest import Command
from tests.console.fakes import FakeHouse
from tests.console.making import request

READ = "2026-11-22T08:14:00+00:00"

FRENCH_OK = """
Dossier CII-2026-000001

Trouvé
  - Dossier PLASTA ok et mot-clé indiqué. Lu dans PLASTA à 09 h 14.
  - Office : ORP Sion.

Fait
  - Il n'y avait rien à changer.

Reste à faire
  - Rien à faire.
"""

GERMAN_NOT_REGISTERED = """
Fall CII-2026-000001

Gefunden
  - Diese Person ist in AVAM nicht angemeldet.

Getan
  - In AVAM wurde nichts geschrieben.

Noch zu tun
  - Lassen Sie die Person beim RAV anmelden. Das Schlagwort folgt von selbst.
"""

CODES = {
    Answer.OK: ExitCode.DONE,
    Answer.KEYWORD_SET: ExitCode.DONE,
    Answer.NO_KEYWORD_WANTED: ExitCode.DONE,
    Answer.NOT_REACHABLE: ExitCode.NOT_REACHABLE,
    Answer.UNKNOWN_CASE: ExitCode.USAGE,
}


def test_all_is_well_in_french(cli: Command, house: FakeHouse) -> None:
    house.jobs.checks[CASE_ID] = request(answer="ok", office="VSO10", read_at=READ), False

    result = cli("check", CASE_ID, "--lang", "fr")

    assert result.stdout == FRENCH_OK
    assert result.exit_code == ExitCode.DONE


def test_not_registered_in_german(cli: Command, house: FakeHouse) -> None:
    answer = request(answer="not_registered", read_at=READ, work_items="register_person")
    house.jobs.checks[CASE_ID] = answer, False

    result = cli("check", CASE_ID, "--lang", "de")

    assert result.stdout == GERMAN_NOT_REGISTERED
    assert result.exit_code == ExitCode.WAITS


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("answer", Answer)
def test_every_answer_has_its_three_blocks_and_its_code(answer: Answer, language: Language) -> None:
    given = {"answer": answer.value, "read_at": READ, "path": "rows[0].code", "system": "plasta"}

    told = answers.told(given, language)

    assert all(told.found)
    assert all(told.done)
    assert all(told.to_do)
    assert answers.exit_code(given) == CODES.get(answer, ExitCode.WAITS)


def test_the_command_ends_with_the_code_of_the_answer(cli: Command, house: FakeHouse) -> None:
    for answer in Answer:
        house.jobs.checks[CASE_ID] = request(answer=answer, read_at=READ, path="x", system="cii"), False

        assert cli("check", CASE_ID).exit_code == CODES.get(answer, ExitCode.WAITS)


def test_no_answer_in_time_is_said_so(cli: Command, house: FakeHouse) -> None:
    house.jobs.checks[CASE_ID] = request(), False

    result = cli("check", CASE_ID, "--patience", "0")

    assert "Votre contrôle est enregistré et part dès que possible." in result.stdout
    assert result.exit_code == ExitCode.WAITS
    assert house.jobs.asked == [(CASE_ID, "cli:somebody", timedelta(0))]


@pytest.mark.parametrize(
    ("family", "system", "code", "sentence"),
    [
        ("unavailable", "cii", ExitCode.NOT_REACHABLE, "Le logiciel CII ne répond pas."),
        ("unavailable", "plasta", ExitCode.NOT_REACHABLE, "PLASTA ne répond pas."),
        ("credentials", "plasta", ExitCode.NOT_REACHABLE, "PLASTA refuse nos demandes"),
    ],
)
def test_why_nobody_answered(
    cli: Command, house: FakeHouse, family: str, system: str, code: ExitCode, sentence: str
) -> None:
    house.jobs.checks[CASE_ID] = request(answer="not_reachable", family=family, system=system), False

    result = cli("check", CASE_ID)

    assert sentence in result.stdout
    assert result.exit_code == code


def test_a_deregistration_ahead_is_no_reinsertion() -> None:
    ahead = {"answer": "ok", "read_at": READ, "deregistered_on": "2026-11-30"}
    past = {"answer": "inactive", "read_at": READ, "deregistered_on": "2026-11-22"}

    assert "Annulation annoncée pour le 30.11.2026." in answers.told(ahead, Language.FR).found[1]
    assert answers.told(past, Language.DE).found[1] == "In AVAM abgemeldet per 22.11.2026."


def test_open_tasks_are_told_once() -> None:
    given = {"answer": "not_registered", "read_at": READ, "work_items": "register_person,resolve_conflict,invented"}

    assert len(answers.told(given, Language.FR).to_do) == 2


def test_a_task_takes_the_place_of_nothing_to_do() -> None:
    given = {"answer": "ok", "read_at": READ, "work_items": "resolve_conflict"}

    assert answers.told(given, Language.FR).to_do == (
        "Comparez les deux valeurs, puis corrigez celle qui est fausse. Rien n'a été écrasé.",
    )


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, "Contrôlé à l'instant."), (1, "il y a une minute"), (7, "il y a 7 minutes")]
)
def test_pressed_twice_shows_the_first_answer(cli: Command, house: FakeHouse, minutes: int, told: str) -> None:
    house.jobs.checks[CASE_ID] = request(answer="ok", read_at=READ), True
    house.clock.wait(minutes * 60 + 20)

    assert told in cli("check", CASE_ID).stdout


def test_as_json(read: Callable[..., Any], house: FakeHouse) -> None:
    house.jobs.checks[CASE_ID] = request(answer="keyword_set", office="VSP10", read_at=READ), False

    document = read("check", CASE_ID, "--lang", "de")

    (case,) = document["cases"]
    assert (case["case"], case["answer"], case["exit_code"]) == (CASE_ID, "keyword_set", 0)
    assert case["asked_at"] == "2026-11-22T21:00:00Z"
    assert case["found"][1] == "Amtsstelle: RAV Oberwallis."
