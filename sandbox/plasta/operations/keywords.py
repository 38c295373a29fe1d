"""Keywords of a registration: read, set, removed; with the optimistic lock, and the silent drop under OK."""

from dataclasses import replace

from sandbox.plasta import people_store as feed
from sandbox.plasta.call import Call, Desk, RefusalError, Reply, registration_meant
from sandbox.plasta.envelope import Message
from sandbox.plasta.records import ACTIVE, JobSeeker, Registration
from sandbox.plasta.xml_text import number, text


def get_stes_schlagworte(desk: Desk, call: Call) -> Reply:
    """Answer the keywords of one registration with its version."""
    person, messages = desk.readable(call)
    registration = registration_meant(person, call.text("stesIdAvam"))
    return Reply(_head(registration) + desk.rendering.keywords_of(registration), messages)


def add_stes_schlagwort(desk: Desk, call: Call) -> Reply:
    """Set a keyword once. One of another region, or fault `keyword_dropped`, is dropped under OK: nothing is saved."""
    keyword_id = call.required("schlagwortId")
    with desk.state.people.lock:
        person, registration = _to_change(desk, call)
        keyword = desk.state.catalogue.keyword(keyword_id)
        if keyword is None or not keyword.valid:
            raise RefusalError("SCHLAGWORT_NICHT_GEFUNDEN", keyword_id)
        if keyword_id in registration.keywords:
            return Reply(_head(registration), (Message("INFO", "SCHLAGWORT_BEREITS_ZUGEWIESEN", (keyword_id,)),))
        foreign = keyword.region != desk.state.catalogue.region_of(registration.office)
        if foreign or "keyword_dropped" in call.faults:
            return Reply(_head(registration))
        grown = replace(registration, keywords=(*registration.keywords, keyword_id))
        return _saved(desk, call, person, grown)


def remove_stes_schlagwort(desk: Desk, call: Call) -> Reply:
    """Remove a keyword; one that is not set changes nothing."""
    keyword_id = call.required("schlagwortId")
    with desk.state.people.lock:
        person, registration = _to_change(desk, call)
        if keyword_id not in registration.keywords:
            return Reply(_head(registration), (Message("INFO", "SCHLAGWORT_NICHT_ZUGEWIESEN", (keyword_id,)),))
        left = tuple(item for item in registration.keywords if item != keyword_id)
        return _saved(desk, call, person, replace(registration, keywords=left))


def _to_change(desk: Desk, call: Call) -> tuple[JobSeeker, Registration]:
    person = desk.writable(call)
    registration = registration_meant(person, call.text("stesIdAvam"))
    if registration.status != ACTIVE:
        raise RefusalError("STES_INAKTIV", registration.stes_id)
    if int(call.required("ojbVersion")) != registration.version:
        raise RefusalError("VERSION_KONFLIKT", registration.stes_id)
    return person, registration


def _saved(desk: Desk, call: Call, person: JobSeeker, changed: Registration) -> Reply:
    stored = desk.state.change_registration(person, changed, feed.MUTIERT)
    desk.record(
        call,
        f"{person.personal_number}/{call.required('schlagwortId')}",
        stesIdAvam=stored.stes_id,
        ojbVersion=str(stored.version),
    )
    return Reply(_head(stored))


def _head(registration: Registration) -> str:
    return text("stesIdAvam", registration.stes_id) + number("ojbVersion", registration.version)
