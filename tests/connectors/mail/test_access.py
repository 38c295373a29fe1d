"""Unsafe or half-made settings stop the start, all at once and without the password."""

from pathlib import Path

import pytest

from connectors.mail.access import Security, SmtpAccess
from domain.errors import SettingsError


def test_starttls_is_what_one_gets_without_asking() -> None:
    assert SmtpAccess("mail.cii.example", 587, "sync@cii.example").security is Security.STARTTLS


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_plain_is_for_this_machine(host: str) -> None:
    assert SmtpAccess(host, 25, "sync@cii.example", security=Security.NONE).host == host


@pytest.mark.parametrize("host", ["mail.cii.example", "10.0.0.1", "0.0.0.0", "localhost.evil.example", "::"])  # noqa: S104
def test_plain_is_refused_to_any_other(host: str) -> None:
    with pytest.raises(SettingsError, match="loopback"):
        SmtpAccess(host, 25, "sync@cii.example", security=Security.NONE)


def test_every_fault_is_told_at_once_and_the_password_never() -> None:
    with pytest.raises(SettingsError) as caught:
        SmtpAccess(
            "bad..host",
            25,
            "not an address",
            from_name="a\r\nBcc: x@y.example",
            security=Security.NONE,
            password="s3cret-canary",
            client_key=Path("key.pem"),
            greeting_name="two words",
            deadline=0,
        )
    told = str(caught.value)
    for setting in ("host", "from_address", "from_name", "security", "username", "client_key", "greeting", "deadline"):
        assert setting in told
    assert "s3cret-canary" not in told


def test_the_password_is_not_in_the_repr() -> None:
    access = SmtpAccess("localhost", 25, "sync@cii.example", username="u", password="s3cret-canary")
    assert "s3cret-canary" not in repr(access)


def test_the_return_path_is_the_sender_unless_set() -> None:
    assert SmtpAccess("localhost", 25, "a@cii.example").return_path == "a@cii.example"
    assert SmtpAccess("localhost", 25, "a@cii.example", envelope_sender="b@cii.example").return_path == "b@cii.example"
