"""The registry of institutions: the shipped one is whole, an operator's is checked as a whole."""

import tomllib
from pathlib import Path

import pytest

from config.registry import Registry, load_registry
from config.toml_files import shipped
from domain.consent_terms import Category, Recipient
from domain.errors import MisconfiguredError, SettingsError
from domain.facets import Language
from domain.ports import Institutions

REGIONS = {"monthey": "VSL10", "martigny": "VSM10", "sierre": "VSN10", "sion": "VSO10", "oberwallis": "VSP10"}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture
def shipped_text() -> str:
    return shipped("data", "institutions.toml").read_text(encoding="utf-8")


def faults(text: str, folder: Path) -> tuple[str, ...]:
    path = folder / "institutions.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_registry(path)
    return caught.value.faults


def test_the_shipped_registry_serves_the_five_regions(registry: Registry) -> None:
    assert {one.id: one.office for one in registry.regions.values()} == REGIONS
    for region, office in REGIONS.items():
        assert registry.recipient(registry.orp_of(region)).public_employment
        assert registry.recipient(registry.coordinator_of(region)).inside
        assert registry.mailbox(registry.coordinator_of(region)) is not None
        assert registry.office_code_of(region) == office
        assert f"cms-{region}" in registry.institutions
        found = registry.region_of_office(office)
        assert found is not None
        assert found.id == region
    assert {"cii-office", "secretariat", "oai-vs", "suva"} <= registry.institutions.keys()
    assert len(registry.institutions) == 19


def test_upper_valais_is_german_speaking(registry: Registry) -> None:
    assert registry.region("oberwallis").language is Language.DE
    mailbox = registry.mailbox(registry.coordinator_of("oberwallis"))
    assert mailbox is not None
    assert (mailbox.name, mailbox.language) == ("IIZ-Koordination Oberwallis", Language.DE)
    assert registry.region("sion").name(Language.DE) == "Sitten"
    assert registry.region("sion").name(Language.FR) == "Sion"
    assert registry.institution(registry.cii_office()).name(Language.FR) == "Bureau CII"


def test_inside_is_the_cii_itself_and_only_that(registry: Registry) -> None:
    inside = {one.id for one in registry.institutions.values() if one.inside}
    assert inside == {"cii-office", "secretariat", *(f"coordinator-{region}" for region in REGIONS)}
    assert not [one.id for one in registry.institutions.values() if one.inside and one.may_receive_avs]


def test_what_is_not_registered_is_a_fault_of_the_configuration(registry: Registry) -> None:
    for ask in (
        registry.recipient,
        registry.mailbox,
        registry.orp_of,
        registry.office_code_of,
        registry.coordinator_of,
    ):
        with pytest.raises(MisconfiguredError, match="not in the registry"):
            ask("zurich")
    assert registry.region_of_office("ZHA10") is None


def test_a_category_that_is_not_listed_opens_nothing(registry: Registry) -> None:
    assert registry.allowed_fields("orp-sion", Category.MEDICAL) == frozenset()


def test_it_is_the_port_that_the_pipelines_know(registry: Registry) -> None:
    port: Institutions = registry
    assert port.cii_office() == "cii-office"


def test_a_recipient_carries_what_the_gate_asks(registry: Registry) -> None:
    assert registry.recipient("orp-sion") == Recipient(
        "orp-sion", public_employment=True, reciprocal=True, may_receive_avs=True
    )
    assert "avs_number" in registry.allowed_fields("orp-sion", Category.ADMINISTRATIVE)
    assert "avs_number" not in registry.allowed_fields("cms-sion", Category.ADMINISTRATIVE)


def test_shipped_addresses_cannot_exist(registry: Registry, shipped_text: str) -> None:
    assert len(registry.placeholders()) == 19
    assert "@" in shipped_text
    assert all(one.mailbox is None or one.mailbox.endswith(".example") for one in registry.institutions.values())


