"""The PLASTA stand-in as a running service: SOAP at `/plasta`, its WSDL at `/plasta?wsdl`, control at `/_sandbox/`."""

import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from sandbox.control import Act, ControlPaths, as_json
from sandbox.fault_answers import answer_with_faults
from sandbox.faults import Fault, FaultPlan
from sandbox.http_messages import text_response
from sandbox.http_server import HttpService, Json, Request, Response, Wire
from sandbox.ledger import Ledger
from sandbox.plasta.access import Credentials, Gate
from sandbox.plasta.acts import PlastaPeople, acts_of
from sandbox.plasta.call import Call, Desk, RefusalError
from sandbox.plasta.contract import SERVICE, TYPES, Contract, SchemaViolationError, plasta_contract
from sandbox.plasta.envelope import (
    CONTENT_TYPE,
    ERROR,
    OK,
    Envelope,
    SoapFaultError,
    answer,
    fault,
    read_envelope,
    refuse_unknown_headers,
)
from sandbox.plasta.fault_kinds import PLASTA_KINDS, REFUSALS, made_up_fault
from sandbox.plasta.operations import OPERATIONS
from sandbox.plasta.operations.documents import DOSSIER_PATH
from sandbox.plasta.rendering import Rendering
from sandbox.plasta.spoiling import spoil
from sandbox.plasta.state import PlastaState
from sandbox.plasta.xml_text import tag, text

SOAP_PATHS = frozenset({"/", "/plasta"})


