"""Failed intents by cause: what is counted, under what, and which are parked for one cause."""

from datetime import timedelta

import pytest

from domain.causes import Cause, Standing, Stretch, pin_of
from domain.facets import Facet, Target
from domain.intents import IntentKind, Outcome
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from tests.builders import NOW
from tests.store.steps import claim, commit, decision, facts_of, result, wish, wished

HOUR = timedelta(hours=1)
REFUSED = Cause(Target.CII, IntentKind.WRITE_BACK, "refused", "422")


def parked(cases: SqlCaseBook, intents: SqlIntentBook, number: int, code: str = "422", family: str = "refused") -> str:
    """The id of an intent of that case, parked ``number`` hours after now."""
    wished(cases, wish(number), number=number)
    (one,) = claim(intents)
    intents.record([result(one, Outcome.PARKED, NOW + number * HOUR, code=code, family=family, message="no")])
    return one.intent.intent_id


def ended(cases: SqlCaseBook, intents: SqlIntentBook, outcome: Outcome, family: str, *, later: bool) -> None:
    """An intent of case 9 whose only attempt ended so, due again in an hour or not at all."""
    wished(cases, wish(9), number=9)
    (one,) = claim(intents)
    due = NOW + HOUR if later else None
    intents.record([result(one, outcome, code="c", family=family, due_at=due)])


def test_the_same_code_is_one_cause_whatever_the_message_says(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    for number in (1, 2, 3):
        parked(cases, intents, number)
    parked(cases, intents, 4, code="409", family="conflict")

    first, second = intents.causes()

    assert (first.cause, first.standings, first.oldest) == (REFUSED, {Standing.PARKED: 3}, NOW)
    assert first.next_due is None
    assert (second.cause.family, second.cause.code, second.standings) == ("conflict", "409", {Standing.PARKED: 1})


@pytest.mark.parametrize(
    ("outcome", "family", "later", "standing"),
    [
        (Outcome.UNKNOWN, "unknown", False, Standing.HELD),
        (Outcome.UNKNOWN, "unknown", True, Standing.UNKNOWN),
        (Outcome.RETRY_AT, "unavailable", True, Standing.WAITING),
        (Outcome.HALTED, "credentials", True, Standing.WAITING),
    ],
)
def test_what_waits_in_doubt_or_after_a_failure_is_counted(
    cases: SqlCaseBook, intents: SqlIntentBook, outcome: Outcome, family: str, later: bool, standing: Standing
) -> None:
    ended(cases, intents, outcome, family, later=later)

    (found,) = intents.causes()

    assert found.standings == {standing: 1}
    assert found.next_due == (NOW + HOUR if later else None)


def test_what_never_failed_or_is_over_is_no_cause(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    ended(cases, intents, Outcome.HALTED, "", later=True)
    wished(cases, wish(2, target=Target.PLASTA, facet=Facet.KEYWORD), number=2)
    (one,) = claim(intents)
    intents.record([result(one, Outcome.OVERTAKEN)])

    assert intents.causes() == []


def test_what_a_person_offered_again_has_not_failed_until_it_fails_again(
    cases: SqlCaseBook, intents: SqlIntentBook
) -> None:
    intent_id = parked(cases, intents, 1)
    assert intents.retry(intent_id, NOW + 2 * HOUR, "ops")
    assert intents.causes() == []

    (one,) = claim(intents, NOW + 2 * HOUR)
    intents.record([result(one, Outcome.PARKED, NOW + 2 * HOUR, code="422", family="refused")])

    assert [found.cause for found in intents.causes()] == [REFUSED]
    assert [one.code for one in intents.attempts(intent_id)] == ["422", "422"], "the attempts keep what was before"


def test_what_a_basis_brings_back_does_not_count_as_failed(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    parked(cases, intents, 1, code="consent", family="consent")
    assert sum(one.standings[Standing.PARKED] for one in intents.causes()) == 1

    commit(cases, decision(facts_of(cases), wish(1)), at=NOW + 2 * HOUR)

    assert intents.causes() == []


def test_the_parked_ones_of_a_cause_in_a_stretch_of_time(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    first, second, third = (parked(cases, intents, number) for number in (1, 2, 3))
    parked(cases, intents, 4, code="409")

    def found(since: int | None = None, until: int | None = None) -> set[str]:
        ends = [None if hours is None else NOW + hours * HOUR for hours in (since, until)]
        rows = intents.parked_for(Target.CII, IntentKind.WRITE_BACK, "422", Stretch(*ends))
        return {one.intent_id for one in rows}

    assert found() == {first, second, third}
    assert found(since=2) == {second, third}
    assert found(until=2) == {first}
    assert found(since=2, until=3) == {second}
    assert intents.parked_for(Target.PLASTA, IntentKind.WRITE_BACK, "422", Stretch()) == []
    assert intents.parked_for(Target.CII, IntentKind.SEND_MAIL, "422", Stretch()) == []


def test_the_mark_of_a_list_changes_with_who_is_on_it_and_since_when(
    cases: SqlCaseBook, intents: SqlIntentBook
) -> None:
    first = parked(cases, intents, 1)
    parked(cases, intents, 2)
    cause = (Target.CII, IntentKind.WRITE_BACK, "422", Stretch())
    both = intents.parked_for(*cause)

    assert pin_of(both) == pin_of(list(reversed(both)))
    assert pin_of(both) != pin_of(both[:1])
    intents.retry(first, NOW + 5 * HOUR, "ops")
    (again,) = claim(intents, NOW + 5 * HOUR)
    intents.record([result(again, Outcome.PARKED, NOW + 5 * HOUR, code="422", family="refused")])
    assert {one.intent_id for one in intents.parked_for(*cause)} == {one.intent_id for one in both}
    assert pin_of(intents.parked_for(*cause)) != pin_of(both), "it failed again since"
