"""The stand-ins' HTTP server: keep-alive, one write, misbehaviour on the socket, sizes, TLS."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from sandbox import http_server
from sandbox.http_server import HttpService, Json, Request, Response, Wire, json_response, server_tls


def echo(request: Request) -> Response | Wire:
    """Tell what was asked; some paths misbehave."""
    whole = Response(200, {"Content-Type": "text/plain"}, b"0123456789")
    wires: dict[str, Response | Wire] = {
        "/reset": Wire.reset_at_once(),
        "/stall": Wire.stall(60),
        "/cut": Wire.cut(whole, 4, length=10),
        "/drip": Wire.drip(whole, 0.0, size=7),
        "/late": Response(200, {}, b"late", delay=60),
    }
    if request.path in wires:
        return wires[request.path]
    asked: dict[str, Json] = {
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "token": request.header("X-Token"),
        "body": request.body.decode(),
    }
    return json_response(asked, 201)


@pytest.fixture
def service() -> Iterator[HttpService]:
    with HttpService(echo) as running:
        yield running


def ask(service: HttpService, path: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    """Make one call."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=5)
    try:
        connection.request(method, path, body, {"X-Token": "t"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def exchanged(service: HttpService, sent: bytes) -> bytes:
    """Send bytes on a bare socket and return all that comes back."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=5) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_a_request_arrives_whole(service: HttpService) -> None:
    status, body = ask(service, "/caf%C3%A9?a=1&a=2&b=", "PUT", "größe".encode())
    assert status == 201
    assert body.decode() == (
        '{"method": "PUT", "path": "/café", "query": {"a": "2", "b": ""}, "token": "t", "body": "größe"}'
    )


def test_one_connection_serves_many_requests(service: HttpService) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=5)
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("POST", "/", b"x")
        assert connection.getresponse().read().endswith(b'"x"}')
    assert connection.sock is first
    connection.close()


def test_a_head_request_has_no_body(service: HttpService) -> None:
    received = exchanged(service, b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert received.endswith(b"\r\n\r\n")


def test_a_chunked_request_is_read(service: HttpService) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b'"body": "abcde"' in exchanged(service, head + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n")
    assert exchanged(service, head + b"nonsense\r\n").startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("length", "status"), [("x", b"400"), ("-1", b"400"), (str(http_server.MAX_REQUEST_BYTES + 1), b"413")]
)
def test_impossible_lengths_are_refused(service: HttpService, length: str, status: bytes) -> None:
    received = exchanged(service, f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
    assert received.split(b" ")[1] == status


def test_a_reset_comes_without_a_byte(service: HttpService) -> None:
    with pytest.raises(ConnectionResetError):
        exchanged(service, b"GET /reset HTTP/1.1\r\nHost: x\r\n\r\n")


def test_a_cut_answer_announces_more_than_it_sends(service: HttpService) -> None:
    received = exchanged(service, b"GET /cut HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"Content-Length: 10" in received
    assert received.endswith(b"\r\n\r\n0123")


def test_a_dripping_answer_is_whole_in_the_end(service: HttpService) -> None:
    assert ask(service, "/drip") == (200, b"0123456789")


@pytest.mark.parametrize("path", ["/stall", "/late"])
def test_stopping_ends_what_stalls(path: str) -> None:
    service = HttpService(echo).start()
    failed = threading.Event()

    def wait_for_nothing() -> None:
        try:
            ask(service, path)
        except (http.client.HTTPException, ConnectionError):
            failed.set()

    waiting = threading.Thread(target=wait_for_nothing)
    waiting.start()
    service.stop()
    service.stop()
    waiting.join(5)
    assert failed.is_set()


def test_a_failing_handler_ends_its_connection_and_no_other() -> None:
    def failing(request: Request) -> Response:
        if request.path == "/bad":
            raise RuntimeError
        return Response()

    with HttpService(failing) as service:
        with pytest.raises(http.client.RemoteDisconnected):
            ask(service, "/bad")
        assert ask(service, "/good") == (200, b"")


def test_a_taken_port_is_said_at_once(service: HttpService) -> None:
    with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
        HttpService(echo, port=service.port)


def test_a_client_certificate_is_required_where_asked(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    ours = authority.issue_cert("localhost")
    ours.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    ours.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    tls = server_tls(str(tmp_path / "cert.pem"), str(tmp_path / "key.pem"), str(tmp_path / "ca.pem"))
    client = ssl.create_default_context()
    authority.configure_trust(client)

    def status_over_tls(context: ssl.SSLContext, port: int) -> int:
        connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        finally:
            connection.close()

    with HttpService(echo, host="localhost", tls=tls) as secured:
        assert secured.url.startswith("https://localhost:")
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
            status_over_tls(client, secured.port)
        authority.issue_cert("client@sandbox.example").configure_cert(client)
        assert status_over_tls(client, secured.port) == 201