class PlastaService:
    """One PLASTA with its GED over real HTTP; `people` does what the ORP's staff do, `faults` and `ledger` are open."""

    def __init__(
        self,
        state: PlastaState,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        credentials: Credentials,
        clock: Callable[[], datetime] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Bind to host and port (0: a free one); `clock` stamps the ledger and is the state's unless given."""
        self.state = state
        self.ledger = Ledger("plasta", clock or state.clock)
        self.faults = FaultPlan(PLASTA_KINDS)
        self.people = PlastaPeople(state)
        self._gate = Gate(credentials)
        self._contract = plasta_contract()
        self._stopping = threading.Event()
        self._http = HttpService(self.handle, host, port, tls)
        self._desk = Desk(state, self.ledger, Rendering(state.catalogue), self._http.url)
        self.acts: Mapping[str, Act] = {**acts_of(state), "unlock_account": lambda _arguments: self._gate.unlock()}
        self._control = ControlPaths(self.ledger, self.faults, self._state_as_json, self.acts)

    @property
    def url(self) -> str:
        """Base address, without a trailing slash: control paths are under it."""
        return self._http.url

    @property
    def endpoint(self) -> str:
        """Address of the SOAP service."""
        return f"{self.url}/plasta"

    def start(self) -> Self:
        """Serve in the background."""
        self._http.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._stopping.set()
        self._http.stop()

    def __enter__(self) -> Self:
        """Start serving."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving, whatever happened inside."""
        self.stop()

    def handle(self, request: Request) -> Response | Wire:
        """Answer one HTTP request."""
        controlled = self._control.answer(request)
        if controlled is not None:
            return controlled
        if request.method == "GET" and request.path.startswith(DOSSIER_PATH):
            return text_response("GED stand-in: a dossier would open here.\n", 200)
        if request.path not in SOAP_PATHS:
            return text_response("no such path\n", 404)
        if request.method == "GET" and "wsdl" in {name.lower() for name in request.query}:
            return Response(200, {"Content-Type": CONTENT_TYPE}, self._contract.served_at(self.endpoint))
        if request.method != "POST":
            return Response(405, {"Allow": "POST"})
        return self._soap(request)

    def _soap(self, request: Request) -> Response | Wire:
        try:
            envelope = _opened(request, self._contract, security=self._gate.credentials.strategy == "wsse")
        except SoapFaultError as refused:
            self.ledger.count_call("refused")
            return _fault_response(refused)
        operation = envelope.operation
        self.ledger.count_call(operation)
        hits = self.faults.draw(operation, _fault_key(envelope))
        return answer_with_faults(hits, lambda: self._performed(envelope, hits), self._stopping.wait)

    def _performed(self, envelope: Envelope, hits: Sequence[Fault]) -> Response:
        """Check the call, perform it, and spoil its answer as the system's own faults say."""
        own = {hit.kind: hit for hit in hits if hit.kind in PLASTA_KINDS}
        made_up = own.get("soap_fault")
        if made_up is not None and not made_up.after_effect:
            return made_up_fault(made_up, envelope.operation)
        try:
            body = spoil(self._business(envelope, own), own)
        except SoapFaultError as refused:
            return _fault_response(refused)
        if made_up is not None:
            return made_up_fault(made_up, envelope.operation)
        return Response(200, {"Content-Type": CONTENT_TYPE}, body)

    def _business(self, envelope: Envelope, faults: Mapping[str, Fault]) -> bytes:
        operation = envelope.operation
        caller = self._gate.caller_of(envelope)
        if "auth_failure" in faults:
            raise SoapFaultError("Client", "AUTH_FEHLER", "login refused", operation)
        self.state.settle()
        call = Call(operation, envelope.request, caller, faults)
        try:
            self._check_context(call)
            reply = OPERATIONS[operation](self._desk, call)
        except RefusalError as refused:
            return answer(operation, ERROR, (refused.message,), _nothing(self._contract, operation))
        return answer(operation, OK, reply.messages, reply.content)

    def _check_context(self, call: Call) -> None:
        for kind, key in REFUSALS.items():
            if kind in call.faults:
                raise RefusalError(call.faults[kind].code or key)
        if self.state.catalogue.office(call.office) is None:
            raise RefusalError("FALSCHER_KONTEXT", "amtsstelle")
        if call.inner("kontext", "sprache") not in {item.code for item in self.state.catalogue.domain("SPRACHE")}:
            raise RefusalError("CODE_UNBEKANNT", "sprache")

    def _state_as_json(self, request: Request) -> Json:
        """Return one person (`?personenNr=`), or what there is in numbers."""
        asked = request.query.get("personenNr")
        if asked is not None:
            return as_json(self.state.people.get(asked))
        return {
            "persons": len(self.state.people),
            "today": self.state.today().isoformat(),
            "accountLocked": self._gate.locked,
            "newestSequence": self.state.people.changes_since(0, 0)[2],
            "requests": as_json(list(self.state.requests.values())),
        }


def _opened(request: Request, contract: Contract, *, security: bool) -> Envelope:
    """Return the request if its transport, envelope and content follow the contract; raises SoapFaultError."""
    if not request.header("Content-Type").lower().startswith("text/xml"):
        raise SoapFaultError("Client", "SCHEMA_FEHLER", "the content type is not text/xml")
    envelope = read_envelope(request.body)
    operation = envelope.operation
    if operation not in OPERATIONS or envelope.request.tag != f"{{{SERVICE}}}{operation}":
        raise SoapFaultError("Client", "SCHEMA_FEHLER", "no such operation")
    if request.header("SOAPAction").strip().strip('"') != operation:
        raise SoapFaultError("Client", "SCHEMA_FEHLER", "soapAction is not the operation", operation)
    refuse_unknown_headers(envelope, security=security)
    try:
        contract.validate(envelope.request)
    except SchemaViolationError as violation:
        raise SoapFaultError("Client", "SCHEMA_FEHLER", str(violation), operation) from violation
    return envelope


def _fault_key(envelope: Envelope) -> str:
    """Return the number that a call is about, as faults are aimed by it: of a person, a registration or an AVS one."""
    paths = ("personenNr", *(f"suche/{{{TYPES}}}{name}" for name in ("personenNr", "svNr", "stesIdAvam")))
    return next((found.strip() for path in paths if (found := envelope.request.findtext(path))), "")


def _nothing(contract: Contract, operation: str) -> str:
    """Return an answer without content: nil where the contract allows it, an empty array elsewhere."""
    children = contract.result_children(operation).items()
    return "".join(text(name, None) if child.nillable else tag(name) for name, child in children)


def _fault_response(refused: SoapFaultError) -> Response:
    return Response(500, {"Content-Type": CONTENT_TYPE}, fault(refused))
