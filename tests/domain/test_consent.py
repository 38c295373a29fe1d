"""The consent gate: default deny, every condition counts, and only the covered fields go."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import consent
from domain.cases import CaseFile, Procedure, ProcedureKind
from domain.consent import Allowed, Denied, Reason
from domain.consent_terms import SHIPPED_STATUTES, Category, Purpose, Recipient
from tests import builders
from tests.builders import OPENED, TODAY, Institutions, procuration

ORP = Institutions().recipient("orp-sion")
OFFICE = Institutions().recipient("cii-office")
ADMIN = frozenset({Category.ADMINISTRATIVE})
MANAGED = (Procedure(ProcedureKind.CASE_MANAGEMENT, "open", OPENED),)


def ask(
    case: CaseFile,
    recipient: Recipient = ORP,
    categories: frozenset[Category] = ADMIN,
    purpose: Purpose = Purpose.REGISTRATION_CHECK,
    on: date = TODAY,
) -> consent.Verdict:
    return consent.decide(case, recipient, categories, purpose, on, SHIPPED_STATUTES)


def test_nothing_goes_without_a_basis() -> None:
    case = builders.case(procurations=(), procedures=MANAGED)
    assert ask(case) == Denied((Reason.NO_PROCURATION,))


def test_a_valid_procuration_carries_and_is_named() -> None:
    verdict = ask(builders.case(procedures=MANAGED))
    assert isinstance(verdict, Allowed)
    assert verdict.basis == "procuration:P1"
    assert "deregistration" in verdict.fields


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"valid_to": TODAY - timedelta(days=1)}, Reason.EXPIRED),
        ({"valid_from": TODAY + timedelta(days=1)}, Reason.NOT_YET_VALID),
        ({"revoked_on": TODAY}, Reason.REVOKED),
        ({"recipients": frozenset({"suva"})}, Reason.RECIPIENT_NOT_NAMED),
        ({"categories": frozenset({Category.MEDICAL})}, Reason.CATEGORY_NOT_TICKED),
    ],
)
def test_each_condition_of_the_paper_counts(changes: dict[str, object], reason: Reason) -> None:
    case = builders.case(procurations=(procuration(**changes),), procedures=MANAGED)
    assert ask(case) == Denied((reason,))


def test_the_last_day_still_counts() -> None:
    case = builders.case(procurations=(procuration(valid_to=TODAY),), procedures=MANAGED)
    assert isinstance(ask(case), Allowed)
    assert isinstance(ask(case, on=TODAY + timedelta(days=1)), Denied)


def test_a_recipient_must_follow_the_person_and_be_reciprocal() -> None:
    stranger = builders.case(team=(), procedures=MANAGED)
    assert ask(stranger) == Denied((Reason.NOT_FOLLOWING,))
    one_way = Recipient("orp-sion", public_employment=True)
    assert ask(builders.case(procedures=MANAGED), one_way) == Denied((Reason.NOT_RECIPROCAL,))


def test_the_duty_to_register_covers_identifier_and_keyword_of_an_open_coaching_only() -> None:
    without_paper = builders.case(procurations=())
    verdict = ask(without_paper)
    assert isinstance(verdict, Allowed)
    assert verdict.basis == "registration-duty"
    assert verdict.fields.isdisjoint({"identity", "deregistration", "status"})
    assert isinstance(ask(builders.closed_case(procurations=())), Denied)


def test_the_convention_covers_the_inside_only() -> None:
    case = builders.case(procurations=())
    inside = ask(case, OFFICE, purpose=Purpose.REINSERTION_NOTICE)
    assert isinstance(inside, Allowed)
    assert inside.basis == "cii-convention"
    assert isinstance(ask(case, ORP, purpose=Purpose.REINSERTION_NOTICE), Denied)


def test_the_avs_number_goes_only_to_those_entitled() -> None:
    entitled = ask(builders.case())
    other = ask(builders.case(), Recipient("orp-sion", reciprocal=True))
    assert isinstance(entitled, Allowed)
    assert isinstance(other, Allowed)
    assert entitled.fields - other.fields == {"avs_number"}


@given(st.sets(st.sampled_from(Category), min_size=1).filter(lambda some: some != {Category.ADMINISTRATIVE}))
def test_no_shipped_statute_covers_more_than_the_administrative_category(categories: set[Category]) -> None:
    case = builders.case(procurations=())
    for recipient in (ORP, OFFICE):
        for purpose in Purpose:
            assert isinstance(ask(case, recipient, frozenset(categories), purpose), Denied)


def test_the_next_change_is_the_nearest_day_ahead() -> None:
    paper = procuration(valid_from=TODAY + timedelta(days=3), valid_to=TODAY + timedelta(days=9))
    case = builders.case(procurations=(paper,))
    assert consent.next_change(case, TODAY) == TODAY + timedelta(days=3)
    assert consent.next_change(case, TODAY + timedelta(days=3)) == TODAY + timedelta(days=10)
    assert consent.next_change(builders.case(procurations=()), TODAY) is None
