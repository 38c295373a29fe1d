"""Where personal data or a password would show: in what a process logged, and in the raw files of its state folder."""

import re
from collections.abc import Iterable
from pathlib import Path

from sandbox.population.generate import Population
from tests.faults.stage import ACCESS

SHORTEST_IN_CIPHER = 7
"""Letters: a shorter name turns up in random bytes now and then."""

SECRETS = (ACCESS.cii_token, ACCESS.plasta_username, ACCESS.plasta_password)


def numbers(population: Population) -> frozenset[str]:
    """AVS numbers and personal numbers of everybody, as both systems tell them."""
    known = [(one.avs_number, one.personal_number) for one in population.job_seekers]
    told = [(case.beneficiary.avs_number, case.beneficiary.personal_number) for case in population.cii_cases]
    return frozenset(number for pair in (*known, *told) for number in pair if number)


def names(population: Population) -> frozenset[str]:
    """Family and first names of the beneficiaries, and the addresses of who follows them."""
    people = [case.beneficiary for case in population.cii_cases]
    told = {name for person in people for name in (person.family_name, person.first_name)}
    return frozenset(told | {member.email for case in population.cii_cases for member in case.team})


def in_logs(population: Population, files: Iterable[Path]) -> list[str]:
    """What was logged and should not have been, by file and kind of canary."""
    words = [*sorted(names(population)), *sorted(numbers(population)), *SECRETS]
    pattern = re.compile(r"(?<![\w.-])(" + "|".join(map(re.escape, words)) + r")(?![\w.-])")
    return [
        f"{file.name}: a canary was logged at character {found.start()}"
        for file in files
        for found in pattern.finditer(file.read_text("utf-8", errors="replace"))
    ]


def in_files(population: Population, folder: Path) -> list[str]:
    """What stands in clear in a file of the state folder, by file."""
    long_names = [name for name in names(population) if len(name) >= SHORTEST_IN_CIPHER]
    words = [word.encode() for word in (*long_names, *numbers(population), *SECRETS)]
    pattern = re.compile(b"|".join(map(re.escape, words)))
    return [
        f"{file.name}: a canary stands in clear at byte {found.start()}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for found in pattern.finditer(file.read_bytes())
    ]
