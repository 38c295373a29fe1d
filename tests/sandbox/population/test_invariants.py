"""What holds for every population, whatever its seed, size and day."""

import json
from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.cii.contract import contract
from sandbox.cii.wire import case_json
from sandbox.plasta.records import Registration
from sandbox.population.avs import is_valid
from sandbox.population.generate import Population, generate
from sandbox.population.scenarios import EVERY_SCENARIO_FROM, SCENARIOS

TODAY = date(2026, 11, 22)
populations = st.builds(
    generate,
    st.integers(min_value=0, max_value=2**63),
    st.integers(min_value=0, max_value=450),
    st.dates(date(2024, 1, 1), date(2031, 12, 31)),
)


@given(populations)
@settings(max_examples=12)
def test_every_case_fits_the_contract(population: Population) -> None:
    schema = contract().schemas["Case"]
    for number, case in enumerate(population.cii_cases, start=1):
        written = {**case_json(case), "sequence": number}

        assert schema.is_valid(written), next(schema.iter_errors(written)).json_path


@given(populations)
@settings(max_examples=12)
def test_numbers_are_unique_and_avs_numbers_valid_but_where_the_scenario_says(population: Population) -> None:
    cases = population.cii_cases
    avs = [case.beneficiary.avs_number for case in cases if case.beneficiary.avs_number]
    wrong = {
        case.case_id for case in cases if case.beneficiary.avs_number and not is_valid(case.beneficiary.avs_number)
    }

    assert len({case.case_id for case in cases}) == len(cases)
    assert len(set(avs)) == len(avs)
    assert wrong == set(population.expected.cases("invalid_avs"))
    seekers = population.job_seekers
    assert len({seeker.personal_number for seeker in seekers}) == len(seekers)
    assert all(is_valid(seeker.avs_number) for seeker in seekers if seeker.avs_number)
    registrations = [one.stes_id for seeker in seekers for one in seeker.registrations]
    assert len(set(registrations)) == len(registrations)


@given(populations)
@settings(max_examples=12)
def test_nothing_lies_in_the_future_but_what_may(population: Population) -> None:
    today = population.today
    for case in population.cii_cases:
        assert case.changed_at.date() < today
        assert all(one.opened_on < today and (one.closed_on or today) <= today for one in case.procedures)
        assert all(paper.signed_on < today and paper.valid_from <= paper.valid_to for paper in case.procurations)
    for seeker in population.job_seekers:
        assert all(one.registered_on <= today for one in seeker.registrations)
        assert all(_active_exactly_before_its_end(one, today) for one in seeker.registrations)


@given(st.integers(min_value=EVERY_SCENARIO_FROM, max_value=700), st.integers())
@settings(max_examples=8)
def test_from_two_hundred_cases_on_every_scenario_occurs(cases: int, seed: int) -> None:
    expected = generate(seed, cases, TODAY).expected

    assert set(expected.counts) == set(SCENARIOS)
    assert sum(expected.counts.values()) == cases == len(expected.scenario_of)


@given(st.integers(), st.integers(min_value=0, max_value=60))
@settings(max_examples=8)
def test_the_same_seed_gives_the_same_population(seed: int, cases: int) -> None:
    assert generate(seed, cases, TODAY) == generate(seed, cases, TODAY)


def test_another_seed_gives_another_population() -> None:
    assert generate(1, 40, TODAY).cii_cases != generate(2, 40, TODAY).cii_cases


def test_persons_speak_french_and_german_as_in_valais() -> None:
    cases = generate(3, 4000, TODAY).cii_cases

    german = sum(case.language == "de" for case in cases) / len(cases)
    upper = [case for case in cases if case.region == "oberwallis"]

    assert 0.30 < german < 0.37
    assert sum(case.language == "de" for case in upper) / len(upper) > 0.9
    assert {case.region for case in cases} == {"monthey", "martigny", "sierre", "sion", "oberwallis"}


def test_a_search_by_name_and_birth_date_hits_one_person_but_where_a_scenario_wants_two() -> None:
    population = generate(5, 3000, TODAY)
    hits = Counter(
        (seeker.family_name[:2].casefold(), seeker.birth_date)
        for seeker in population.job_seekers
        if seeker.merged_into is None
    )

    wanted = set(population.expected.cases("two_persons"))
    twins = {
        (case.beneficiary.family_name[:2].casefold(), case.beneficiary.birth_date)
        for case in population.cii_cases
        if case.case_id in wanted
    }
    assert {key for key, count in hits.items() if count > 1} == twins
    assert len(twins) == len(wanted)


def test_all_states_and_kinds_of_procedures_occur() -> None:
    cases = generate(9, 1500, TODAY).cii_cases
    states = {(one.kind, one.state) for case in cases for one in case.procedures}

    coaching = {state for kind, state in states if kind == "coaching"}
    assert coaching >= {
        *("announced", "registration_pending", "registered", "preparing", "interviewed", "evaluating", "planned"),
        *("running", "reinserted", "follow_up", "final_report", "closed"),
    }
    assert {"case_management", "assessment"} <= {kind for kind, _ in states}
    assert {case.exit.reason for case in cases if case.exit} == {
        *("employment", "lack_of_cooperation", "other", "other_institution", "network_follow_up"),
    }


def test_the_expected_result_is_the_tables_sum() -> None:
    expected = generate(1, 1000, TODAY).expected
    written = json.loads(json.dumps(expected.as_json()))

    by_hand: Counter[str] = Counter()
    for case in written["cases"].values():
        by_hand["seen"] += case["seen"]
        by_hand["looked_up"] += case["looked_up"]
        by_hand["quarantined"] += case["quarantined"]
        by_hand["keyword_set"] += case["keyword_set"]
        by_hand["mails"] += case["mails"]
        by_hand["conflicts"] += case["conflicts"]
        by_hand["write_backs"] += len(case["write_backs"])
        by_hand["work_items"] += len(case["work_items"])
        by_hand["agreed"] += case["looked_up"] and not any(
            case[name] for name in ("keyword_set", "write_backs", "mails", "work_items", "conflicts")
        )
    assert dict(by_hand) == written["totals"]
    assert by_hand["seen"] == 1000


def _active_exactly_before_its_end(one: Registration, today: date) -> bool:
    end = one.deregistration
    if end is None or end.withdrawn_at is not None:
        return True
    return (one.status == "1") == (end.effective_on > today)
