"""A case as the contract writes it: camelCase, absent instead of null, instants in UTC with their zone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

from sandbox.cii.records import Beneficiary, Case, Document, MirrorEntry, Procedure, Procuration, TeamMember

JsonObject = dict[str, object]


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def encoded(value: object) -> bytes:
    """JSON as UTF-8, names as they are written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def given(**fields: object) -> JsonObject:
    """The fields that have a value; a day becomes its ISO form."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
        if value is not None
    }


def case_json(case: Case) -> JsonObject:
    """Schema `Case`."""
    return given(
        caseId=case.case_id,
        sequence=case.sequence,
        version=case.version,
        changedAt=instant(case.changed_at),
        changedBy=case.changed_by,
        region=case.region,
        language=case.language,
        beneficiary=_beneficiary(case.beneficiary),
        procedures=[_procedure(procedure) for procedure in case.procedures],
        exit=given(reason=case.exit.reason, on=case.exit.on) if case.exit else None,
        reinsertion=_reinsertion(case),
        team=[_member(member) for member in case.team],
        procurations=[_procuration(procuration) for procuration in case.procurations],
        mirror={facet: _mirror_entry(entry) for facet, entry in case.mirror.items()},
        documentCount=len(case.documents),
    )


def facet_json(facet: str, entry: MirrorEntry | None) -> JsonObject:
    """Schema `MirrorFacet`; version 0 and an empty value when nothing was written."""
    if entry is None:
        return {"facet": facet, "value": {}, "version": 0}
    return {"facet": facet, **_mirror_entry(entry), "observedAt": instant(entry.observed_at)}


def document_json(document: Document) -> JsonObject:
    """Schema `Document`."""
    return given(
        documentId=document.id,
        kind=document.kind,
        mediaType=document.media_type,
        size=document.size,
        sha256=document.sha256,
        filedOn=document.filed_on,
        filedBy=document.filed_by,
    )


def _beneficiary(person: Beneficiary) -> JsonObject:
    return given(
        avsNumber=person.avs_number,
        personalNumber=person.personal_number,
        familyName=person.family_name,
        firstName=person.first_name,
        birthDate=person.birth_date,
        language=person.language,
        locality={
            "postalCode": person.locality.postal_code,
            "name": person.locality.name,
            "bfsNumber": person.locality.bfs_number,
        },
    )


def _procedure(procedure: Procedure) -> JsonObject:
    return given(kind=procedure.kind, state=procedure.state, openedOn=procedure.opened_on, closedOn=procedure.closed_on)


def _reinsertion(case: Case) -> JsonObject | None:
    if case.reinsertion is None:
        return None
    said = case.reinsertion
    return given(confirmedOn=said.confirmed_on, confirmedBy=said.confirmed_by, startOfWork=said.start_of_work)


def _member(member: TeamMember) -> JsonObject:
    return {
        "role": member.role,
        "institution": member.institution,
        "name": member.name,
        "email": member.email,
        "language": member.language,
    }


def _procuration(procuration: Procuration) -> JsonObject:
    return given(
        id=procuration.id,
        signedOn=procuration.signed_on,
        validFrom=procuration.valid_from,
        validTo=procuration.valid_to,
        revokedOn=procuration.revoked_on,
        recipients=list(procuration.recipients),
        categories=list(procuration.categories),
    )


def _mirror_entry(entry: MirrorEntry) -> JsonObject:
    value: Mapping[str, str] = entry.value
    return {
        "value": dict(value),
        "version": entry.version,
        "changedAt": instant(entry.changed_at),
        "changedBy": entry.changed_by,
    }
