"""The second net: AVS numbers, addresses, logins and secrets never pass; one record is one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.redaction import MAX_INPUT, MAX_TEXT, one_line, redact, safe_text
from tests.config.samples import avs_number

avs_numbers = st.integers(min_value=0, max_value=999_999_999).map(avs_number)
separators = st.sampled_from(["", ".", " ", "-", "\u00a0", "\u2011", "_", "%2E", "%20", ". ", "\n", "\u200b", " - "])


def digits_of(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


@given(st.text(max_size=40), avs_numbers, st.lists(separators, min_size=12, max_size=12), st.text(max_size=40))
def test_no_avs_number_passes_in_any_spelling_or_company(
    before: str, number: str, between: list[str], after: str
) -> None:
    spelled = "".join(digit + gap for digit, gap in zip(number, [*between, ""], strict=True))
    clean = safe_text(before + spelled + after)
    assert spelled not in clean
    assert number not in digits_of(clean.replace("%20", "").replace("%2E", ""))


@given(st.lists(avs_numbers, min_size=1, max_size=4), st.sampled_from(["", ",", " ", "x"]))
def test_several_avs_numbers_in_a_row_all_go(numbers: list[str], joint: str) -> None:
    clean = redact(joint.join(numbers))
    assert not [number for number in numbers if number in clean]


@pytest.mark.parametrize(
    "number",
    [
        "756.1234.5678.97",
        "7561234567897",
        "756 1234 5678 97",
        "756-1234-5678-97",
        "AVS756.1234.5678.97x",
        "97561234567897",
    ],
)
def test_the_usual_spellings_are_hidden_with_or_without_a_right_check_digit(number: str) -> None:
    assert "1234" not in redact(f"person {number} not found")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("CII-2026-000123", "CII-2026-000123"),
        ("AD000001", "AD000001"),
        ("seen 500, changed 17, 2026-11-22T02:00:00+00:00", "seen 500, changed 17, 2026-11-22T02:00:00+00:00"),
        ("orp-sion, secretariat: 3", "orp-sion, secretariat: 3"),
        ("the password was refused", "the password was refused"),
        ("1756123456789", "1756123456789"),
    ],
)
def test_what_is_ours_stays_readable(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "password=Zimt7",
        "Passwort: Zimt7",
        "mot de passe : Zimt7",
        '{"password": "Zimt7", "x": 1}',
        "{'client_secret': 'Zimt7'}",
        "<password>Zimt7</password>",
        '<wsse:Password Type="x#PasswordText">Zimt7</wsse:Password>',
        "<cred:password xsi:type='string'>Zimt7",
        "Authorization: Bearer Zimt7",
        "sent bearer Zimt7.Zimt7",
        "X-Api-Key: Zimt7",
        "PWD=Zimt7",
        "token => Zimt7",
        "postgresql://cii:Zimt7@db/cii",
        "amqps://Zimt7@mq/",
        "-----BEGIN PRIVATE KEY-----\nZimt7\n",
        "Set-Cookie: session=Zimt7; Path=/",
        "anna.Zimt7@vs.example",
        "mailto:Zimt7%40vs.example",
        "<Zimt7@[127.0.0.1]>",
    ],
)
def test_secrets_logins_and_addresses_are_hidden(text: str) -> None:
    assert "Zimt7" not in redact(f"before {text}")
    assert redact(f"before {text}").startswith("before ")


@given(st.text())
def test_s7_one_text_is_one_printable_line(text: str) -> None:
    clean = one_line(text)
    assert clean.isprintable()
    assert one_line(clean) == clean


def test_s7_line_ends_and_terminal_codes_are_written_out() -> None:
    assert one_line("a\r\nb\x1b[31mc\u202ed\ud800") == r"a\r\nb\x1b[31mc\u202ed\ud800"


def test_a_long_text_is_cut_with_a_mark_and_a_huge_one_withheld() -> None:
    assert safe_text("a" * MAX_TEXT + "b") == "a" * MAX_TEXT + " [...]"
    assert safe_text("a" * (MAX_INPUT + 1)) == f"[{MAX_INPUT + 1} characters, withheld]"
