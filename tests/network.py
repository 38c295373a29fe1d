"""No test leaves this machine: a connection to anything but loopback, or to a server named for the tests, is an error.

Done with an audit hook, which sees every Python socket of the process and needs no patch (libpq connects in C, and is
given its address by `tests.services` alone).
"""

import os
import socket
import sys
from ipaddress import ip_address
from urllib.parse import urlsplit

_INTERNET = (socket.AF_INET, socket.AF_INET6)


class NetworkUseError(RuntimeError):
    """A test tried to talk to another machine; a fault of the test or of what it tests, never to be caught."""


def _addresses_of_named_servers() -> frozenset[str]:
    urls = (os.environ.get(name, "") for name in ("CII_TEST_POSTGRES_URL", "CII_TEST_RABBITMQ_URL"))
    hosts = {urlsplit(url).hostname for url in urls} - {None}
    return frozenset(str(found[4][0]) for host in hosts for found in socket.getaddrinfo(host, None))


def _is_this_machine(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified


def keep_to_this_machine() -> None:
    """Watch every connection from here to the end of the process; an audit hook cannot be taken back."""
    named = _addresses_of_named_servers()

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event != "socket.connect":
            return
        connection, address = arguments
        if not isinstance(connection, socket.socket) or connection.family not in _INTERNET:
            return
        host = str(address[0]) if isinstance(address, tuple) else ""
        if not _is_this_machine(host) and host not in named:
            raise NetworkUseError(f"a test tried to connect to {host}: only loopback is allowed")

    sys.addaudithook(watch)
