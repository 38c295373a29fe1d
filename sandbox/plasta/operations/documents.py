"""The GED (DMS): it can be down while PLASTA is up, by the fault `ged_down`."""

from hashlib import blake2b

from sandbox.plasta.call import Call, Desk, RefusalError, Reply
from sandbox.plasta.rendering import document_item
from sandbox.plasta.xml_text import tag, text

DOSSIER_PATH = "/ged/dossiers/"


def get_dossier_url(desk: Desk, call: Call) -> Reply:
    """Answer the address of a dossier; it holds an opaque key, no number of a person."""
    _refuse_when_down(call)
    person, messages = desk.readable(call)
    key = blake2b(person.personal_number.encode(), digest_size=12, person=b"ged").hexdigest()
    return Reply(text("url", f"{desk.base_url}{DOSSIER_PATH}{key}"), messages)


def get_dokument_metadaten(desk: Desk, call: Call) -> Reply:
    """Answer the documents of a person, by filing keys."""
    _refuse_when_down(call)
    person, messages = desk.readable(call)
    kind, case = call.text("geschaeftsArt"), call.text("geschaeftsFallNr")
    rows = [
        item for item in person.documents if kind in {None, item.business_kind} and case in {None, item.business_case}
    ]
    return Reply(tag("dokumentArray", *(document_item(item) for item in rows)), messages)


def _refuse_when_down(call: Call) -> None:
    if "ged_down" in call.faults:
        raise RefusalError("DMS_NICHT_VERFUEGBAR")
