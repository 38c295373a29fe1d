"""Code lists, offices, advisers, and the keyword catalogue of the calling office's execution region."""

from sandbox.plasta.call import Call, Desk, RefusalError, Reply
from sandbox.plasta.rendering import adviser_item, code_item, keyword_item, office_item
from sandbox.plasta.xml_text import tag


def get_code(desk: Desk, call: Call) -> Reply:
    """Answer one code list; an unknown one is refused."""
    rows = desk.state.catalogue.domain(call.required("codeDomain"))
    if not rows:
        raise RefusalError("CODE_UNBEKANNT", "codeDomain")
    return Reply(tag("codeArray", *(code_item(item) for item in rows)))


def get_rav_adressen(desk: Desk, _call: Call) -> Reply:
    """Answer all offices."""
    return Reply(tag("ravAdresseArray", *(office_item(item) for item in desk.state.catalogue.offices)))


def get_rav_sachbearbeiter(desk: Desk, call: Call) -> Reply:
    """Answer the advisers of one office, or of all."""
    office = call.text("ravCode")
    rows = [item for item in desk.state.catalogue.advisers if office in {None, item.office}]
    return Reply(tag("sachbearbeiterArray", *(adviser_item(item) for item in rows)))


def get_schlagwort_katalog(desk: Desk, call: Call) -> Reply:
    """Answer the keywords of the caller's execution region, ended ones marked as not valid."""
    region = desk.state.catalogue.region_of(call.office)
    rows = [item for item in desk.state.catalogue.keywords if item.region == region]
    return Reply(tag("schlagwortArray", *(keyword_item(item) for item in rows)))
