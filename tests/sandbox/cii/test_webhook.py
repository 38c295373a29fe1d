"""The webhook: signed, repeated with the same message id until taken, and silent about our own write-backs."""

import hmac
import json
import queue
import time
from collections.abc import Iterator
from hashlib import sha256

import pytest

from sandbox.cii.contract import contract
from sandbox.cii.service import CiiService
from sandbox.cii.state import CiiState
from sandbox.cii.webhook import TRIES, Webhook
from sandbox.http_server import HttpService, Request, Response
from sandbox.population.generate import Population
from tests.sandbox.cii.conftest import NOW, TODAY

SECRET = b"shared secret"


class Receiver:
    """Keeps what comes in, and answers with the statuses it was told, then 202."""

    def __init__(self) -> None:
        self.taken: queue.Queue[Request] = queue.Queue()
        self.answers: list[int] = []
        self.service = HttpService(self._take)

    def _take(self, request: Request) -> Response:
        self.taken.put(request)
        return Response(self.answers.pop(0) if self.answers else 202)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with receiver.service:
        yield receiver


@pytest.fixture
def service(population: Population, receiver: Receiver) -> Iterator[CiiService]:
    webhook = Webhook(f"{receiver.service.url}/hook", SECRET, lambda: NOW, first_pause=0.001)
    state = CiiState(population.cii_cases, lambda: NOW)
    with CiiService(state, tokens={}, webhook=webhook) as running:
        yield running


def test_a_change_is_told_signed_and_without_personal_data(service: CiiService, receiver: Receiver) -> None:
    case = service.people.set_reinsertion(service.state.cases()[0].case_id, TODAY)

    request = receiver.taken.get(timeout=10)

    message = json.loads(request.body)
    assert contract().schemas["CaseChanged"].is_valid(message)
    assert (message["caseId"], message["sequence"]) == (case.case_id, case.sequence)
    assert set(message) == {"messageId", "caseId", "sequence", "changedAt"}
    stamp = request.header("X-CII-Timestamp")
    wanted = hmac.new(SECRET, stamp.encode() + b"." + request.body, sha256).hexdigest()
    assert request.header("X-CII-Signature") == f"sha256={wanted}"
    assert int(stamp) == int(NOW.timestamp())


def test_a_message_not_taken_comes_again_with_the_same_id(service: CiiService, receiver: Receiver) -> None:
    receiver.answers = [500, 429]

    service.people.set_reinsertion(service.state.cases()[0].case_id, TODAY)

    tries = [receiver.taken.get(timeout=10) for _ in range(3)]
    assert len({json.loads(request.body)["messageId"] for request in tries}) == 1
    _until(lambda: webhook_of(service).sent == 1)


def test_a_message_never_taken_is_given_up_and_the_next_one_goes(service: CiiService, receiver: Receiver) -> None:
    receiver.answers = [503] * TRIES
    first, second = [case.case_id for case in service.state.cases()[:2]]

    service.people.set_reinsertion(first, TODAY)
    service.people.set_reinsertion(second, TODAY)

    told = [json.loads(receiver.taken.get(timeout=10).body)["caseId"] for _ in range(TRIES + 1)]
    assert told == [first] * TRIES + [second]
    _until(lambda: (webhook_of(service).sent, webhook_of(service).dropped) == (1, 1))


def test_a_write_back_is_not_told(service: CiiService, receiver: Receiver) -> None:
    case = next(case for case in service.state.cases() if not case.mirror)
    service.state.write_mirror(case.case_id, "keyword", {"present": "yes"}, seen=0, observed_at=NOW, by="cii-sync")
    service.people.set_reinsertion(case.case_id, TODAY)

    assert json.loads(receiver.taken.get(timeout=10).body)["sequence"] == service.state.newest_sequence
    assert receiver.taken.empty()


def test_an_address_that_is_not_http_is_refused() -> None:
    with pytest.raises(ValueError, match="http or https"):
        Webhook("file:///etc/passwd", SECRET, lambda: NOW)


def webhook_of(service: CiiService) -> Webhook:
    assert service.webhook is not None
    return service.webhook


def _until(holds: object) -> None:
    """Wait for the sender's thread to have counted; a test that never gets there ends by its time limit."""
    assert callable(holds)
    while not holds():
        time.sleep(0.005)
