"""PLASTA's faults (F31-F56): each ends in the right family, and nobody is declared unknown by a faulty answer."""

from collections.abc import Callable
from datetime import date

import pytest

from connectors.plasta.registry import PlastaRegistry
from domain.errors import (
    AmbiguousError,
    ContractBrokenError,
    CredentialsError,
    InvalidRecordError,
    MappingError,
    OutcomeUnknownError,
    RefusedError,
    SyncError,
    ThrottledError,
    UnavailableError,
)
from domain.facets import Language
from domain.people import AvsNumber, PersonalNumber, PersonKey, RegistrationId
from sandbox.faults import Fault
from sandbox.plasta import PlastaService
from tests.connectors.plasta.conftest import Registries

ZOE = PersonKey(date(1979, 5, 17), "Bonvin", "Zoé", PersonalNumber("80000001"))
ZOE_BY_AVS = PersonKey(date(1979, 5, 17), "Bonvin", "Zoé", avs_number=AvsNumber("7569217076985"))
ZOE_BY_NAME = PersonKey(date(1979, 5, 17), "Bonvin", "Zoé")
NOBODY = PersonKey(date(1979, 5, 17), "Bonvin", "Zoé", PersonalNumber("89999999"))
NUMBERS = [PersonalNumber(f"8000000{place}") for place in range(1, 6)]
LOIC = RegistrationId("AD000002")
ADD, FIND, LIST = "addStesSchlagwort", "searchStes", "getStesListe"

Switch = Callable[..., None]


@pytest.fixture
def switch(service: PlastaService) -> Switch:
    def on(kind: str, operations: str, **options: object) -> None:
        service.faults.switch_on(Fault(kind, operations, **options))  # type: ignore[arg-type]

    return on


def add(registry: PlastaRegistry) -> None:
    """One keyword asked for, with everything around it known already."""
    registry.add_keyword(LOIC, registry.keyword(LOIC).version, "corr-1")


def has_keyword(service: PlastaService) -> bool:
    person = service.state.people.get("80000002")
    assert person is not None
    return "KW000101" in person.registrations[0].keywords


def test_f31_a_service_that_is_away_changed_nothing(registries: Registries, service: PlastaService) -> None:
    registry = registries()
    version = registry.keyword(LOIC).version
    service.stop()
    with pytest.raises(UnavailableError):
        registry.find(ZOE)
    with pytest.raises(UnavailableError):
        registry.add_keyword(LOIC, version, "corr-1")


@pytest.mark.parametrize("kind", ["stall", "drip"])
def test_f32_a_server_that_stalls_or_drips_is_ended_by_the_total_deadline(
    kind: str, registries: Registries, switch: Switch
) -> None:
    switch(kind, FIND, seconds=0.2 if kind == "drip" else 30.0)
    with pytest.raises(UnavailableError) as caught:
        registries(deadline=0.4).find(ZOE)
    assert caught.value.code in {"DEADLINE", "READ_TIMEOUT"}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_f33_server_errors_on_a_read_are_tried_again_as_often_as_configured(
    status: int, registries: Registries, service: PlastaService, switch: Switch
) -> None:
    switch("http_status", FIND, status=status)
    with pytest.raises(UnavailableError):
        registries(attempts=3).find(ZOE)
    assert service.ledger.calls()[FIND] == (1 if status == 500 else 3)


def test_f33_a_passing_error_on_a_read_is_not_seen(
    registries: Registries, service: PlastaService, switch: Switch
) -> None:
    switch("http_status", FIND, status=503, count=2)
    assert registries(attempts=3).find(ZOE)
    assert service.ledger.calls()[FIND] == 3


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_f33_a_write_is_sent_once_and_its_outcome_is_unknown(
    status: int, registries: Registries, service: PlastaService, switch: Switch
) -> None:
    switch("http_status", ADD, status=status, after_effect=True)
    with pytest.raises(OutcomeUnknownError):
        add(registries(attempts=3))
    assert service.ledger.calls()[ADD] == 1
    assert has_keyword(service)


def test_f34_throttled_tells_when_to_come_back(registry: PlastaRegistry, switch: Switch) -> None:
    switch("retry_after", "*", status=429, seconds=120.0)
    with pytest.raises(ThrottledError) as caught:
        registry.find(ZOE)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 120
    with pytest.raises(ThrottledError):
        registry.persons(NUMBERS)


def test_f36_a_refused_login_is_not_tried_again(registries: Registries, service: PlastaService, switch: Switch) -> None:
    switch("auth_failure", "*")
    with pytest.raises(CredentialsError) as caught:
        registries(attempts=3).find(ZOE)
    assert caught.value.code == "AUTH_FEHLER"
    assert service.ledger.calls()[FIND] == 1


