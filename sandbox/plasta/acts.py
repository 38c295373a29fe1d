"""What people do in PLASTA's own screens: each act changes the state and shows in the feed, never in the ledger.

`acts_of(state)` offers them over HTTP as `POST /_sandbox/acts/<name>`, arguments in JSON under the parameters' names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sandbox.control import Act, typed_act
from sandbox.plasta import people_store as feed
from sandbox.plasta.records import (
    ACTIVE,
    CHANGE_OF_OFFICE,
    INACTIVE,
    JOB_FOUND,
    NO_JOB,
    Address,
    Deregistration,
    Document,
    JobSeeker,
    Registration,
)
from sandbox.plasta.state import ActError, PlastaState, active_registration

OFFICE_CHANGED_REASON = "202"


@dataclass(frozen=True, slots=True)
class PlastaPeople:
    """The ORP's staff and the register's own life; every act raises ActError when PLASTA would not allow it."""

    state: PlastaState

    def register_person(  # noqa: PLR0913 (the fields of the registration form)
        self,
        family_name: str,
        first_name: str,
        birth_date: date,
        office: str,
        *,
        postal_code: str,
        locality: str,
        language: str = "2",
        avs_number: str | None = None,
        sex: str | None = None,
        personal_number: str | None = None,
    ) -> JobSeeker:
        """Enter somebody whom PLASTA did not know, with a first registration from today."""
        with self.state.people.lock:
            number = personal_number or self.state.next_personal_number()
            if self.state.people.get(number) is not None:
                raise ActError("this personal number is taken")
            person = JobSeeker(
                personal_number=number,
                family_name=family_name,
                first_name=first_name,
                birth_date=birth_date,
                language=language,
                address=Address(postal_code, locality),
                changed_at=self.state.clock(),
                avs_number=avs_number,
                sex=sex,
            )
            self.state.add_registration(person, office)
            return self.state.person(number)

    def register(self, personal_number: str, office: str) -> Registration:
        """Register a known person again; with another registration still active she then has two."""
        with self.state.people.lock:
            return self.state.add_registration(self.state.person(personal_number), office)

    def deregister(
        self,
        personal_number: str,
        effective_on: date,
        reason_code: str,
        *,
        job_found: bool,
        start_of_work: date | None = None,
        stes_id: str | None = None,
    ) -> Registration:
        """Record a de-registration, past, today or future; a future one ends the registration only on its day."""
        with self.state.people.lock:
            person = self.state.person(personal_number)
            registration = active_registration(person, stes_id)
            before = registration.deregistration
            ended = replace(
                registration,
                status=INACTIVE if effective_on <= self.state.today() else registration.status,
                deregistration=Deregistration(
                    effective_on=effective_on,
                    job_found=job_found,
                    reason_domain=JOB_FOUND if job_found else NO_JOB,
                    reason_code=reason_code,
                    recorded_at=self.state.clock(),
                    start_of_work=start_of_work,
                    version=1 if before is None else before.version + 1,
                ),
            )
            self.state.announce(effective_on, personal_number)
            return self.state.change_registration(person, ended, feed.ABGEMELDET)

    def withdraw_deregistration(self, personal_number: str, stes_id: str | None = None) -> Registration:
        """Take a de-registration back: the registration is active as before, and `getAbmeldung` answers nil."""
        with self.state.people.lock:
            person = self.state.person(personal_number)
            with_end = [item for item in person.registrations if item.deregistration is not None]
            registration = next((item for item in reversed(with_end) if stes_id in {None, item.stes_id}), None)
            if registration is None or registration.deregistration is None:
                raise ActError("no de-registration to withdraw")
            kind = feed.MUTIERT if registration.status == ACTIVE else feed.REAKTIVIERT
            withdrawn = replace(registration.deregistration, withdrawn_at=self.state.clock())
            back = replace(registration, status=ACTIVE, deregistration=withdrawn)
            return self.state.change_registration(person, back, kind)

    def change_office(
        self, personal_number: str, office: str, *, keep_keywords: bool = True, stes_id: str | None = None
    ) -> Registration:
        """Move to another office: the old registration ends today, a new `stesIdAvam` of kind 4 begins."""
        with self.state.people.lock:
            old = active_registration(self.state.person(personal_number), stes_id)
            self.deregister(
                personal_number,
                self.state.today(),
                OFFICE_CHANGED_REASON,
                job_found=False,
                stes_id=old.stes_id,
            )
            new = self.state.add_registration(self.state.person(personal_number), office, CHANGE_OF_OFFICE)
            if not (keep_keywords and old.keywords):
                return new
            kept = replace(new, keywords=old.keywords)
            return self.state.change_registration(self.state.person(personal_number), kept, feed.MUTIERT)

    def add_keyword_by_hand(self, personal_number: str, keyword_id: str, stes_id: str | None = None) -> Registration:
        """Set a keyword; setting it twice is an ActError, as the screen offers it only once."""
        with self.state.people.lock:
            person = self.state.person(personal_number)
            registration = active_registration(person, stes_id)
            if keyword_id in registration.keywords or self.state.catalogue.keyword(keyword_id) is None:
                raise ActError("this keyword is set already or not in the catalogue")
            changed = replace(registration, keywords=(*registration.keywords, keyword_id))
            return self.state.change_registration(person, changed, feed.MUTIERT)

    def remove_keyword_by_hand(self, personal_number: str, keyword_id: str, stes_id: str | None = None) -> Registration:
        """Remove a keyword that is set."""
        with self.state.people.lock:
            person = self.state.person(personal_number)
            registration = active_registration(person, stes_id)
            if keyword_id not in registration.keywords:
                raise ActError("this keyword is not set")
            left = tuple(item for item in registration.keywords if item != keyword_id)
            return self.state.change_registration(person, replace(registration, keywords=left), feed.MUTIERT)

    def merge_persons(self, gone: str, surviving: str) -> JobSeeker:
        """Merge two numbers of one person: registrations and documents go to the surviving number."""
        with self.state.people.lock:
            old, kept = self.state.person(gone), self.state.person(surviving)
            if gone == surviving or old.merged_into is not None or kept.merged_into is not None:
                raise ActError("these two cannot be merged")
            now = self.state.clock()
            both = sorted((*kept.registrations, *old.registrations), key=lambda item: item.registered_on)
            merged = replace(
                kept,
                registrations=tuple(both),
                documents=(*kept.documents, *old.documents),
                avs_number=kept.avs_number or old.avs_number,
                version=kept.version + 1,
                changed_at=now,
            )
            emptied = replace(old, registrations=(), documents=(), merged_into=surviving, version=old.version + 1)
            self.state.people.put(replace(emptied, changed_at=now), None, feed.GELOESCHT)
            self.state.people.put(merged, None, feed.MUTIERT)
            return merged

    def change_identity(
        self,
        personal_number: str,
        *,
        family_name: str | None = None,
        first_name: str | None = None,
        birth_date: date | None = None,
        avs_number: str | None = None,
    ) -> JobSeeker:
        """Correct what is given; what is not given stays."""
        with self.state.people.lock:
            person = self.state.person(personal_number)
            changed = replace(
                person,
                family_name=family_name or person.family_name,
                first_name=first_name or person.first_name,
                birth_date=birth_date or person.birth_date,
                avs_number=avs_number or person.avs_number,
            )
            return self._person_changed(changed)

    def protect(self, personal_number: str, *, protected: bool = True) -> JobSeeker:
        """Take our account's right to see and change this person (KEINE_BERECHTIGUNG), or give it back."""
        with self.state.people.lock:
            return self._person_changed(replace(self.state.person(personal_number), protected=protected))

    def file_document(self, personal_number: str, document: Document) -> JobSeeker:
        """File a document in the GED."""
        with self.state.people.lock:
            person = self.state.person(personal_number)
            return self._person_changed(replace(person, documents=(*person.documents, document)))

    def decide_request(self, process_id: str, *, accepted: bool) -> str | None:
        """End a pending registration request after the central register's match; returns the new personal number."""
        with self.state.people.lock:
            request = self.state.requests.get(process_id)
            if request is None or request.status != "PENDENT":
                raise ActError("no pending request of that id")
            decided = replace(request, status="AKTIV" if accepted else "ABGELEHNT")
            self.state.requests[process_id] = decided
            if not accepted:
                return None
            person = self.register_person(
                request.family_name,
                request.first_name,
                request.birth_date,
                request.office,
                postal_code=request.address.postal_code,
                locality=request.address.locality,
                language=request.language,
                avs_number=request.avs_number,
                sex=request.sex,
            )
            return person.personal_number

    def _person_changed(self, person: JobSeeker) -> JobSeeker:
        stored = replace(person, version=person.version + 1, changed_at=self.state.clock())
        self.state.people.put(stored, None, feed.MUTIERT)
        return stored


def acts_of(state: PlastaState) -> Mapping[str, Act]:
    """Return every act under its name; documents are filed by tests in code only."""
    people = PlastaPeople(state)
    offered: tuple[Callable[..., object], ...] = (
        people.register_person,
        people.register,
        people.deregister,
        people.withdraw_deregistration,
        people.change_office,
        people.add_keyword_by_hand,
        people.remove_keyword_by_hand,
        people.merge_persons,
        people.change_identity,
        people.protect,
        people.decide_request,
    )
    return {method.__name__: typed_act(method) for method in offered}
