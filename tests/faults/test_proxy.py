"""The fault proxy itself: what each disturbance looks like to a client, and that calm is calm."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.faults.proxy import Direction, FaultProxy, blackhole, latency, limit_data, reset_peer, slicer

ASKED, SECOND = b"a question\n", b"another one\n"
ANSWER = b"x" * 4000 + b"\n"
SHORT_SECONDS, LONG_SECONDS = 0.3, 10.0


class Server:
    """Answers every line with the same long one, and remembers what it was asked."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.asked: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            try:
                for line in lines:
                    self.asked.append(line)
                    connection.sendall(ANSWER)
            except OSError:
                return

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as running:
        yield running


@pytest.fixture
def proxy(server: Server) -> Iterator[FaultProxy]:
    with FaultProxy("127.0.0.1", server.port) as running:
        yield running


@contextmanager
def client(proxy: FaultProxy, seconds: float = LONG_SECONDS) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=seconds) as connection:
        yield connection


def ask(connection: socket.socket, question: bytes = ASKED) -> bytes:
    """Ask, and read as much as comes of the answer."""
    connection.sendall(question)
    received = b""
    while len(received) < len(ANSWER) and (piece := connection.recv(65536)):
        received += piece
    return received


def test_calm_is_calm(proxy: FaultProxy) -> None:
    with client(proxy) as connection:
        assert [ask(connection), ask(connection, SECOND)] == [ANSWER, ANSWER]
    assert proxy.disturbed == 0


def test_latency_outlasts_a_short_patience(proxy: FaultProxy) -> None:
    proxy.disturb(latency(LONG_SECONDS))
    with client(proxy, SHORT_SECONDS) as connection, pytest.raises(TimeoutError):
        ask(connection)


def test_slices_arrive_one_by_one_and_whole(proxy: FaultProxy) -> None:
    proxy.disturb(slicer(1000, 0.01))
    with client(proxy) as connection:
        connection.sendall(ASKED)
        first = connection.recv(65536)
        assert 0 < len(first) <= 1000
        rest = b""
        while len(first + rest) < len(ANSWER):
            rest += connection.recv(65536)
        assert first + rest == ANSWER


def test_limited_data_ends_in_an_orderly_way(proxy: FaultProxy) -> None:
    proxy.disturb(limit_data(123))
    with client(proxy) as connection:
        assert ask(connection) == ANSWER[:123]


def test_a_reset_of_the_answer_comes_after_the_server_was_asked(proxy: FaultProxy, server: Server) -> None:
    proxy.disturb(reset_peer())
    with client(proxy) as connection, pytest.raises(ConnectionResetError):
        ask(connection)
    assert server.asked == [ASKED]


def test_a_reset_of_the_question_comes_before_the_server_hears_all_of_it(proxy: FaultProxy, server: Server) -> None:
    proxy.disturb(reset_peer(4, direction=Direction.UP))
    with client(proxy) as connection, pytest.raises(ConnectionResetError):
        ask(connection)
    assert ASKED not in server.asked


def test_a_black_hole_says_nothing_for_ever(proxy: FaultProxy, server: Server) -> None:
    proxy.disturb(blackhole())
    with client(proxy, SHORT_SECONDS) as connection, pytest.raises(TimeoutError):
        ask(connection)
    assert server.asked == [ASKED]


def test_a_black_hole_for_the_question_keeps_it_from_the_server(proxy: FaultProxy, server: Server) -> None:
    proxy.disturb(blackhole(direction=Direction.UP))
    with client(proxy, SHORT_SECONDS) as connection, pytest.raises(TimeoutError):
        ask(connection)
    assert server.asked == []


def test_nobody_is_there_while_it_is_down(proxy: FaultProxy) -> None:
    with client(proxy) as connection:
        ask(connection)
        proxy.down()
        assert connection.recv(1) == b""
    with pytest.raises(ConnectionRefusedError), client(proxy):
        pass
    proxy.up()
    with client(proxy) as connection:
        assert ask(connection) == ANSWER


def test_it_begins_after_the_words_that_were_named(proxy: FaultProxy) -> None:
    proxy.disturb(reset_peer(after=SECOND))
    with client(proxy) as connection:
        assert ask(connection) == ANSWER
        with pytest.raises(ConnectionResetError):
            ask(connection, SECOND)


def test_it_disturbs_as_often_as_it_was_told(proxy: FaultProxy) -> None:
    proxy.disturb(reset_peer(times=1))
    with client(proxy) as connection, pytest.raises(ConnectionResetError):
        ask(connection)
    with client(proxy) as connection:
        assert ask(connection) == ANSWER
    assert proxy.disturbed == 1
