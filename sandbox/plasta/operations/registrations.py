"""Registrations: asking for one, and reading the de-registration of one."""

from dataclasses import replace
from hashlib import blake2b

from sandbox.plasta.call import Call, Desk, RefusalError, Reply
from sandbox.plasta.envelope import Message
from sandbox.plasta.records import Address, RegistrationRequest
from sandbox.plasta.rendering import deregistration
from sandbox.plasta.search import is_avs_number
from sandbox.plasta.xml_text import read_day, text


def anmelde_stes(desk: Desk, call: Call) -> Reply:
    """Take a registration request: AKTIV at once for a known inactive person, else PENDENT until the office decides."""
    with desk.state.people.lock:
        request = _request(desk, call)
        known = [] if request.avs_number is None else desk.state.people.with_avs_number(request.avs_number)
        if len(known) > 1:
            raise RefusalError("STES_MEHRDEUTIG")
        if known and known[0].active_registrations:
            raise RefusalError("SVNR_DOPPELT", known[0].personal_number)
        if not known:
            desk.state.requests[request.process_id] = request
            desk.record(call, _key(request), prozessId=request.process_id)
            pending = Message("WARNING", "ZAS_ABGLEICH_NOETIG", (request.process_id,))
            return Reply(_outcome(request.process_id, "PENDENT", None, None), (pending,))
        desk.state.requests[request.process_id] = replace(request, status="AKTIV")
        registration = desk.state.add_registration(known[0], request.office)
        number = known[0].personal_number
        desk.record(call, _key(request), personenNr=number, stesIdAvam=registration.stes_id)
        return Reply(_outcome(request.process_id, "AKTIV", number, registration.stes_id))


def get_abmeldung(desk: Desk, call: Call) -> Reply:
    """Answer the de-registration of one registration (the newest when none is named), nil when there is none."""
    person, messages = desk.readable(call)
    stes_id = call.text("stesIdAvam") or (person.registrations[-1].stes_id if person.registrations else "")
    registration = person.registration(stes_id)
    if registration is None:
        raise RefusalError("FALSCHER_KONTEXT", stes_id)
    return Reply(text("stesIdAvam", registration.stes_id) + deregistration(registration.deregistration), messages)


def _request(desk: Desk, call: Call) -> RegistrationRequest:
    avs_number = call.inner("antrag", "svNr")
    if avs_number is not None and not is_avs_number(avs_number):
        raise RefusalError("SVNR_UNGUELTIG")
    office = call.inner("antrag", "ravCode") or ""
    if desk.state.catalogue.office(office) is None:
        raise RefusalError("CODE_UNBEKANNT", "ravCode")
    try:
        birth_date = read_day(call.inner("antrag", "geburtsdatum") or "")
    except ValueError as wrong:
        raise RefusalError("CODE_UNBEKANNT", "geburtsdatum") from wrong
    return RegistrationRequest(
        process_id=f"PR{len(desk.state.requests) + 1:06d}",
        family_name=call.inner("antrag", "name") or "",
        first_name=call.inner("antrag", "vorname") or "",
        birth_date=birth_date,
        office=office,
        language=call.inner("antrag", "sprache") or "",
        address=Address(
            call.inner("antrag", "plz") or "", call.inner("antrag", "ort") or "", call.inner("antrag", "strasse")
        ),
        asked_at=desk.state.clock(),
        avs_number=avs_number,
        sex=call.inner("antrag", "geschlecht"),
    )


def _key(request: RegistrationRequest) -> str:
    """Name the person in the ledger without naming her, so that a request made twice shows as two of one key."""
    identity = f"{request.family_name}|{request.first_name}|{request.birth_date}|{request.avs_number}"
    return f"antrag/{blake2b(identity.encode(), digest_size=8).hexdigest()}"


def _outcome(process_id: str, status: str, personal_number: str | None, stes_id: str | None) -> str:
    return (
        text("prozessId", process_id)
        + text("prozessStatus", status)
        + text("personenNr", personal_number)
        + text("stesIdAvam", stes_id)
    )
