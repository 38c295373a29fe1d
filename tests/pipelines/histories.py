"""Histories of two cases in both systems: what people do, what gets lost, and what must never come of it.

The strict systems watch every effect of ours as it happens: no effect may repeat what is there already, and none may
go over what a hand changed and nobody agreed to since.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from domain.cases import CaseFile, Exit, ExitReason, Mirrored, Reinsertion, TeamRole
from domain.errors import OutcomeUnknownError, UnavailableError
from domain.facets import Facet, FacetValue
from domain.mail import Acceptance, Mailbox, OutgoingMail
from domain.normal_form import plasta_says, yes_no
from domain.people import CaseId, PersonalNumber, RegistrationId
from domain.registrations import Deregistration, Registration, RegistryPerson, RegistryView, Sight
from tests.builders import TODAY, coaching, procuration
from tests.fakes import FakeCii, FakeMailer, FakePlasta, Faults
from tests.pipelines.world import World, numbered

HAND = "anne.favre"
MIRRORS = (Facet.REGISTRATION, Facet.DEREGISTRATION, Facet.KEYWORD_STATE)
WRITES = ("add_keyword", "remove_keyword", "write_mirror", "send")
INDEXES = (1, 2)

BY_HAND: dict[Facet, FacetValue] = {
    Facet.REGISTRATION: {"status": "not_registered"},
    Facet.DEREGISTRATION: {"effective": "2026-12-01", "job_found": "no"},
    Facet.KEYWORD_STATE: {"present": "no"},
}
"""What a hand might enter in the mirror."""


EXIT = Exit(ExitReason.NETWORK_FOLLOW_UP, TODAY)

Key = TypeVar("Key")
Value = TypeVar("Value")


def _note(hands: dict[Key, Value], key: Key, value: Value, *, moved: bool) -> None:
    """A hand's change stands until both sides agree; a hand that goes back to the agreement changed nothing."""
    if moved:
        hands[key] = value
    else:
        hands.pop(key, None)


@dataclass
class StrictCii(FakeCii):
    """Notes a write that repeats what is shown, or that goes over a hand's value that nobody agreed to."""

    hands: dict[tuple[CaseId, Facet], FacetValue] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def write_mirror(
        self, case_id: CaseId, facet: Facet, value: FacetValue, version: int, observed_at: datetime
    ) -> Mirrored:
        """Save, watched."""
        before, count = self.cases[case_id].mirrored(facet), len(self.written)
        try:
            return super().write_mirror(case_id, facet, value, version, observed_at)
        finally:
            if len(self.written) > count:
                if (before.value or None) == (value or None):
                    self.violations.append(f"{case_id} {facet}: written again")
                if (case_id, facet) in self.hands:
                    self.violations.append(f"{case_id} {facet}: a hand's value was overwritten")


@dataclass
class StrictPlasta(FakePlasta):
    """Notes a keyword that is set twice, removed twice, or set and removed against a hand."""

    hands: dict[RegistrationId, bool] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def _save(self, registration_id: RegistrationId, version: int, operation: str, *, present: bool) -> None:
        person, index = self._of(registration_id)
        before, count = person.registrations[index].has_keyword, len(self.written)
        try:
            super()._save(registration_id, version, operation, present=present)
        finally:
            if len(self.written) > count:
                if before is present:
                    self.violations.append(f"{registration_id}: {operation} again")
                if registration_id in self.hands:
                    self.violations.append(f"{registration_id}: {operation} against a hand")


@dataclass
class StrictMailer(FakeMailer):
    """Notes a mail that a recipient gets twice."""

    violations: list[str] = field(default_factory=list)

    def send(self, mail: OutgoingMail, recipient: Mailbox) -> Acceptance:
        """Take it, watched."""
        try:
            return super().send(mail, recipient)
        finally:
            counts = Counter((one.message_id, box.address) for one, box in self.taken)
            self.violations += [f"{key} twice" for key, count in counts.items() if count > 1]