def test_an_operator_may_bring_his_own(tmp_path: Path, shipped_text: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(shipped_text.replace("bureau@cii.example", "iiz@invented.ch"), encoding="utf-8")
    registry = load_registry(own)
    assert "cii-office" not in registry.placeholders()
    mailbox = registry.mailbox("cii-office")
    assert mailbox is not None
    assert mailbox.address == "iiz@invented.ch"


def test_an_institution_without_a_mailbox_has_none(tmp_path: Path, shipped_text: str) -> None:
    own = tmp_path / "own.toml"
    changed = shipped_text.replace('channel = "mail"\nmailbox = "orp-sion@vs.example"', 'channel = "none"')
    own.write_text(changed, encoding="utf-8")
    assert load_registry(own).mailbox("orp-sion") is None


def test_every_wrong_form_is_told_at_once_with_its_place_and_no_value(tmp_path: Path, shipped_text: str) -> None:
    text = (
        shipped_text.replace('mailbox = "orp-sion@vs.example"', 'mailbox = "Zimt <zimt>"')
        .replace('office = "VSL10"', 'office = "ZH1"')
        .replace('id = "suva"', 'id = "suva"\nphone = "027"')
        .replace('kind = "accident_insurance"\n', "")
    )
    told = faults(text, tmp_path)
    assert [line.split(" ", 1)[1].split(";")[0] for line in told] == [
        "regions[1] (monthey) office has a form that is not understood",
        "institutions[4] (orp-sion) mailbox is not a mail address",
        "institutions[19] (suva) kind is not set",
        "institutions[19] (suva) phone is not a setting",
    ]
    assert "zimt" not in "".join(told).lower()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('id = "sierre"', 'id = "sion"', "regions id sion stands twice"),
        ('office = "VSN10"', 'office = "VSO10"', "regions office VSO10 stands twice"),
        ('id = "suva"', 'id = "oai-vs"', "institutions id oai-vs stands twice"),
        ('id = "orp-sion"', 'id = "rav-sion"', "orp-sion is missing"),
        ('id = "coordinator-sion"', 'id = "koordination-sion"', "coordinator-sion is missing"),
        ('id = "cii-office"', 'id = "office"', "cii-office is missing"),
        ('mailbox = "bureau@cii.example"\n', "", "cii-office mailbox does not go with the channel"),
        ('kind = "cms"\nregion = "sion"', 'kind = "cms"\nregion = "bern"', "cms-sion region is not"),
        ('"case_id", "identity", "keyword"', '"case_id", "diagnosis", "keyword"', "name a field that does not exist"),
    ],
)
def test_what_is_well_formed_and_cannot_be_right_is_told(
    tmp_path: Path, shipped_text: str, before: str, after: str, told: str
) -> None:
    assert before in shipped_text
    assert [line for line in faults(shipped_text.replace(before, after, 1), tmp_path) if told in line]


def test_the_avs_number_and_medical_data_need_their_right(tmp_path: Path, shipped_text: str) -> None:
    suva = shipped_text.index('id = "suva"')
    no_right = shipped_text[:suva] + shipped_text[suva:].replace("may_receive_avs = true", "may_receive_avs = false")
    assert "suva fields name the AVS number without may_receive_avs" in faults(no_right, tmp_path)[0]
    office = shipped_text.index('id = "secretariat"')
    medical = shipped_text[office:].replace("administrative = [", 'medical = ["report"]\nadministrative = [', 1)
    assert "secretariat fields open more than administrative" in faults(shipped_text[:office] + medical, tmp_path)[0]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"version = ", "is not TOML; correct it (at "),
        (b"\xff\xfe", "cannot be read"),
        (b"#" * (2 * 2**20 + 1), "too large"),
        (b"", "the file"),
    ],
)
def test_a_file_that_is_no_registry_is_a_fault(tmp_path: Path, raw: bytes, told: str) -> None:
    path = tmp_path / "institutions.toml"
    path.write_bytes(raw)
    with pytest.raises(SettingsError) as caught:
        load_registry(path)
    assert told in str(caught.value) or "version is not set" in str(caught.value)


def test_a_file_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_registry(tmp_path / "gone.toml")


def test_the_shipped_file_explains_each_flag(shipped_text: str) -> None:
    first = tomllib.loads(shipped_text)["institutions"][0]
    flags = [name for name, value in first.items() if isinstance(value, bool)]
    assert all(f"# {flag} " in shipped_text for flag in flags)
