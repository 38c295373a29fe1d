"""The suite keeps to this machine, whoever asks."""

import socket

import pytest

from tests.network import NetworkUseError


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)], ids=["IPv4", "IPv6"])
def test_a_connection_to_another_machine_is_an_error_at_once(address: tuple[str, int]) -> None:
    """The addresses are those of RFC 5737 and RFC 3849, for documentation."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as connection, pytest.raises(NetworkUseError, match="only loopback"):
        connection.connect(address)


def test_loopback_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