@dataclass
class History:
    """Two cases, and everything that may happen to them."""

    world: World
    cii: StrictCii
    plasta: StrictPlasta
    mailer: StrictMailer
    born: int = 0

    def begin(self) -> None:
        """Both persons are registered, neither has the keyword, nothing is mirrored."""
        for index in INDEXES:
            one, her = numbered(index)
            self.cii.put(one)
            self.plasta.put(her)

    # what people do in PLASTA

    def person(self, index: int) -> RegistryPerson:
        """The person of a case, as PLASTA has her now."""
        return self.plasta.people[PersonalNumber(f"1000000{index}")]

    def _registration(self, index: int, change: Callable[[Registration], Registration]) -> None:
        self.world.change_registration(change, f"1000000{index}")

    def inactivate(self, index: int) -> None:
        """The newest registration ends, or begins again."""
        self._registration(index, lambda one: replace(one, active=not one.active))

    def move_office(self, index: int) -> None:
        """The registration moves to another office without a new number."""
        self._registration(index, lambda one: replace(one, office="VSM10" if one.office == "VSO10" else "VSO10"))

    def register_anew(self, index: int) -> None:
        """A change of office with a new registration, which starts without our keyword."""
        self.born += 1
        her = self.person(index)
        old = tuple(replace(one, active=False) for one in her.registrations)
        fresh = RegistrationId(f"AD00{index}{self.born:03d}")
        self.plasta.put(replace(her, registrations=(*old, Registration(fresh, True, "VSN10", TODAY, False, 1))))

    def deregister(self, index: int) -> None:
        """A de-registration with a job is entered, or withdrawn."""
        hint = Deregistration(date(2026, 11, 20), True, "ABMELDEGRUND", "1")
        self._registration(index, lambda one: replace(one, deregistration=None if one.deregistration else hint))

    def rename_in_plasta(self, index: int) -> None:
        """The ORP corrects a name."""
        self.plasta.put(replace(self.person(index), first_name=f"Élodie {self.world.clock():%H%M%S}"))

    def keyword_by_hand(self, index: int) -> None:
        """An officer sets or removes the keyword on the newest registration."""
        newest = self.person(index).registrations[-1]
        agreed = self._agreed(index, Facet.KEYWORD) or {}
        if agreed.get("registration") == newest.registration_id:
            moved = agreed["present"] != yes_no(not newest.has_keyword)
            _note(self.plasta.hands, newest.registration_id, not newest.has_keyword, moved=moved)
        self._registration(index, lambda one: replace(one, has_keyword=not one.has_keyword))

    def _agreed(self, index: int, facet: Facet) -> FacetValue | None:
        """What our store takes both sides to have agreed on."""
        facts = self.world.needs.cases.facts([self.case_id(index)]).get(self.case_id(index))
        known = facts.agreed.get(facet) if facts else None
        return known.value if known else None

    # what people do in the CII software

    def case_id(self, index: int) -> CaseId:
        """The id of a case."""
        return CaseId(f"CII-2026-00000{index}")

    def _case(self, index: int, change: Callable[[CaseFile], CaseFile]) -> None:
        self.world.change_case(change, self.case_id(index))

    def close_or_reopen(self, index: int) -> None:
        """The coordinator closes the coaching, or opens it again."""

        def change(one: CaseFile) -> CaseFile:
            if one.coaching() is None:
                return replace(one, procedures=(coaching(),), exit=None)
            return replace(one, procedures=(coaching("closed", TODAY),), exit=EXIT)

        self._case(index, change)

    def rename_in_cii(self, index: int) -> None:
        """The secretariat corrects a name."""
        name = f"Élodie {self.world.clock():%H%M%S}"
        self._case(index, lambda one: replace(one, beneficiary=replace(one.beneficiary, first_name=name)))

    def confirm(self, index: int) -> None:
        """The tandem confirms a reinsertion, or takes its word back."""
        word = Reinsertion(TODAY, TeamRole.ORP_RESPONDENT)
        self._case(index, lambda one: replace(one, reinsertion=None if one.reinsertion else word))

    def revoke_or_sign(self, index: int) -> None:
        """The person takes her procuration back, or signs again."""
        paper = procuration(procuration_id=f"P{self.world.clock():%H%M%S}")
        self._case(index, lambda one: replace(one, procurations=() if one.procurations else (paper,)))

    def mirror_by_hand(self, index: int, facet: Facet) -> None:
        """Somebody writes over the mirror; the next one who does so empties it."""

        def change(one: CaseFile) -> CaseFile:
            before = one.mirrored(facet)
            value = {} if before.value == BY_HAND[facet] else BY_HAND[facet]
            return replace(one, mirror={**one.mirror, facet: Mirrored(before.version + 1, value, HAND)})

        self._case(index, change)
        value = self.cii.cases[self.case_id(index)].mirrored(facet).value or {}
        moved = dict(value) != dict(self._agreed(index, facet) or {})
        _note(self.cii.hands, (self.case_id(index), facet), value, moved=moved)

    # what goes wrong, and what we do

    def lose(self, operation: str) -> None:
        """The answer to the next such write is lost after it took effect."""
        self._faults(operation).lose_answer(operation)

    def cut(self, operation: str) -> None:
        """The next such write never arrives, and nobody can tell."""
        self._faults(operation).fail(operation, OutcomeUnknownError("cut", operation=operation))

    def refuse_connection(self, operation: str) -> None:
        """The next such write finds nobody."""
        self._faults(operation).fail(operation, UnavailableError("away", operation=operation))

    def _faults(self, operation: str) -> Faults:
        owner = {"write_mirror": self.cii.faults, "send": self.mailer.faults}
        return owner.get(operation, self.plasta.faults)

    def night(self) -> None:
        """A nightly, planned and applied; what a hand changed and both sides agree on by now is nobody's any more."""
        self._forget_what_agrees()
        self.world.clock.now += timedelta(minutes=7)
        self.world.night()

    def send(self) -> None:
        """What is due now."""
        self.world.send()

    def _forget_what_agrees(self) -> None:
        for index in INDEXES:
            one, view = self.cii.cases[self.case_id(index)], self.truth(index)
            for facet in MIRRORS:
                if (plasta_says(view, facet) or None) == (one.mirrored(facet).value or None):
                    self.cii.hands.pop((one.case_id, facet), None)
            for known in self.person(index).registrations:
                if known.has_keyword is (one.coaching() is not None):
                    self.plasta.hands.pop(known.registration_id, None)

    def truth(self, index: int) -> RegistryView:
        """PLASTA's side of a case as it really is."""
        return RegistryView(Sight.BOUND, self.world.clock(), self.person(index))
