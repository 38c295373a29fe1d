"""The way out over HTTP: limits, retries of reads, what is never sent or followed."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import active_count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.failures import WireError
from connectors.http import HttpChannel, HttpTarget, Question
from connectors.http_answers import Answer, retry_after
from connectors.translation import translated
from domain.errors import (
    ContractBrokenError,
    CredentialsError,
    OutcomeUnknownError,
    RefusedError,
    SettingsError,
    SyncError,
    ThrottledError,
    UnavailableError,
)
from sandbox.http_server import HttpService, Request, Response, Wire, json_response, text_response
from tests.connectors.conftest import Channels, Scripted

GOOD = json_response({"ok": True})
ROOT = Question("GET")


def ask(channel: HttpChannel, question: Question = ROOT, *, write: bool = False) -> dict[str, Any]:
    with translated("peer", "ask", write=write) as call:
        return channel.send(call, question).json()


def fails(channel: HttpChannel, question: Question = ROOT, *, write: bool = False) -> SyncError:
    with pytest.raises(SyncError) as caught:
        ask(channel, question, write=write)
    return caught.value


def test_a_question_goes_out_as_asked_and_nothing_more(channels: Channels, server: Scripted) -> None:
    server.script = [GOOD]
    question = Question("PUT", ("v1", "a b/c"), {"x": "é&"}, {"If-Match": '"1"'}, b"{}")
    assert ask(channels(token="s3cret"), question, write=True) == {"ok": True}
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("PUT", "/v1/a b/c", {"x": "é&"})
    assert (request.header("If-Match"), request.body) == ('"1"', b"{}")
    assert request.header("Authorization") == "Bearer s3cret"
    assert request.header("Accept-Encoding") == "identity"
    assert request.header("Cookie") == ""


def test_cookies_are_never_kept(channels: Channels, server: Scripted) -> None:
    server.script = [Response(200, {"Set-Cookie": "session=1; Path=/", "Content-Type": "application/json"}, b"{}")]
    channel = channels()
    ask(channel)
    ask(channel)
    assert server.requests[1].header("Cookie") == ""


def test_a_netrc_or_a_proxy_of_the_machine_is_not_used(
    channels: Channels, server: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = [GOOD]
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert ask(channels()) == {"ok": True}


def test_one_connection_serves_many_questions(server: Scripted, channels: Channels) -> None:
    server.script = [GOOD]
    channel = channels()
    for _ in range(3):
        ask(channel)
    session = channel._session()  # noqa: SLF001 (the pool is the point here)
    pools = session.get_adapter(server.url).poolmanager.pools  # type: ignore[attr-defined]
    (pool,) = [pools[key] for key in pools.keys()]  # noqa: SIM118 (not a mapping)
    assert (pool.num_connections, pool.num_requests) == (1, 3)


def test_nothing_is_left_open_by_many_calls_good_and_bad(channels: Channels, server: Scripted) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    cut = Wire.cut(GOOD, 3, length=len(GOOD.body))
    server.script = [GOOD, cut, Wire.reset_at_once(), text_response("", 503)] * 20
    channel = channels()
    ask(channel)
    before, threads = descriptors(), active_count()
    for _ in range(60):
        with suppress(SyncError):
            ask(channel)
    assert descriptors() <= before + 4
    assert active_count() <= threads + 2


def test_f32_a_server_that_drips_is_ended_by_the_total_deadline(channels: Channels, server: Scripted) -> None:
    server.script = [Wire.drip(json_response({"long": "x" * 500}), pause=0.05)]
    error = fails(channels(deadline=0.3))
    assert isinstance(error, UnavailableError)
    assert error.code == "DEADLINE"
    assert isinstance(fails(channels(deadline=0.3), write=True), OutcomeUnknownError)


def test_f32_a_body_without_an_end_is_cut_by_the_deadline_and_never_taken(channels: Channels, server: Scripted) -> None:
    whole = json_response({"ok": True})
    head = whole.head(content_length=None)
    server.script = [Wire(parts=((0.0, head + whole.body), (20.0, b"")))]
    error = fails(channels(deadline=0.3))
    assert isinstance(error, UnavailableError)


def test_f32_retries_share_one_deadline(channels: Channels, server: Scripted) -> None:
    server.script = [Wire.stall(20.0)]
    waits: list[float] = []
    fails(channels(deadline=0.3, attempts=50, waits=waits))
    assert len(server.requests) < 5


def test_f33_waits_between_tries_grow_within_their_bounds(channels: Channels, server: Scripted) -> None:
    server.script = [text_response("", 503)]
    waits: list[float] = []
    error = fails(channels(attempts=4, waits=waits))
    assert (len(server.requests), len(waits)) == (4, 3)
    assert all(0 <= wait <= 0.02 for wait in waits)
    assert isinstance(error, UnavailableError)


def test_f34_a_short_retry_after_is_waited_for_within_the_call(channels: Channels, server: Scripted) -> None:
    server.script = [Response(429, {"Retry-After": "3"}), GOOD]
    waits: list[float] = []
    assert ask(channels(attempts=2, waits=waits)) == {"ok": True}
    assert waits == [3.0]


def test_f34_a_long_retry_after_is_the_dispatchers_matter(channels: Channels, server: Scripted) -> None:
    server.script = [Response(503, {"Retry-After": "300"})]
    error = fails(channels(attempts=5))
    assert isinstance(error, ThrottledError)
    assert error.retry_after == timedelta(minutes=5)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("Sun, 22 Nov 2026 09:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 08:00:00 GMT", 0),
        ("Sun, 22 Nov 2099 08:00:00 GMT", 86_400),
        ("999999999999999999999", 86_400),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_f34_retry_after_in_all_its_forms(text: str, seconds: int | None) -> None:
    found = retry_after(text, datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_f37_no_content_is_no_success(channels: Channels, server: Scripted) -> None:
    server.script = [Response(204)]
    assert isinstance(fails(channels(), write=True), OutcomeUnknownError)


def test_f38_more_bytes_than_agreed_are_not_read(channels: Channels, server: Scripted) -> None:
    server.script = [json_response({"long": "x" * 2000})]
    error = fails(channels(max_bytes=1000))
    assert isinstance(error, ContractBrokenError)
    assert error.code == "TOO_LARGE"


def test_f38_more_bytes_than_agreed_are_not_read_without_a_length_either(channels: Channels, server: Scripted) -> None:
    answer = json_response({"long": "x" * 2000})
    server.script = [Wire.cut(answer, len(answer.body), length=None)]
    assert fails(channels(max_bytes=1000)).code == "TOO_LARGE"


def test_f38_a_compressed_answer_is_refused(channels: Channels, server: Scripted) -> None:
    server.script = [Response(200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"bomb")]
    assert fails(channels()).code == "COMPRESSED"


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16"])
def test_f38_another_charset_is_refused(charset: str, channels: Channels, server: Scripted) -> None:
    server.script = [Response(200, {"Content-Type": f"application/json; charset={charset}"}, b"{}")]
    assert fails(channels()).code == "ENCODING"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_f40_a_redirect_is_not_followed_and_no_credentials_go_there(
    status: int, channels: Channels, server: Scripted
) -> None:
    other = Scripted(script=[GOOD])
    with HttpService(other) as elsewhere:
        server.script = [Response(status, {"Location": elsewhere.url})]
        assert isinstance(fails(channels(token="s3cret")), ContractBrokenError)
        unknown = status == 303
        assert isinstance(fails(channels(), write=True), OutcomeUnknownError) is unknown
    assert other.requests == []


def test_a_write_that_was_never_sent_is_no_unknown_outcome(channels: Channels) -> None:
    with HttpService(lambda _request: GOOD) as gone:
        channel = HttpChannel(HttpTarget("peer", gone.url))
    assert isinstance(fails(channel, write=True), UnavailableError)


def test_f31_a_name_that_nobody_knows_is_unavailable() -> None:
    channel = HttpChannel(HttpTarget("peer", "https://cii.invalid", connect_seconds=1, deadline_seconds=2))
    assert isinstance(fails(channel, write=True), UnavailableError)


def test_a_kept_connection_that_died_fails_the_write_as_unknown_at_worst(channels: Channels, server: Scripted) -> None:
    answered = json_response({"ok": True})
    server.script = [Wire(parts=((0.0, answered.as_bytes()),)), GOOD]
    channel = channels()
    ask(channel)
    try:
        assert ask(channel, write=True) == {"ok": True}
    except OutcomeUnknownError:
        assert len(server.requests) <= 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://cii.example"}, "https"),
        ({"url": "ftp://127.0.0.1"}, "https"),
        ({"url": "http://localhost.example"}, "https"),
        ({"token": "a\r\nX-Evil: 1"}, "no header can carry"),
        ({"token": "clé"}, "no header can carry"),
        ({"client_certificate": Path("only.pem")}, "go together"),
        ({"ca_bundle": Path("nowhere.pem")}, "CA bundle"),
        ({"client_certificate": Path("no.pem"), "client_key": Path("no.key")}, "cannot be read"),
    ],
)
def test_a_target_that_would_not_be_safe_is_refused_at_once(change: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        HttpChannel(HttpTarget(**{"system": "cii", "url": "https://cii.example", **change}))
    assert "X-Evil" not in str(caught.value)


def test_a_target_shows_no_secret(channels: Channels) -> None:
    assert "s3cret" not in repr(HttpTarget("peer", "https://cii.example", token="s3cret"))


def test_an_id_cannot_leave_its_place(channels: Channels, server: Scripted) -> None:
    assert isinstance(fails(channels(), Question("GET", ("v1", ".."))), ContractBrokenError)
    assert server.requests == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"code": "VERSION_CONFLICT", "detail": "Zo\\u00e9 Bonvin"}', "VERSION_CONFLICT"),
        (b'{"code": "Zo\\u00e9 Bonvin"}', "HTTP_412"),
        (b'{"code": 7}', "HTTP_412"),
        (b"<html>", "HTTP_412"),
    ],
)
def test_f35_of_a_refusal_only_a_plain_code_is_kept(
    body: bytes, code: str, channels: Channels, server: Scripted
) -> None:
    server.script = [Response(412, {"Content-Type": "application/problem+json"}, body)]
    error = fails(channels(), write=True)
    assert error.code == code
    assert "Zoé" not in str(error)


RAW = st.binary(max_size=200) | st.builds(
    lambda status, head, body: b"HTTP/1.1 %d X\r\n%s\r\n\r\n%s" % (status, head, body),
    st.integers(100, 999),
    st.sampled_from(
        [b"Content-Length: \xb2", b"Content-Length: 5, 5", b"Content-Type: text/xml; charset*=x''%ff", b"A: b"]
    ),
    st.binary(max_size=60),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RAW)
def test_any_bytes_on_the_wire_end_in_a_family_of_ours(channels: Channels, server: Scripted, raw: bytes) -> None:
    server.script, server.requests = [Wire(parts=((0.0, raw),))], []
    assert isinstance(
        fails(channels(deadline=2.0)),
        UnavailableError | ThrottledError | ContractBrokenError | RefusedError | CredentialsError,
    )


@given(st.text(max_size=40))
def test_any_content_type_is_read_or_refused(kind: str) -> None:
    with pytest.raises(WireError):
        Answer(200, {"content-type": kind}, b"<a/>").demand("application/json")


def test_a_request_is_seen_whole_by_the_server(channels: Channels) -> None:
    seen: list[Request] = []

    def keep(request: Request) -> Response:
        seen.append(request)
        return GOOD

    with HttpService(keep) as running:
        channel = HttpChannel(HttpTarget("peer", running.url))
        ask(channel, Question("POST", body="é".encode() * 50_000), write=True)
    assert len(seen[0].body) == 100_000
