"""The CII software's front: token, contract, faults and control paths, over the sandbox's HTTP base."""

from __future__ import annotations

import hmac
import json
import ssl
from collections.abc import Mapping, Sequence
from typing import Self

from sandbox.cii.acts import PeoplesActs
from sandbox.cii.contract import Operation, RequestInvalidError, contract
from sandbox.cii.misbehaviour import KINDS, distorted, refusal
from sandbox.cii.operations import Call, CaseOperations
from sandbox.cii.problems import problem
from sandbox.cii.state import CiiState, UnknownCaseError
from sandbox.cii.webhook import Webhook
from sandbox.cii.wire import case_json, encoded
from sandbox.control import Act, ActRefusedError, ControlPaths, typed_act
from sandbox.fault_answers import answer_with_faults
from sandbox.faults import Fault, FaultPlan
from sandbox.http_server import HttpService, Json, Request, Response, Wire
from sandbox.ledger import Ledger

ACTS = (
    "set_reinsertion",
    "withdraw_reinsertion",
    "close_case",
    "set_state",
    "revoke_procuration",
    "add_procuration",
    "correct_identity",
    "open_case",
)
"""People's acts that take plain arguments; `change_mirror_by_hand` takes an object as well."""


class CiiService:
    """A running CII software over `state`. `tokens` maps each accepted token to the account that it stands for."""

    def __init__(
        self,
        state: CiiState,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tokens: Mapping[str, str],
        tls: ssl.SSLContext | None = None,
        webhook: Webhook | None = None,
    ) -> None:
        """Bind at once; raises OSError when the port is taken."""
        self.state = state
        self.people = PeoplesActs(state)
        self.ledger = Ledger("cii", state.now)
        self.faults = FaultPlan(KINDS)
        self.webhook = webhook
        self._tokens = dict(tokens)
        self._contract = contract()
        self._control = ControlPaths(self.ledger, self.faults, self._summary, self._acts_by_name())
        self._work = CaseOperations(state, self.ledger).by_name()
        if webhook is not None:
            state.listen(webhook.changed)
        self._http = HttpService(self._answer, host, port, tls)

    @property
    def url(self) -> str:
        """The base address, without a trailing slash."""
        return self._http.url

    def start(self) -> Self:
        """Serve in background threads."""
        if self.webhook is not None:
            self.webhook.start()
        self._http.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port. Twice is once."""
        self._http.stop()
        if self.webhook is not None:
            self.webhook.stop()

    def __enter__(self) -> Self:
        """Start serving."""
        return self.start()

    def __exit__(self, *_error: object) -> None:
        """Stop serving, whatever happened inside."""
        self.stop()

    def _answer(self, request: Request) -> Response | Wire:
        if (control := self._control.answer(request)) is not None:
            return control
        operation, values, allowed = self._contract.match(request.method, request.path)
        if operation is None:
            if not allowed:
                return problem(404, "NOT_FOUND")
            return problem(405, "METHOD_NOT_ALLOWED", Allow=", ".join(sorted(allowed)))
        self.ledger.count_call(operation.name)
        hits = self.faults.draw(operation.name, values.get("caseId", ""))
        return answer_with_faults(hits, lambda: self._performed(operation, request, values, hits))

    def _performed(
        self, operation: Operation, request: Request, values: Mapping[str, str], hits: Sequence[Fault]
    ) -> Response:
        caller = "" if operation.public else self._caller(request)
        if caller is None:
            code = "TOKEN_INVALID" if request.header("authorization") else "TOKEN_MISSING"
            return problem(401, code, WWW_Authenticate="Bearer")
        if (refused := refusal(hits, request)) is not None:
            return refused
        try:
            body = operation.accept(request, values)
            response = self._work[operation.name](Call(request, values, body, caller))
        except RequestInvalidError as error:
            return problem(error.status, error.code, error.path)
        except UnknownCaseError:
            return problem(404, "CASE_UNKNOWN")
        return distorted(hits, request, response, self._case_before)

    def _caller(self, request: Request) -> str | None:
        scheme, _, token = request.header("authorization").partition(" ")
        if scheme.lower() != "bearer":
            return None
        matching = [who for known, who in self._tokens.items() if hmac.compare_digest(known.encode(), token.encode())]
        return matching[0] if matching else None

    def _case_before(self, place: int) -> bytes:
        for sequence in range(place, 0, -1):
            if items := self.state.page(sequence - 1, 1).items:
                return items[0]
        return b""

    def _summary(self, request: Request) -> Json:
        """`GET /_sandbox/state`: totals, or one case with `?case=<id>`."""
        if "case" in request.query:
            shown: Json = json.loads(encoded(case_json(self.state.case(request.query["case"]))))
            return shown
        webhook = {"sent": self.webhook.sent, "dropped": self.webhook.dropped} if self.webhook else None
        return {"cases": len(self.state), "newestSequence": self.state.newest_sequence, "webhook": webhook}

    def _acts_by_name(self) -> dict[str, Act]:
        acts = {name: typed_act(getattr(self.people, name)) for name in ACTS}

        def change_mirror(arguments: Mapping[str, Json]) -> Json:
            match arguments:
                case {"case_id": str(case_id), "facet": str(facet), "value": dict(value), **rest} if not rest:
                    texts = {name: str(text) for name, text in value.items()}
                    return {"version": self.people.change_mirror_by_hand(case_id, facet, texts).version}
                case _:
                    raise ActRefusedError("wanted: case_id, facet, and value as an object of texts")

        return {**acts, "change_mirror_by_hand": change_mirror}
