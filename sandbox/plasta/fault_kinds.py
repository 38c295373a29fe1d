"""The faults that PLASTA's stand-in has beside the transport kinds, and the SOAP faults it can make up."""

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.faults import Fault
from sandbox.http_server import Response
from sandbox.plasta.contract import SERVICE, TYPES, XSI
from sandbox.plasta.envelope import CONTENT_TYPE, SOAP11, SOAP12

PLASTA_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "soap_fault": (
            "a SOAP fault; `code` as it stands in faultcode (Server, soap:Server, ns:Server.Busy; blank: an empty "
            "fault), `status` is the HTTP status (500 when left at 503), options `version` 1.1|1.2, `error` of the "
            "serviceFault, `detail` yes|no; `after_effect` says whether the effect happens"
        ),
        "auth_failure": "AUTH_FEHLER for a right login; nothing happens",
        "business_error": "NK_AVAM: ERROR with one DANGER message of key `code`; nothing is saved",
        "version_conflict": "VERSION_KONFLIKT for a right ojbVersion; nothing is saved",
        "ged_down": "DMS_NICHT_VERFUEGBAR for the GED's operations, the rest goes on",
        "keyword_dropped": "addStesSchlagwort answers OK and saves nothing",
        "warning_under_ok": "one WARNING of key `code` more, under OK",
        "search_cut": "searchStes is cut at option `limit` (1) hits and says so",
        "padded_return_code": "blanks and line ends around the return code",
        "nil_everywhere": "all leaf elements that may be nil are nil",
        "control_characters": "U+0001 in the texts; option `form`: raw or reference",
        "unknown_code": "`code` (97) in the elements named by option `element` (status)",
        "bad_date": "30 February in the elements named by option `element` (geburtsdatum)",
        "old_dates": "days as dd.MM.yyyy",
        "wrong_check_digit": "every svNr with a wrong check digit",
        "person_swapped": "the answer holds another personenNr than was asked for",
        "list_row_missing": "getStesListe leaves out the middle row",
        "list_row_twice": "getStesListe answers the first row twice",
        "missing_element": "the elements named by option `element` (ojbVersion) are left out",
        "extra_element": "every item holds an element that the contract does not know",
        "wrong_operation": "the answer of another operation",
        "entity_bomb": "a document type with entities that grow without end",
        "external_entity": "a document type with an entity that names a file",
        "feed_repeats": "getAenderungen answers its first page for ever and says that more follows",
        "feed_goes_back": "getAenderungen answers sequence numbers below the one asked for",
        "feed_gap": "getAenderungen leaves out the middle change of the page",
    }
)

REFUSALS: Mapping[str, str] = MappingProxyType({"version_conflict": "VERSION_KONFLIKT", "business_error": "TECHNISCH"})

ENTITY_BOMB = (
    b'<?xml version="1.0"?>\n<!DOCTYPE b [<!ENTITY a0 "PLASTA">'
    + b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10))
    + b']>\n<soapenv:Envelope xmlns:soapenv="'
    + SOAP11.encode()
    + b'"><soapenv:Body>&a9;</soapenv:Body>'
    b"</soapenv:Envelope>"
)
EXTERNAL_ENTITY = (
    b'<?xml version="1.0"?>\n<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'
    b'<soapenv:Envelope xmlns:soapenv="' + SOAP11.encode() + b'"><soapenv:Body>&x;</soapenv:Body></soapenv:Envelope>'
)


def made_up_fault(fault: Fault, operation: str) -> Response:
    """Return a SOAP fault as the switched-on fault wants it: stacks spell codes and leave out parts differently."""
    status = 500 if fault.status == Fault("").status else fault.status
    prefix = fault.code.split(":")[0] if ":" in fault.code else "soapenv"
    code = fault.code if ":" in fault.code else f"{prefix}:{fault.code}"
    if fault.options.get("version") == "1.2":
        inside = _soap12(prefix, code)
        namespace = SOAP12
    else:
        inside = _soap11(fault, operation, code) if fault.code else ""
        namespace = SOAP11
    body = (
        f'<{prefix}:Envelope xmlns:{prefix}="{namespace}"><{prefix}:Body>'
        f"<{prefix}:Fault>{inside}</{prefix}:Fault></{prefix}:Body></{prefix}:Envelope>"
    )
    return Response(status, {"Content-Type": CONTENT_TYPE}, body.encode())


def _soap11(fault: Fault, operation: str, code: str) -> str:
    error = fault.options.get("error", "TECHNISCH")
    head = f"<faultcode>{code}</faultcode><faultstring>{error}</faultstring>"
    if fault.options.get("detail", "yes") == "no":
        return head
    return (
        f'{head}<detail><p:serviceFault xmlns:p="{SERVICE}" xmlns:t="{TYPES}" xmlns:xsi="{XSI}">'
        f"<t:operation>{operation}</t:operation><t:error>{error}</t:error>"
        '<t:errorDetail xsi:nil="true"/></p:serviceFault></detail>'
    )


def _soap12(prefix: str, code: str) -> str:
    return (
        f"<{prefix}:Code><{prefix}:Value>{code}</{prefix}:Value></{prefix}:Code>"
        f'<{prefix}:Reason><{prefix}:Text xml:lang="de">Technischer Fehler</{prefix}:Text></{prefix}:Reason>'
    )
