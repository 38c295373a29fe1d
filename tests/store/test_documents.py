"""Documents: what goes in comes out, what does not fit is an error with its path, only content counts as a change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases import CaseFile, Exit, ExitReason, Mirrored, Reinsertion, TeamRole
from domain.consent_terms import Category
from domain.errors import InvalidRecordError
from domain.facets import Facet
from domain.people import PersonalNumber, RegistrationId
from domain.registrations import Deregistration, RegistryPerson, RegistryView, Sight
from store.codec import CASE, EFFECT, SIDES, VIEW
from store.content import hashes_of_case, hashes_of_view
from store.key_file import new_keys
from store.sealing import KeyRing
from tests import builders
from tests.builders import NOW

RING = KeyRing(new_keys())
LATER = NOW + timedelta(hours=1)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))
VALUES = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3)
MIRRORS = st.dictionaries(
    st.sampled_from(Facet), st.builds(Mirrored, st.integers(0, 99), st.none() | VALUES, st.text(max_size=5)), max_size=4
)
CASES = st.builds(
    builders.case,
    version=st.integers(0, 10**9),
    beneficiary=st.builds(
        builders.beneficiary, family_name=st.text(max_size=20), avs_number=st.none(), birth_date=DAYS
    ),
    procurations=st.tuples(
        st.builds(
            builders.procuration,
            recipients=st.frozensets(st.text(max_size=6), max_size=5),
            categories=st.frozensets(st.sampled_from(Category), max_size=5),
            revoked_on=st.none() | DAYS,
        )
    ),
    exit=st.none() | st.builds(Exit, st.sampled_from(ExitReason), DAYS),
    reinsertion=st.none() | st.builds(Reinsertion, DAYS, st.none() | st.sampled_from(TeamRole), st.none() | DAYS),
    mirror=MIRRORS,
)
REGISTRATIONS = st.builds(
    builders.registration,
    registration_id=st.text(max_size=8).map(RegistrationId),
    version=st.integers(0, 99),
    has_keyword=st.booleans(),
    deregistration=st.none() | st.builds(Deregistration, DAYS, st.booleans(), st.text(max_size=4), st.text(max_size=4)),
)
VIEWS = st.builds(
    RegistryView,
    sight=st.sampled_from(Sight),
    read_at=st.just(NOW),
    person=st.none()
    | st.builds(lambda found: builders.person(*found), st.lists(REGISTRATIONS, min_size=1, max_size=4)),
    candidates=st.lists(st.text(max_size=8).map(PersonalNumber), max_size=3).map(tuple),
    denied_because=st.lists(st.text(max_size=8), max_size=3).map(tuple),
)


@given(case=CASES)
def test_any_case_comes_back_as_it_was(case: CaseFile) -> None:
    assert CASE.load(CASE.dump(case), "1") == case


@given(view=VIEWS)
def test_any_view_comes_back_as_it_was(view: RegistryView) -> None:
    assert VIEW.load(VIEW.dump(view), "1") == view


@given(one=st.none() | VALUES, two=st.none() | VALUES)
def test_nothing_and_an_empty_value_are_kept_apart(one: dict[str, str] | None, two: dict[str, str] | None) -> None:
    assert SIDES.load(SIDES.dump((one, two)), "1") == (one, two)
    assert EFFECT.load(EFFECT.dump((one or {}, two)), "1") == (one or {}, two)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (CASE.dump(builders.case()).replace(b'"running"', b"7"), "CaseFile.procedures.0.state"),
        (CASE.dump(builders.case()).replace(b'"version":1,"changed_at"', b'"changed_at"'), "CaseFile.version"),
        (CASE.dump(builders.case()).replace(b'"fr"', b'"it"', 1), "CaseFile.language"),
        (CASE.dump(builders.case())[:-30], "CaseFile"),
    ],
    ids=["wrong type", "missing", "unknown word", "cut"],
)
def test_a_document_that_does_not_fit_tells_its_path_and_no_value(data: bytes, path: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        CASE.load(data, "CII-1")

    assert caught.value.path == path
    assert caught.value.reference == "CII-1"
    assert "Bonvin" not in str(caught.value)


@given(case=CASES)
def test_versions_move_the_whole_and_not_the_content(case: CaseFile) -> None:
    mirror = {facet: replace(one, version=one.version + 1) for facet, one in case.mirror.items()}
    renumbered = replace(case, version=case.version + 1, changed_at=LATER, mirror=mirror)
    before, after = hashes_of_case(RING, case), hashes_of_case(RING, renumbered)

    assert before.content == after.content
    assert before.whole != after.whole


@given(case=CASES, other=CASES)
def test_cases_with_equal_content_are_equal_but_for_versions(case: CaseFile, other: CaseFile) -> None:
    mirror = {facet: replace(one, version=0) for facet, one in other.mirror.items()}
    plain = {facet: replace(one, version=0) for facet, one in case.mirror.items()}
    same = replace(other, version=case.version, mirror=mirror) == replace(case, mirror=plain)

    assert (hashes_of_case(RING, case).content == hashes_of_case(RING, other).content) == same


@given(view=VIEWS)
def test_when_a_view_was_read_is_no_change_at_all(view: RegistryView) -> None:
    assert hashes_of_view(RING, view) == hashes_of_view(RING, replace(view, read_at=LATER))


@pytest.mark.parametrize(
    "changed",
    [
        builders.registration(has_keyword=False),
        builders.registration(active=False),
        builders.registration(office="VSP10"),
        builders.registration(deregistration=Deregistration(NOW.date(), True, "D", "1")),
    ],
)
def test_what_a_registration_says_is_content(changed: object) -> None:
    before = builders.view(builders.person(builders.registration()))
    after = builders.view(builders.person(changed))  # type: ignore[arg-type]

    assert hashes_of_view(RING, before).content != hashes_of_view(RING, after).content


def test_the_order_in_which_registrations_are_listed_says_nothing() -> None:
    one, two = builders.registration(), builders.registration(registration_id=RegistrationId("AD000002"))
    listed: list[RegistryPerson] = [builders.person(one, two), builders.person(two, one)]

    first, second = (hashes_of_view(RING, builders.view(each)) for each in listed)
    assert first == second
