"""AVS numbers by a library of other people, the list of communes, and the command that prints the shares."""

import json
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st
from stdnum.ch import ssn

from sandbox.plasta.code_lists import OFFICES as PLASTA_OFFICES
from sandbox.population.avs import avs_number, is_valid, with_wrong_check_digit
from sandbox.population.places import OFFICES, REGION_WEIGHTS, communes
from sandbox.population.teams import coaching_team, managed_team


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_our_check_digit_is_the_librarys(place: int) -> None:
    number = avs_number(place)

    assert ssn.is_valid(number)
    assert is_valid(number)
    assert not ssn.is_valid(with_wrong_check_digit(number))
    assert not is_valid(with_wrong_check_digit(number))


@given(st.integers(min_value=0, max_value=10**9 - 1), st.integers(min_value=0, max_value=10**9 - 1))
def test_two_places_have_two_numbers(one: int, other: int) -> None:
    assert (avs_number(one) == avs_number(other)) == (one == other)


def test_the_list_of_communes_is_of_valais_and_covers_every_region() -> None:
    listed = communes()

    assert len(listed) >= 60
    assert len({commune.bfs_number for commune in listed}) == len(listed)
    assert all(6002 <= commune.bfs_number <= 6300 for commune in listed)
    assert all(
        1868 <= int(commune.postal_code) <= 1998 or 3900 <= int(commune.postal_code) <= 3999 for commune in listed
    )
    assert {commune.region for commune in listed} == set(OFFICES) == set(REGION_WEIGHTS)


def test_each_regions_office_is_one_of_plasta() -> None:
    assert set(OFFICES.values()) <= {office.code for office in PLASTA_OFFICES}


def test_teams_are_the_same_each_time_and_write_to_nobody_real() -> None:
    for region in OFFICES:
        team = managed_team(region, 4)

        assert team == managed_team(region, 4)
        assert team[:3] == coaching_team(region, 4)
        assert [member.role for member in team] == ["orp_respondent", "cms_respondent", "coordinator", "case_manager"]
        assert all(member.email.isascii() and member.email.endswith(".example") for member in team)


def test_the_command_prints_a_table_and_json() -> None:
    command = [sys.executable, "-m", "sandbox.population", "--seed", "4", "--cases", "210", "--today", "2026-11-22"]

    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    told = json.loads(subprocess.run([*command, "--json"], capture_output=True, text=True, check=True).stdout)

    assert "keyword_missing" in table
    assert told["totals"]["seen"] == 210 == len(told["cases"])
