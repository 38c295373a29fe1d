"""What people do in the CII software, for tests, the demo and training. Each act is one change in the feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sandbox.cii.records import (
    EXIT_REASONS,
    FACETS,
    STATES,
    Beneficiary,
    Case,
    Exit,
    Locality,
    MirrorEntry,
    Procedure,
    Procuration,
    Reinsertion,
)
from sandbox.cii.state import CiiState
from sandbox.control import ActRefusedError


class PeoplesActs:
    """The acts, by method here and over `POST /_sandbox/acts/<name>` with the same names.

    Each raises `ActRefusedError` when it makes no sense on this case, `UnknownCaseError` when there is no such case.
    """

    def __init__(self, state: CiiState) -> None:
        self._state = state

    def set_reinsertion(
        self,
        case_id: str,
        confirmed_on: date,
        start_of_work: date | None = None,
        confirmed_by: str = "orp_respondent",
    ) -> Case:
        """C10: the tandem notes that the person found work."""
        said = Reinsertion(confirmed_on, confirmed_by, start_of_work)
        return self._state.change(case_id, lambda case: replace(case, reinsertion=said), "tandem")

    def withdraw_reinsertion(self, case_id: str) -> Case:
        """The tandem takes C10 back: it was noted by mistake."""
        return self._state.change(case_id, lambda case: replace(case, reinsertion=None), "tandem")

    def close_case(self, case_id: str, reason: str, on: date) -> Case:
        """C13: the coordinator closes every procedure of the case, with an exit reason."""
        _one_of("reason", reason, EXIT_REASONS)

        def closed(case: Case) -> Case:
            procedures = tuple(
                procedure if procedure.closed_on else replace(procedure, state="closed", closed_on=on)
                for procedure in case.procedures
            )
            return replace(case, procedures=procedures, exit=Exit(reason, on))

        return self._state.change(case_id, closed, "coordinator")

    def set_state(self, case_id: str, state: str, kind: str = "coaching") -> Case:
        """Somebody of the team moves a procedure on (or back)."""
        _one_of("kind", kind, tuple(STATES))
        _one_of("state", state, STATES[kind])

        def moved(case: Case) -> Case:
            if all(procedure.kind != kind for procedure in case.procedures):
                raise ActRefusedError(f"the case has no procedure of kind {kind}")
            return replace(
                case,
                procedures=tuple(
                    replace(procedure, state=state) if procedure.kind == kind else procedure
                    for procedure in case.procedures
                ),
            )

        return self._state.change(case_id, moved, "tandem")

    def revoke_procuration(self, case_id: str, procuration_id: str, on: date) -> Case:
        """The person takes back what was allowed."""

        def revoked(case: Case) -> Case:
            if all(procuration.id != procuration_id for procuration in case.procurations):
                raise ActRefusedError("the case has no such procuration")
            return replace(
                case,
                procurations=tuple(
                    replace(procuration, revoked_on=on) if procuration.id == procuration_id else procuration
                    for procuration in case.procurations
                ),
            )

        return self._state.change(case_id, revoked, "tandem")

    def add_procuration(
        self, case_id: str, recipients: tuple[str, ...], categories: tuple[str, ...], valid_from: date, valid_to: date
    ) -> Case:
        """The person signs a procuration on its first day of validity."""

        def signed(case: Case) -> Case:
            number = len(case.procurations) + 1
            procuration = Procuration(
                f"P{case.case_id[3:]}-{number:02}", valid_from, valid_from, valid_to, recipients, categories
            )
            return replace(case, procurations=(*case.procurations, procuration))

        return self._state.change(case_id, signed, "tandem")

    def correct_identity(
        self,
        case_id: str,
        family_name: str | None = None,
        first_name: str | None = None,
        birth_date: date | None = None,
        avs_number: str | None = None,
        personal_number: str | None = None,
    ) -> Case:
        """The secretariat corrects what is given; the rest of the identity stays."""

        def corrected(case: Case) -> Case:
            person = case.beneficiary
            return replace(
                case,
                beneficiary=replace(
                    person,
                    family_name=family_name or person.family_name,
                    first_name=first_name or person.first_name,
                    birth_date=birth_date or person.birth_date,
                    avs_number=avs_number or person.avs_number,
                    personal_number=personal_number or person.personal_number,
                ),
            )

        return self._state.change(case_id, corrected, "secretariat")

    def open_case(  # noqa: PLR0913 - the fields of the form that opens a case
        self,
        *,
        region: str,
        family_name: str,
        first_name: str,
        birth_date: date,
        postal_code: str,
        locality: str,
        bfs_number: int,
        language: str = "fr",
        avs_number: str | None = None,
        personal_number: str | None = None,
        kind: str = "coaching",
    ) -> Case:
        """A new case of this year, in the first state of its procedure, with a team copied from its region."""
        _one_of("kind", kind, tuple(STATES))
        now = self._state.now()
        known = self._state.cases()
        number = 1 + max((int(case.case_id[-6:]) for case in known), default=0)
        team = next((case.team for case in known if case.region == region), ())
        case = Case(
            f"CII-{now.year}-{number:06}",
            region,
            language,
            Beneficiary(
                family_name,
                first_name,
                birth_date,
                language,
                Locality(postal_code, locality, bfs_number),
                avs_number,
                personal_number,
            ),
            (Procedure(kind, STATES[kind][0], now.date()),),
            now,
            "tandem",
            team,
        )
        return self._state.add(case)

    def change_mirror_by_hand(self, case_id: str, facet: str, value: Mapping[str, str]) -> Case:
        """Somebody types over what was mirrored from PLASTA."""
        _one_of("facet", facet, FACETS)

        def typed(case: Case) -> Case:
            former = case.mirror.get(facet)
            now = self._state.now()
            version, generation = (former.version, former.generation) if former else (0, 0)
            entry = MirrorEntry(dict(value), version + 1, now, "tandem", now, generation + 1)
            return replace(case, mirror={**case.mirror, facet: entry})

        return self._state.change(case_id, typed, "tandem")


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ActRefusedError(f"{field}: must be one of {', '.join(allowed)}")
