"""The one way out over HTTP: a session per thread, TLS always verified, both timeouts and a total deadline.

No proxy or netrc from the environment, no redirects (F40), no cookies, no compression. Only reads are sent again here,
for seconds; a write is sent once, and its fate is the caller's question (:mod:`connectors.translation`).
"""

import os
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from config.correlation import correlation_id
from connectors.deadline import Deadline, Watch, WatchedAdapter
from connectors.failures import Call, ForeignError, StatusError
from connectors.http_answers import Answer, read_answer
from domain.errors import SettingsError

_TOKEN = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Retries:
    """How a read is tried again within one call: seconds only; what lasts longer is the dispatcher's matter."""

    attempts: int = 3
    first_wait: float = 0.2
    longest_wait: float = 2.0
    retry_after_cap: float = 5.0
    """A longer ``Retry-After`` is not waited for here but told to the caller."""


@dataclass(frozen=True, slots=True)
class HttpTarget:
    """Where a system answers and the limits of one call, in seconds and bytes. ``token`` is a bearer token."""

    system: str
    url: str
    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    deadline_seconds: float = 60.0
    max_bytes: int = 16 * 2**20
    ca_bundle: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None
    token: str = field(default="", repr=False)
    retries: Retries = Retries()


@dataclass(frozen=True, slots=True)
class Question:
    """One request: the path below the target's URL in its parts, each escaped on its own."""

    method: str
    path: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)


class HttpChannel:
    """Sends questions to one target; safe to share between threads. Raises ``SettingsError`` when it cannot be safe."""

    def __init__(
        self,
        target: HttpTarget,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if faults := target_faults(target):
            raise SettingsError(faults)
        self.target = target
        self._sleep = sleep
        self._now = now
        self._local = threading.local()

    def send(self, call: Call, question: Question) -> Answer:
        """The answer, whatever its status; 429, 502, 503, 504 and everything on the wire raise.

        A read is repeated after what may pass by itself, a write never is.
        """
        deadline = Deadline(self.target.deadline_seconds)
        retries = self.target.retries
        retrying = Retrying(
            retry=retry_if_exception(lambda error: not call.write and self._may_pass(error)),
            stop=lambda state: stop_after_attempt(retries.attempts)(state) or _too_late(state, deadline),
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._send_once, call, question, deadline)

    def _send_once(self, call: Call, question: Question, deadline: Deadline) -> Answer:
        target = self.target
        with Watch(deadline, call), self._request(question) as response:
            call.left = True  # an answer is the surest sign that the request left
            return read_answer(response, target.max_bytes, self._now)

    def _request(self, question: Question) -> requests.Response:
        """Straight to the adapter: the session's own way would follow or at least read a redirect, and keep cookies."""
        target, session = self.target, self._session()
        url = address(target.url, question)
        headers = {**_cause(), **question.headers}
        request = requests.Request(question.method, url, headers=headers, data=question.body)
        return session.get_adapter(url).send(
            session.prepare_request(request),
            stream=True,
            timeout=(target.connect_seconds, target.read_seconds),
            verify=str(target.ca_bundle) if target.ca_bundle else True,
            cert=_our_certificate(target),
        )

    def _session(self) -> requests.Session:
        """This thread's session: one is never shared, as its makers advise (requests 1871), nor with a forked child."""
        owner = os.getpid()
        if getattr(self._local, "owner", None) != owner:
            self._local.session, self._local.owner = _new_session(self.target), owner
        session: requests.Session = self._local.session
        return session

    def _may_pass(self, error: BaseException) -> bool:
        """Whether the same read may work in a moment: not after a TLS fault, a deadline, or a long ``Retry-After``."""
        if isinstance(error, StatusError):
            wait = error.retry_after
            return wait is None or wait.total_seconds() <= self.target.retries.retry_after_cap
        return isinstance(
            error, requests.ConnectionError | requests.Timeout | requests.exceptions.ChunkedEncodingError
        ) and not isinstance(error, requests.exceptions.SSLError)

    def _wait(self, state: RetryCallState) -> float:
        """Exponential with full jitter, and never less than what the server asked for."""
        retries = self.target.retries
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after.total_seconds() if isinstance(error, StatusError) and error.retry_after else 0.0
        return max(asked, wait_random_exponential(multiplier=retries.first_wait, max=retries.longest_wait)(state))


def _cause() -> dict[str, str]:
    """The id of what this call follows from, for the logs of both sides; nothing outside of any cause."""
    cause = correlation_id()
    return {"X-Correlation-Id": cause} if cause else {}


def _too_late(state: RetryCallState, deadline: Deadline) -> bool:
    return state.upcoming_sleep >= deadline.remaining()


def _new_session(target: HttpTarget) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers.update({"User-Agent": "cii-sync", "Accept-Encoding": "identity"})
    if target.token:
        session.headers["Authorization"] = f"Bearer {target.token}"
    adapter = WatchedAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _our_certificate(target: HttpTarget) -> tuple[str, str] | None:
    if target.client_certificate is None or target.client_key is None:
        return None
    return str(target.client_certificate), str(target.client_key)


def address(url: str, question: Question) -> str:
    """The full address of a question; no part of a path can climb out of its place."""
    if any(part in {"", ".", ".."} for part in question.path):
        raise ForeignError("an id that would leave its place in the address", code="PATH")
    path = "".join(f"/{quote(part, safe='')}" for part in question.path)
    query = f"?{urlencode(question.query)}" if question.query else ""
    return f"{url.rstrip('/')}{path}{query}"


def target_faults(target: HttpTarget) -> tuple[str, ...]:
    """Why a target may not be used as it is; no fault holds a secret."""
    faults = []
    parts = urlsplit(target.url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        faults.append(f"{target.system}: the address must be https (http on loopback only)")
    if target.token and not _TOKEN.fullmatch(target.token):
        faults.append(f"{target.system}: the token holds a character that no header can carry")
    if (target.client_certificate is None) is not (target.client_key is None):
        faults.append(f"{target.system}: a client certificate and its key go together")
    return (*faults, *_certificate_faults(target))


def _certificate_faults(target: HttpTarget) -> tuple[str, ...]:
    """Whether the files can be loaded now, not at the first call of the night."""
    faults = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if target.ca_bundle is not None:
        try:
            context.load_verify_locations(target.ca_bundle)
        except OSError:  # ssl.SSLError is one
            faults.append(f"{target.system}: the CA bundle cannot be read")
    if target.client_certificate is not None and target.client_key is not None:
        try:
            # An empty password instead of a question on the terminal: a protected key is a fault.
            context.load_cert_chain(target.client_certificate, target.client_key, password="")
        except (OSError, ValueError):
            faults.append(f"{target.system}: the client certificate and its key cannot be read or do not fit")
    return tuple(faults)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
