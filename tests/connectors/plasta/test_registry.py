"""The registry against a well-behaved stand-in: find, read many, the feed, the keyword, a registration asked for."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from connectors.plasta.registry import PlastaRegistry
from domain.errors import (
    AmbiguousError,
    ConflictError,
    InvalidRecordError,
    MisconfiguredError,
    RefusedError,
    SyncError,
)
from domain.facets import Language
from domain.people import AvsNumber, PersonalNumber, PersonKey, RegistrationId
from domain.registrations import KeywordState
from sandbox.plasta import PlastaService
from tests.connectors.plasta.conftest import Registries

ZOE = PersonKey(date(1979, 5, 17), "Bonvin", "Zoé", PersonalNumber("80000001"), AvsNumber("7569217076985"))
NUMBERS = [PersonalNumber(f"8000000{place}") for place in range(1, 10)]
LOIC = RegistrationId("AD000002")


def test_a_person_is_found_by_the_surest_identifier_alone(registry: PlastaRegistry) -> None:
    by_number = registry.find(ZOE)
    by_avs = registry.find(replace(ZOE, personal_number=None))
    by_name = registry.find(replace(ZOE, personal_number=None, avs_number=None))
    assert [hit.personal_number for hit in by_number] == ["80000001"]
    assert by_avs == by_number
    assert [hit.personal_number for hit in by_name] == ["80000001", "80000007"]
    assert by_number[0].birth_date == date(1979, 5, 17)
    assert by_number[0].family_name == "Bonvin"


def test_several_registrations_of_one_person_are_one_hit(registry: PlastaRegistry) -> None:
    assert len(registry.find(PersonKey(date(1979, 5, 17), "Rossier", "Anaïs"))) == 1


def test_nobody_found_in_a_whole_answer_is_a_proof(registry: PlastaRegistry) -> None:
    assert registry.find(PersonKey(date(1979, 5, 18), "Bonvin", "Zoé")) == ()


@pytest.mark.parametrize("name", ["O", "'", " X ", "1 2 3"])
def test_a_name_of_fewer_than_two_letters_is_never_searched(
    name: str, registry: PlastaRegistry, service: PlastaService
) -> None:
    with pytest.raises(AmbiguousError) as caught:
        registry.find(PersonKey(date(1979, 5, 17), name, "Zoé"))
    assert caught.value.code == "SUCHE_UNZULAESSIG"
    assert "searchStes" not in service.ledger.calls()


def test_many_persons_in_one_call_with_everything_we_need(registry: PlastaRegistry, service: PlastaService) -> None:
    answers = registry.persons(NUMBERS)
    assert service.ledger.calls()["getStesListe"] == 1
    assert answers.missing == {"80000009"}
    assert set(answers.found) == set(NUMBERS) - {"80000006", "80000009"}
    anais = answers.found[PersonalNumber("80000004")]
    assert [(one.registration_id, one.active, one.has_keyword, one.version) for one in anais.registrations] == [
        ("AD000040", False, False, 1),
        ("AD000041", True, True, 4),
    ]
    ended = anais.registrations[0].deregistration
    assert ended is not None
    assert (ended.effective_on, ended.job_found, ended.reason_code) == (date(2025, 8, 31), False, "201")
    hired = answers.found[PersonalNumber("80000008")].registrations[0].deregistration
    assert hired is not None
    assert (hired.job_found, hired.start_of_work) == (True, date(2026, 10, 1))
    assert answers.found[PersonalNumber("80000003")].birth_date == date(1990, 1, 31)


def test_a_person_hidden_from_us_is_a_bad_record_and_not_missing(registry: PlastaRegistry) -> None:
    answers = registry.persons(NUMBERS)
    assert answers.bad[PersonalNumber("80000006")].path == "befund"
    assert PersonalNumber("80000006") not in answers.missing


def test_a_hidden_person_is_never_unknown(registry: PlastaRegistry) -> None:
    with pytest.raises(AmbiguousError) as caught:
        registry.find(PersonKey(date(1979, 5, 17), "Geheim", "Nadia"))
    assert caught.value.code == "KEINE_BERECHTIGUNG"


def test_pages_of_the_list_are_as_long_as_configured(registries: Registries, service: PlastaService) -> None:
    answers = registries(list_size=2).persons([*NUMBERS, NUMBERS[0]])
    assert service.ledger.calls()["getStesListe"] == 5
    assert len(answers.found) + len(answers.missing) + len(answers.bad) == 9


def test_no_number_no_call(registry: PlastaRegistry, service: PlastaService) -> None:
    assert registry.persons([]).found == {}
    assert service.ledger.calls() == {}


def test_a_merged_number_answers_with_the_one_that_lives_on(registry: PlastaRegistry, service: PlastaService) -> None:
    service.people.merge_persons("80000007", "80000001")
    person = registry.persons([PersonalNumber("80000007")]).found[PersonalNumber("80000007")]
    assert person.merged_into == "80000001"
    assert person.personal_number == "80000007"
    hits = registry.find(replace(ZOE, personal_number=PersonalNumber("80000007")))
    assert [hit.personal_number for hit in hits] == ["80000001"]


def test_the_feed_goes_on_from_where_it_was(registry: PlastaRegistry, service: PlastaService) -> None:
    service.people.register("80000005", "VSO10")
    first = list(registry.changes(0))
    start = first[-1].sequence
    assert "80000005" in frozenset().union(*(page.numbers for page in first))
    service.people.add_keyword_by_hand("80000001", "KW000101")
    (page,) = registry.changes(start)
    assert page.numbers == {"80000001"}
    assert (page.sequence > start, page.more, page.gaps) == (True, False, ())
    assert [page.numbers for page in registry.changes(page.sequence)] == [frozenset()]


def test_the_feed_comes_in_pages(registry: PlastaRegistry, service: PlastaService) -> None:
    for _ in range(160):
        service.people.add_keyword_by_hand("80000001", "KW000101")
        service.people.remove_keyword_by_hand("80000001", "KW000101")
    pages = list(registry.changes(0))
    assert [page.more for page in pages] == [True, False]
    assert pages[0].sequence < pages[1].sequence


def test_the_keyword_is_added_read_back_and_removed(registry: PlastaRegistry, service: PlastaService) -> None:
    before = registry.keyword(LOIC)
    registry.add_keyword(LOIC, before.version, "corr-1")
    there = registry.keyword(LOIC)
    assert (before.present, there.present) == (False, True)
    registry.remove_keyword(LOIC, there.version, "corr-2")
    assert registry.keyword(LOIC).present is False
    effects = service.ledger.effects()
    assert [(one.operation, one.business_key, one.correlation_id) for one in effects] == [
        ("addStesSchlagwort", "80000002/KW000101", "corr-1"),
        ("removeStesSchlagwort", "80000002/KW000101", "corr-2"),
    ]
    assert service.ledger.calls()["searchStes"] == 1


def test_after_a_sweep_no_search_is_needed_for_a_keyword(registry: PlastaRegistry, service: PlastaService) -> None:
    service.people.merge_persons("80000003", "80000002")
    registry.persons([PersonalNumber("80000003"), PersonalNumber("80000004")])
    for registration_id in ("AD000002", "AD000003", "AD000041"):
        registry.keyword(RegistrationId(registration_id))
    assert "searchStes" not in service.ledger.calls()


def test_f55_a_keyword_set_by_hand_meanwhile_is_one_keyword(registry: PlastaRegistry, service: PlastaService) -> None:
    service.people.add_keyword_by_hand("80000002", "KW000101")
    version = registry.keyword(LOIC).version
    registry.add_keyword(LOIC, version, "corr-1")
    assert registry.keyword(LOIC) == KeywordState(present=True, version=version)
    assert service.ledger.effects() == ()


def test_f52_a_stale_version_saves_nothing(registry: PlastaRegistry, service: PlastaService) -> None:
    version = registry.keyword(LOIC).version
    with pytest.raises(ConflictError) as caught:
        registry.add_keyword(LOIC, version + 1, "corr-1")
    assert caught.value.code == "VERSION_KONFLIKT"
    assert caught.value.reference == LOIC
    assert service.ledger.effects() == ()


def test_an_inactive_registration_is_refused(registry: PlastaRegistry) -> None:
    with pytest.raises(RefusedError) as caught:
        registry.add_keyword(RegistrationId("AD000080"), 1, "corr-1")
    assert caught.value.code == "STES_INAKTIV"


def test_a_registration_that_nobody_has_is_not_guessed(registry: PlastaRegistry) -> None:
    with pytest.raises(AmbiguousError):
        registry.keyword(RegistrationId("AD999999"))


def test_after_a_merger_the_owner_is_looked_up_anew(registry: PlastaRegistry, service: PlastaService) -> None:
    version = registry.keyword(LOIC).version
    service.people.merge_persons("80000002", "80000001")
    with pytest.raises(RefusedError):
        registry.add_keyword(LOIC, version, "corr-1")
    assert service.ledger.calls()["searchStes"] == 1
    with pytest.raises(SyncError):
        registry.add_keyword(LOIC, version + 7, "corr-1")
    assert service.ledger.calls()["searchStes"] == 2


def test_a_keyword_that_the_catalogue_lacks_stops_this_kind_of_work(registries: Registries) -> None:
    with pytest.raises(MisconfiguredError) as caught:
        registries(keyword="CII rien").keyword(LOIC)
    assert caught.value.code == "SCHLAGWORT_NICHT_GEFUNDEN"


def test_a_keyword_that_is_no_longer_valid_is_not_used(registries: Registries) -> None:
    with pytest.raises(MisconfiguredError, match="no longer valid"):
        registries(keyword="CII pilote 2015").keyword(LOIC)


def test_a_keyword_of_another_region_is_not_in_our_catalogue(registries: Registries) -> None:
    with pytest.raises(MisconfiguredError):
        registries(keyword="CII CSR-ORP").persons(NUMBERS)
    assert registries(keyword="CII CSR-ORP", office="VDA10").persons(NUMBERS).found


def test_lists_are_asked_for_once(registry: PlastaRegistry, service: PlastaService) -> None:
    reasons = registry.code_list("ABMELDEGRUND")
    registry.code_list("ABMELDEGRUND")
    registry.keyword(LOIC)
    registry.persons(NUMBERS)
    assert reasons["101"].french == "Emploi trouvé par soi-même"
    assert service.ledger.calls()["getCode"] == 1
    assert service.ledger.calls()["getSchlagwortKatalog"] == 1


def test_lists_are_asked_for_again_after_their_time(registries: Registries, service: PlastaService) -> None:
    registry = registries(cache_seconds=0.0)
    registry.persons(NUMBERS)
    registry.persons(NUMBERS)
    assert service.ledger.calls()["getSchlagwortKatalog"] == 2


def test_a_registration_is_asked_for_only_where_it_is_allowed(registry: PlastaRegistry, service: PlastaService) -> None:
    with pytest.raises(MisconfiguredError):
        registry.request_registration(ZOE, "VSO10", "corr-1")
    assert service.ledger.calls() == {}


def test_a_registration_asked_for_says_how_it_stands(registries: Registries, service: PlastaService) -> None:
    key = PersonKey(
        date(1988, 2, 29), "Perruchoud", "Maël", language=Language.FR, postal_code="3960", locality="Sierre"
    )
    answer = registries(enabled=True).request_registration(key, "VSN10", "corr-9")
    assert answer.state == "PENDENT"
    (effect,) = service.ledger.effects()
    assert effect.correlation_id == "corr-9"
    assert answer.process_id == effect.detail["prozessId"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"language": None}, "beneficiary.language"),
        ({"locality": " "}, "beneficiary.locality.name"),
        ({"postal_code": ""}, "beneficiary.locality.postalCode"),
        ({"family_name": ""}, "beneficiary.familyName"),
    ],
)
def test_a_registration_is_not_asked_for_with_made_up_data(
    change: dict[str, str], path: str, registries: Registries, service: PlastaService
) -> None:
    key = PersonKey(
        date(1988, 2, 29), "Perruchoud", "Maël", language=Language.FR, postal_code="3960", locality="Sierre"
    )
    with pytest.raises(InvalidRecordError) as caught:
        registries(enabled=True).request_registration(replace(key, **change), "VSN10", "corr-9")  # type: ignore[arg-type]
    assert caught.value.path == path
    assert service.ledger.calls() == {}


def test_the_login_may_go_by_ws_security(state: object, registries: Registries, service: PlastaService) -> None:
    service._gate.credentials = replace(service._gate.credentials, strategy="wsse")  # noqa: SLF001 (a switch of the server)
    assert registries(wsse=True).find(ZOE)


def test_threads_share_one_registry_from_its_first_call_on(registry: PlastaRegistry) -> None:
    together = Barrier(12)

    def ask(_turn: int) -> object:
        together.wait()
        return registry.persons(NUMBERS)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(ask, range(12)))
    assert answers == [registry.persons(NUMBERS)] * 12


def test_a_check_tells_that_all_is_well_without_any_person(registry: PlastaRegistry, service: PlastaService) -> None:
    result = registry.check()
    assert (result.ok, result.message) == (True, "answers, and knows our keyword")
    assert set(service.ledger.calls()) == {"getSchlagwortKatalog"}


def test_a_check_with_a_wrong_login_asks_once_only(registries: Registries, service: PlastaService) -> None:
    result = registries(password="falsch", attempts=3).check()
    assert result.ok is False
    assert "geheim" not in result.message + "falsch"
    assert service.ledger.calls()["getSchlagwortKatalog"] == 1
