"""An AVS number never stands on a command line, is never shown, and is checked before anything is asked."""

import pytest

from console.identifiers import holds_avs_number
from domain.people import CaseId
from tests.builders import AVS, CASE_ID, NUMBER
from tests.console.conftest import Command
from tests.console.fakes import FakeDoors, FakeHouse
from tests.console.making import request

DOTTED = "756.9217.0769.85"


@pytest.mark.parametrize(
    "words",
    [
        ["check", AVS],
        ["check", DOTTED],
        ["check", "756 9217 0769 85"],
        ["check", "756", "9217", "0769", "85"],
        ["check", "756-9217-0769-85"],
        ["check", f"--personal-number={AVS}"],
        ["check", "--personal-number", DOTTED],
        ["pause", "plasta", "--reason", f"person {DOTTED} is wrong"],
        ["case", f"CII-{AVS}"],
        [AVS],
    ],
)
def test_one_on_the_command_line_is_refused_and_not_repeated(cli: Command, doors: FakeDoors, words: list[str]) -> None:
    result = cli(*words)

    assert result.exit_code == 2
    assert "must not stand on a command line" in result.stderr
    assert "756" not in result.output
    assert doors.done == []


@pytest.mark.parametrize(
    "words", [["check", "CII-2026-000756"], ["check", "--personal-number", "75692170"], ["17569217076985"], []]
)
def test_other_numbers_pass(words: list[str]) -> None:
    assert not holds_avs_number(words)


@pytest.mark.parametrize("typed", [AVS, DOTTED, "756 9217 0769 85"])
def test_it_is_read_from_standard_input(cli: Command, house: FakeHouse, typed: str) -> None:
    house.cases.numbers[AVS] = [CASE_ID]
    house.jobs.checks[CASE_ID] = request(answer="no_keyword_wanted"), False

    result = cli("check", "--avs", typed=f"{typed}\n")

    assert result.exit_code == 0
    assert "756" not in result.output


def test_a_wrong_check_digit_is_told_before_anything_is_asked(cli: Command, doors: FakeDoors) -> None:
    result = cli("check", "--avs", typed="7569217076986\n")

    assert result.exit_code == 2
    assert "ends with its check digit" in result.stderr
    assert "756921" not in result.output
    assert ("opened",) not in doors.done


def test_a_person_by_personal_number_with_two_cases(cli: Command, house: FakeHouse) -> None:
    other = CaseId("CII-2025-000002")
    house.cases.numbers[NUMBER] = [CASE_ID, other]
    house.jobs.checks = {CASE_ID: (request(answer="no_keyword_wanted"), False), other: (request(), False)}

    result = cli("check", "--personal-number", NUMBER, "--lang", "de")

    assert result.stdout.startswith("Diese Person hat mehrere Fälle. Hier jeder davon.\n")
    assert result.exit_code == 6  # the worse of the two


def test_a_person_whom_we_do_not_follow(cli: Command) -> None:
    result = cli("check", "--personal-number", NUMBER)

    assert result.stdout == "Aucun dossier que nous suivons ne porte ce numéro.\n"
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", CASE_ID, "--avs"],
        ["check", CASE_ID, "--personal-number", NUMBER],
        ["check", "2026-1"],
        ["check", "--personal-number", "1234567"],
        ["notice", "2026-1"],
        ["case", "2026-1"],
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(cli: Command, doors: FakeDoors, words: list[str]) -> None:
    assert cli(*words).exit_code == 2
    assert ("opened",) not in doors.done
