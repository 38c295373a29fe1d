"""The consent gate: default deny, asked before anything is looked up or leaves, when queued and again when sent.

Sources: LACI art. 85f al. 1-2, LSE art. 35a (procuration, reciprocity); the two shipped statutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from domain.cases import CaseFile
from domain.consent_terms import IDENTIFIERS, Category, Procuration, Purpose, Recipient, Statute


class Reason(StrEnum):
    """Why a procuration or a statute does not carry a disclosure."""

    NO_PROCURATION = "no_procuration"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    RECIPIENT_NOT_NAMED = "recipient_not_named"
    CATEGORY_NOT_TICKED = "category_not_ticked"
    NOT_FOLLOWING = "recipient_does_not_follow_the_person"
    NOT_RECIPROCAL = "recipient_not_reciprocal"


@dataclass(frozen=True, slots=True)
class Allowed:
    """A basis holds; only these fields may go."""

    basis: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Denied:
    """No basis holds; every reason that stood in the way, to be shown and never silent."""

    reasons: tuple[Reason, ...]


Verdict: TypeAlias = Allowed | Denied

PROCURATION_FIELDS = IDENTIFIERS | {"keyword", "case_id", "identity", "deregistration", "reinsertion", "status"}
"""What the administrative category covers until a recipient's own list (registry) narrows it; ``identity``,
``deregistration`` and ``status`` are the comparisons of these facets."""


def decide(
    case: CaseFile,
    recipient: Recipient,
    categories: frozenset[Category],
    purpose: Purpose,
    on: date,
    statutes: Iterable[Statute],
) -> Verdict:
    """Whether ``categories`` of ``case`` may go to ``recipient`` for ``purpose`` on a day of Europe/Zurich.

    A valid procuration is preferred to a statute because it covers more; with neither, the reasons of the
    procurations are told.
    """
    reasons: list[Reason] = []
    for procuration in case.procurations:
        lacking = _lacking(case, procuration, recipient, categories, on)
        if not lacking:
            return Allowed(f"procuration:{procuration.procuration_id}", _fields(PROCURATION_FIELDS, recipient))
        reasons.extend(lacking)
    for statute in statutes:
        if _covers(statute, case, recipient, categories, purpose):
            return Allowed(statute.reference, _fields(statute.fields, recipient))
    return Denied(tuple(dict.fromkeys(reasons)) or (Reason.NO_PROCURATION,))


def _lacking(
    case: CaseFile, paper: Procuration, recipient: Recipient, categories: frozenset[Category], on: date
) -> tuple[Reason, ...]:
    """Every condition that this procuration fails for this disclosure."""
    found = {
        Reason.REVOKED: paper.revoked_on is not None and paper.revoked_on <= on,
        Reason.EXPIRED: on > paper.valid_to,
        Reason.NOT_YET_VALID: on < paper.valid_from,
        Reason.RECIPIENT_NOT_NAMED: recipient.institution not in paper.recipients,
        Reason.CATEGORY_NOT_TICKED: not categories <= paper.categories,
        Reason.NOT_FOLLOWING: not case.followed_by(recipient.institution),
        Reason.NOT_RECIPROCAL: not recipient.reciprocal,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _covers(
    statute: Statute, case: CaseFile, recipient: Recipient, categories: frozenset[Category], purpose: Purpose
) -> bool:
    """Whether every limit of a statute is kept."""
    return (
        purpose in statute.purposes
        and categories <= statute.categories
        and (recipient.inside or not statute.inside_only)
        and (recipient.public_employment or not statute.public_employment_only)
        and (case.coaching() is not None or not statute.open_coaching_only)
    )


def _fields(fields: frozenset[str], recipient: Recipient) -> frozenset[str]:
    """The fields without the AVS number for a recipient that is not entitled to it."""
    return fields if recipient.may_receive_avs else fields - {"avs_number"}


def next_change(case: CaseFile, on: date) -> date | None:
    """The next day on which a procuration begins, ends or is revoked: the case is decided again from then on."""
    days = (
        day
        for paper in case.procurations
        for day in (paper.valid_from, date.fromordinal(paper.valid_to.toordinal() + 1), paper.revoked_on)
        if day is not None and day > on
    )
    return min(days, default=None)
