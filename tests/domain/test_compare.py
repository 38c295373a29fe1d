"""Three-point comparison: nobody's move is lost, nothing that both moved is overwritten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.compare import OWNERSHIP, Finding, Ownership, Treatment, find, treat
from domain.facets import MIRRORED, Facet, FacetValue, System

A: FacetValue = {"status": "a"}
B: FacetValue = {"status": "b"}
C: FacetValue = {"status": "c"}

values = st.none() | st.sampled_from([{}, A, B, C])


@pytest.mark.parametrize(
    ("cii", "plasta", "agreed", "finding"),
    [
        (A, A, None, Finding.AGREE),
        (A, A, B, Finding.AGREE),
        (None, {}, A, Finding.AGREE),
        (A, None, None, Finding.CII_ONLY),
        (None, A, None, Finding.PLASTA_ONLY),
        ({}, A, None, Finding.PLASTA_ONLY),
        (A, B, None, Finding.DIFFER_AT_FIRST_SIGHT),
        (A, B, A, Finding.PLASTA_MOVED),
        (A, B, B, Finding.CII_MOVED),
        (A, B, C, Finding.BOTH_MOVED),
        (None, A, {}, Finding.PLASTA_MOVED),
        (A, {}, A, Finding.PLASTA_MOVED),
        (A, B, {}, Finding.BOTH_MOVED),
    ],
)
def test_two_views_against_the_last_agreement(
    cii: FacetValue | None, plasta: FacetValue | None, agreed: FacetValue | None, finding: Finding
) -> None:
    assert find(cii, plasta, agreed) is finding


@given(values, values, values)
def test_a_write_never_goes_over_a_value_that_moved(
    cii: FacetValue | None, plasta: FacetValue | None, agreed: FacetValue | None
) -> None:
    for row in OWNERSHIP.values():
        treatment = treat(find(cii, plasta, agreed), row)
        overwritten = {Treatment.WRITE_CII: cii, Treatment.WRITE_PLASTA: plasta}.get(treatment)
        if treatment in (Treatment.WRITE_CII, Treatment.WRITE_PLASTA):
            assert (overwritten or None) == (agreed or None), "the side written to still stands at the agreement"


@given(values, values, values)
def test_both_sides_count_alike(cii: FacetValue | None, plasta: FacetValue | None, agreed: FacetValue | None) -> None:
    mirrored = {
        Finding.CII_MOVED: Finding.PLASTA_MOVED,
        Finding.PLASTA_MOVED: Finding.CII_MOVED,
        Finding.CII_ONLY: Finding.PLASTA_ONLY,
        Finding.PLASTA_ONLY: Finding.CII_ONLY,
    }
    finding = find(cii, plasta, agreed)
    assert find(plasta, cii, agreed) is mirrored.get(finding, finding)


ROW = Ownership(Facet.REGISTRATION, frozenset({System.PLASTA}), writes_cii=True)


@pytest.mark.parametrize(
    ("finding", "treatment"),
    [
        (Finding.AGREE, Treatment.SETTLE),
        (Finding.PLASTA_MOVED, Treatment.WRITE_CII),
        (Finding.PLASTA_ONLY, Treatment.WRITE_CII),
        (Finding.CII_MOVED, Treatment.ASK_OWNER),
        (Finding.CII_ONLY, Treatment.ASK_OWNER),
        (Finding.BOTH_MOVED, Treatment.CONFLICT),
        (Finding.DIFFER_AT_FIRST_SIGHT, Treatment.CONFLICT),
        (Finding.NOT_ALLOWED, Treatment.NOTHING),
    ],
)
def test_the_owner_alone_is_written_on(finding: Finding, treatment: Treatment) -> None:
    assert treat(finding, ROW) is treatment


def test_a_move_without_an_operation_is_a_question() -> None:
    assert treat(Finding.CII_MOVED, OWNERSHIP[Facet.IDENTITY]) is Treatment.ASK_OWNER


def test_every_mirrored_facet_can_be_written_to_the_cii_software() -> None:
    assert all(OWNERSHIP[facet].writes_cii for facet in MIRRORED)
