"""Finding job seekers: by search, by number, and many numbers at once."""

from collections.abc import Sequence

from sandbox.plasta.call import Call, Desk, RefusalError, Reply
from sandbox.plasta.contract import TYPES
from sandbox.plasta.envelope import Message
from sandbox.plasta.records import JobSeeker, Registration
from sandbox.plasta.rendering import search_row
from sandbox.plasta.search import Criteria, found
from sandbox.plasta.xml_text import flag, number, read_day, tag, text

SEARCH_CAP = 300


def search_stes(desk: Desk, call: Call) -> Reply:
    """Answer one row per registration, cut at 300; fault `search_cut` cuts at option `limit`."""
    criteria = _criteria(call)
    criteria.check()
    hits = found(desk.state.people, criteria)
    visible = [hit for hit in hits if not hit[0].protected]
    cap = SEARCH_CAP
    if "search_cut" in call.faults:
        cap = int(call.faults["search_cut"].options.get("limit", "1"))
    return Reply(
        number("total", len(visible))
        + flag("abgeschnitten", len(visible) > cap)
        + tag("stesZeileArray", *(search_row(*hit) for hit in visible[:cap])),
        _search_messages(criteria, visible, hidden=len(hits) - len(visible), cap=cap),
    )


def get_stes(desk: Desk, call: Call) -> Reply:
    """Answer one job seeker with all registrations, or with the one asked for."""
    person, messages = desk.readable(call)
    stes_id = call.text("stesIdAvam")
    if stes_id is None:
        return Reply(tag("stes", desk.rendering.job_seeker(person)), messages)
    registration = person.registration(stes_id)
    if registration is None:
        raise RefusalError("FALSCHER_KONTEXT", stes_id)
    return Reply(tag("stes", desk.rendering.narrowed(person, (registration,))), messages)


def get_stes_liste(desk: Desk, call: Call) -> Reply:
    """Answer one row per number, in the order asked; nobody's absence is an error."""
    asked = call.request.findall(f"personenNrArray/{{{TYPES}}}personenNrArrayItem")
    rows = [_list_row(desk, (item.text or "").strip()) for item in asked]
    return Reply(tag("stesListeZeileArray", *rows))


def _list_row(desk: Desk, asked: str) -> str:
    person = desk.state.people.surviving(asked)
    if person is None:
        return _row(asked, "NICHT_GEFUNDEN", None, text("stes", None))
    merged_into = None if person.personal_number == asked else person.personal_number
    if person.protected:
        return _row(asked, "KEINE_BERECHTIGUNG", None, text("stes", None))
    verdict = "GEFUNDEN" if merged_into is None else "ZUSAMMENGEFUEHRT"
    return _row(asked, verdict, merged_into, tag("stes", desk.rendering.job_seeker(person)))


def _row(asked: str, verdict: str, merged_into: str | None, stes: str) -> str:
    head = text("angefragtePersonenNr", asked) + text("befund", verdict) + text("zusammengefuehrtIn", merged_into)
    return tag("stesListeZeileArrayItem", head, stes)


def _criteria(call: Call) -> Criteria:
    birth_date = call.inner("suche", "geburtsdatum")
    try:
        day = None if birth_date is None else read_day(birth_date)
    except ValueError as wrong:
        raise RefusalError("SUCHE_UNZULAESSIG", "geburtsdatum") from wrong
    return Criteria(
        avs_number=call.inner("suche", "svNr"),
        personal_number=call.inner("suche", "personenNr"),
        stes_id=call.inner("suche", "stesIdAvam"),
        family_name=call.inner("suche", "name"),
        first_name=call.inner("suche", "vorname"),
        birth_date=day,
        keyword=call.inner("suche", "schlagwortId"),
        status=call.inner("suche", "status"),
        office=call.inner("suche", "ravCode"),
    )


def _search_messages(
    criteria: Criteria, visible: Sequence[tuple[JobSeeker, Registration | None]], *, hidden: int, cap: int
) -> tuple[Message, ...]:
    messages = []
    numbers = tuple(dict.fromkeys(person.personal_number for person, _ in visible))
    if not visible:
        messages.append(Message("INFO", "STES_NICHT_GEFUNDEN"))
    if len(visible) > cap:
        messages.append(Message("WARNING", "ZU_VIELE_TREFFER", (str(len(visible)),)))
    if criteria.avs_number is not None and len(numbers) > 1:
        messages.append(Message("WARNING", "SVNR_DOPPELT", numbers))
    if criteria.personal_number is not None and numbers and numbers != (criteria.personal_number,):
        messages.append(Message("INFO", "PERSON_ZUSAMMENGEFUEHRT", (criteria.personal_number, *numbers)))
    if hidden:
        messages.append(Message("WARNING", "KEINE_BERECHTIGUNG", (str(hidden),)))
    return tuple(messages)
