"""Identifiers: forms and the AVS check digit; no error repeats a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidRecordError
from mappings import identifiers


def with_check_digit(twelve: str) -> str:
    """EAN-13, computed here a second time: weights 1 and 3 from the left, to the next ten."""
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


@given(st.from_regex(r"756[0-9]{9}", fullmatch=True))
def test_every_avs_number_with_its_check_digit_is_right(twelve: str) -> None:
    number = with_check_digit(twelve)
    assert identifiers.avs_number(number, "svNr") == number


@given(st.from_regex(r"756[0-9]{9}", fullmatch=True), st.integers(1, 9))
def test_every_other_check_digit_is_wrong_and_told_without_the_number(twelve: str, off: int) -> None:
    right = with_check_digit(twelve)
    wrong = twelve + str((int(right[-1]) + off) % 10)
    with pytest.raises(InvalidRecordError) as caught:
        identifiers.avs_number(wrong, "beneficiary.avsNumber")
    assert caught.value.path == "beneficiary.avsNumber"
    assert twelve not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "756.9217.0769.85",
        "7569217076985 ",
        "756921707698",
        "7579217076984",
        "７５６９２１７０７６９８５",
        "75692170769a5",
    ],
)
def test_an_avs_number_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecordError):
        identifiers.avs_number(text, "svNr")


@pytest.mark.parametrize("text", ["756.9217.0769.85", " 756 9217 0769 85", "7569217076985"])
def test_a_person_may_type_dots_and_blanks(text: str) -> None:
    assert identifiers.typed_avs_number(text, "avs") == "7569217076985"


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (identifiers.personal_number, "80000001", ["8000000", "800000011", "8000000a", "80000001\n", "８0000001"]),
        (identifiers.registration_id, "AD000001", ["ad000001", "1D000001", "AD00001", "AD0000011", "AD000001\n"]),
        (identifiers.case_id, "CII-2026-000123", ["CII-26-000123", "cii-2026-000123", "CII-2026-000123/..", ""]),
    ],
)
def test_the_other_identifiers_have_one_form(read: object, good: str, bad: list[str]) -> None:
    assert callable(read)
    assert read(good, "id") == good
    for text in bad:
        with pytest.raises(InvalidRecordError):
            read(text, "id")