def test_f36_a_refused_login_during_a_write_is_no_unknown_outcome(
    registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    switch("auth_failure", ADD)
    with pytest.raises(CredentialsError):
        add(registry)
    assert service.ledger.effects() == ()


@pytest.mark.parametrize("kind", ["html_page_200", "empty_body"])
def test_f37_a_200_without_an_answer_is_no_success(
    kind: str, registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    switch(kind, FIND, skip=1)
    switch(kind, LIST)
    switch(kind, ADD, after_effect=True)
    with pytest.raises(OutcomeUnknownError):
        add(registry)
    assert has_keyword(service)
    with pytest.raises(UnavailableError) as caught:
        registry.find(NOBODY)
    assert caught.value.code in {"HTML_PAGE", "EMPTY"}
    with pytest.raises(UnavailableError):
        registry.persons(NUMBERS)


@pytest.mark.parametrize("length", ["full", "none", "cut"])
def test_f38_a_cut_answer_is_no_answer(length: str, registry: PlastaRegistry, switch: Switch) -> None:
    switch("truncated_body", "*", options={"length": length}, skip=0)
    with pytest.raises(UnavailableError):
        registry.find(NOBODY)


def test_f38_an_answer_beyond_all_bounds_is_not_parsed(registries: Registries) -> None:
    with pytest.raises(ContractBrokenError) as caught:
        registries(max_bytes=1000).find(ZOE)
    assert caught.value.code == "TOO_LARGE"


@pytest.mark.parametrize("kind", ["cut_after_effect", "cut_before_effect"])
def test_f41_a_write_whose_answer_is_lost_is_unknown_and_looking_tells(
    kind: str, registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    switch(kind, ADD)
    with pytest.raises(OutcomeUnknownError) as caught:
        add(registry)
    assert caught.value.reference == LOIC
    assert registry.keyword(LOIC).present is (kind == "cut_after_effect")
    assert has_keyword(service) is (kind == "cut_after_effect")


def test_f45_a_feed_that_goes_back_is_an_error(
    registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    service.people.register("80000005", "VSO10")
    (page,) = registry.changes(0)
    service.people.register("80000005", "VSM10")
    switch("feed_goes_back", "getAenderungen")
    with pytest.raises(ContractBrokenError) as caught:
        list(registry.changes(page.sequence))
    assert caught.value.code == "SEQUENCE_REGRESS"


def test_f44_a_feed_that_repeats_for_ever_is_ended(
    registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    service.people.register("80000005", "VSO10")
    switch("feed_repeats", "getAenderungen")
    with pytest.raises(ContractBrokenError):
        list(registry.changes(0))
    assert service.ledger.calls()["getAenderungen"] == 2


def test_f46_a_hole_in_the_feed_is_waited_for_and_then_told(
    registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    service.people.register("80000005", "VSO10")
    (page,) = registry.changes(0)
    for number in ("80000001", "80000002", "80000003"):
        service.people.add_keyword_by_hand(number, "KW000110")
    switch("feed_gap", "getAenderungen")
    (after,) = registry.changes(page.sequence)
    middle = page.sequence + 2
    assert after.gaps == ((middle, middle),)
    assert after.numbers == {"80000001", "80000003"}
    assert after.sequence == page.sequence + 3
    assert service.ledger.calls()["getAenderungen"] == 4


def test_f46_a_hole_that_fills_up_meanwhile_is_none(
    registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    service.people.register("80000005", "VSO10")
    (page,) = registry.changes(0)
    for number in ("80000001", "80000002", "80000003"):
        service.people.add_keyword_by_hand(number, "KW000110")
    switch("feed_gap", "getAenderungen", count=1)
    (after,) = registry.changes(page.sequence)
    assert (after.gaps, len(after.numbers)) == ((), 3)


@pytest.mark.parametrize(
    "code", ["Server", "soap:Server", "soap11env:Server.Busy", "SOAP-ENV:Server", "X:Odd", "", "Client"]
)
@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("detail", ["yes", "no"])
def test_f47_a_soap_fault_in_any_spelling_proves_nothing(
    code: str, status: int, detail: str, registry: PlastaRegistry, switch: Switch
) -> None:
    ask = {"code": code, "status": status, "options": {"detail": detail}}
    switch("soap_fault", FIND, **ask, after_effect=True, skip=1)
    switch("soap_fault", ADD, **ask, after_effect=True)
    with pytest.raises(OutcomeUnknownError):
        add(registry)
    assert registry.keyword(LOIC).present
    with pytest.raises((UnavailableError, ContractBrokenError)) as caught:
        registry.find(NOBODY)
    ours = code == "Client" and detail == "no"
    assert isinstance(caught.value, ContractBrokenError) is ours


@pytest.mark.parametrize("status", [200, 500])
def test_f47_a_fault_of_soap_1_2_is_a_fault(status: int, registry: PlastaRegistry, switch: Switch) -> None:
    switch("soap_fault", FIND, code="env:Receiver", status=status, options={"version": "1.2"})
    with pytest.raises(UnavailableError):
        registry.find(NOBODY)


def test_f47_a_fault_that_names_the_login_stops_everything(registry: PlastaRegistry, switch: Switch) -> None:
    switch("soap_fault", FIND, code="Client", options={"error": "AUTH_FEHLER"})
    with pytest.raises(CredentialsError):
        registry.find(ZOE)


def test_f48_a_padded_result_is_trimmed(registry: PlastaRegistry, switch: Switch) -> None:
    switch("padded_return_code", "*")
    assert registry.find(ZOE)
    add(registry)


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("KEINE_BERECHTIGUNG", RefusedError),
        ("STES_MEHRDEUTIG", AmbiguousError),
        ("ETWAS_NEUES", RefusedError),
        ("TECHNISCH", OutcomeUnknownError),
        ("DMS_NICHT_VERFUEGBAR", UnavailableError),
        ("SVNR_UNGUELTIG", InvalidRecordError),
    ],
)
def test_f48_an_error_under_http_200_is_of_its_codes_family(
    code: str, family: type[SyncError], registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    switch("business_error", ADD, code=code)
    with pytest.raises(family) as caught:
        add(registry)
    assert caught.value.code == code
    assert service.ledger.effects() == ()


def test_f48_a_keyword_dropped_under_ok_is_seen_by_reading_back(
    registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    switch("keyword_dropped", ADD)
    add(registry)
    assert registry.keyword(LOIC).present is False


def test_f48_a_warning_under_ok_is_logged_by_its_key_alone(
    registry: PlastaRegistry, switch: Switch, caplog: pytest.LogCaptureFixture
) -> None:
    switch("warning_under_ok", ADD, code="TERMIN_VERGANGEN")
    add(registry)
    assert "plasta.addStesSchlagwort: OK with WARNING TERMIN_VERGANGEN" in caplog.text
    assert "80000002" not in caplog.text


@pytest.mark.parametrize("kind", ["wrong_operation", "missing_element", "extra_element", "control_characters"])
def test_f49_an_answer_against_the_contract_is_refused(kind: str, registry: PlastaRegistry, switch: Switch) -> None:
    options = {"element": "total"} if kind == "missing_element" else {}
    switch(kind, FIND, options=options)
    with pytest.raises((ContractBrokenError, UnavailableError)):
        registry.find(ZOE)


def test_f49_nil_where_we_need_a_value_is_an_error_with_its_path(registry: PlastaRegistry, switch: Switch) -> None:
    switch("nil_everywhere", FIND)
    with pytest.raises(InvalidRecordError) as caught:
        registry.find(ZOE)
    assert caught.value.path == "stesZeileArray[0].geburtsdatum"


def test_f49_nil_in_the_list_is_a_bad_record_of_each_person(registry: PlastaRegistry, switch: Switch) -> None:
    switch("nil_everywhere", LIST)
    answers = registry.persons(NUMBERS)
    assert set(answers.bad) == set(NUMBERS)
    assert answers.missing == frozenset()
    assert answers.bad[NUMBERS[0]].path == "stes.person.name"


def test_f49_an_unreadable_answer_to_a_write_is_unknown(
    registry: PlastaRegistry, service: PlastaService, switch: Switch
) -> None:
    switch("nil_everywhere", ADD)
    with pytest.raises(OutcomeUnknownError):
        add(registry)
    assert has_keyword(service)


@pytest.mark.parametrize("kind", ["entity_bomb", "external_entity"])
def test_f50_a_document_type_is_refused_before_it_is_parsed(
    kind: str, registry: PlastaRegistry, switch: Switch
) -> None:
    switch(kind, FIND)
    with pytest.raises(ContractBrokenError) as caught:
        registry.find(NOBODY)
    assert caught.value.code == "DTD"


def test_f53_a_cut_search_says_nothing_about_anybody(registry: PlastaRegistry, switch: Switch) -> None:
    switch("search_cut", FIND, options={"limit": "0"})
    with pytest.raises(AmbiguousError) as caught:
        registry.find(ZOE_BY_NAME)
    assert caught.value.code == "ZU_VIELE_TREFFER"


def test_f54_two_persons_of_one_name_are_both_told(registry: PlastaRegistry) -> None:
    assert len(registry.find(ZOE_BY_NAME)) == 2


def test_f54_a_wrong_check_digit_is_never_asked_for(registry: PlastaRegistry, service: PlastaService) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        registry.find(PersonKey(date(1979, 5, 17), "Bonvin", "Zoé", avs_number=AvsNumber("7569217076986")))
    assert caught.value.path == "avs_number"
    assert "7569217076986" not in str(caught.value)
    assert FIND not in service.ledger.calls()


def test_f54_a_wrong_check_digit_in_plasta_is_one_bad_record(registry: PlastaRegistry, switch: Switch) -> None:
    switch("wrong_check_digit", LIST)
    answers = registry.persons(NUMBERS)
    assert {record.path for record in answers.bad.values()} == {"stes.person.svNr"}
    assert set(answers.bad) == {"80000001", "80000002"}
    assert set(answers.found) == {"80000003", "80000004", "80000005"}


def test_f56_a_registration_whose_answer_is_lost_is_unknown(
    registries: Registries, service: PlastaService, switch: Switch
) -> None:
    key = PersonKey(
        date(1988, 2, 29), "Perruchoud", "Maël", language=Language.FR, postal_code="3960", locality="Sierre"
    )
    switch("cut_after_effect", "anmeldeStes")
    with pytest.raises(OutcomeUnknownError):
        registries(enabled=True).request_registration(key, "VSN10", "corr-9")
    assert len(service.ledger.effects()) == 1


@pytest.mark.parametrize("kind", ["list_row_missing", "list_row_twice"])
def test_every_number_asked_is_answered_once_or_nothing_is_concluded(
    kind: str, registry: PlastaRegistry, switch: Switch
) -> None:
    switch(kind, LIST)
    with pytest.raises(ContractBrokenError):
        registry.persons(NUMBERS)


def test_an_answer_about_somebody_else_is_no_answer(registry: PlastaRegistry, switch: Switch) -> None:
    switch("person_swapped", "*")
    with pytest.raises(ContractBrokenError):
        registry.find(ZOE)
    answers = registry.persons(NUMBERS)
    assert {record.path for record in answers.bad.values()} == {"stes.person.personenNr"}


def test_an_unknown_code_is_reported_and_never_guessed(registry: PlastaRegistry, switch: Switch) -> None:
    switch("unknown_code", LIST, options={"element": "status"})
    answers = registry.persons(NUMBERS)
    assert set(answers.bad) == {"80000001", "80000002", "80000003", "80000004"}
    assert answers.bad[NUMBERS[0]].path == "stes.anmeldungArray[0].status"
    assert set(answers.found) == {"80000005"}


def test_a_day_that_no_calendar_has_is_one_bad_record(registry: PlastaRegistry, switch: Switch) -> None:
    switch("bad_date", "*", options={"element": "geburtsdatum"})
    answers = registry.persons(NUMBERS)
    assert answers.bad[NUMBERS[0]].path == "stes.person.geburtsdatum"
    with pytest.raises(MappingError):
        registry.find(ZOE_BY_AVS)


def test_days_in_the_old_spelling_are_read(registry: PlastaRegistry, switch: Switch) -> None:
    switch("old_dates", "*")
    assert registry.find(ZOE)[0].birth_date == date(1979, 5, 17)


def test_a_row_against_the_schema_spoils_no_other(registry: PlastaRegistry, switch: Switch) -> None:
    switch("missing_element", LIST, options={"element": "wirksamAm"})
    answers = registry.persons(NUMBERS)
    assert set(answers.bad) == {"80000004"}
    assert answers.bad[PersonalNumber("80000004")].path.startswith("stes.")
    assert len(answers.found) == 4


def test_a_control_character_is_refused_before_it_is_sent(registry: PlastaRegistry, service: PlastaService) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        registry.find(PersonKey(date(1979, 5, 17), "Bon\x01vin", "Zoé"))
    assert caught.value.path == "searchStes.suche.name"
    assert FIND not in service.ledger.calls()


def test_a_name_beyond_plastas_field_is_never_cut(registry: PlastaRegistry, service: PlastaService) -> None:
    with pytest.raises(InvalidRecordError):
        registry.find(PersonKey(date(1979, 5, 17), "B" * 256, "Zoé"))
    assert FIND not in service.ledger.calls()
