"""The regions and the partner institutions: data that an operator completes, never an enumeration in code.

Source: ``exchange.md`` ("Partner channels", "Consent gate"). The shipped file holds addresses that cannot exist.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.setting_faults import SettingFault
from config.setting_types import HeaderText, MailAddress
from config.toml_files import Table, read_document, shipped
from domain.consent import PROCURATION_FIELDS
from domain.consent_terms import SHIPPED_STATUTES, Category, Recipient
from domain.errors import MisconfiguredError, SettingsError
from domain.facets import Language
from domain.mail import Mailbox

SETTING = "CII_REGISTRY_FILE"
OFFICE = "cii-office"
PLACEHOLDER_DOMAIN = ".example"

KNOWN_FIELDS = PROCURATION_FIELDS.union(*(one.fields for one in SHIPPED_STATUTES))
"""The field names that exist so far, all of them administrative."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,59}$")]


class Region(Table):
    """A region of the CII, with the office code that PLASTA uses for its employment office."""

    id: Slug
    name_fr: HeaderText
    name_de: HeaderText
    office: Annotated[str, Field(pattern=r"^VS[A-Z][0-9]{2}$")]
    language: Language

    def name(self, language: Language) -> str:
        """Its name in one of the two languages."""
        return self.name_de if language is Language.DE else self.name_fr


class Institution(Table):
    """One institution: how it is reached, and what it may receive (the flags are explained in the shipped file)."""

    id: Slug
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    name_fr: HeaderText
    name_de: HeaderText
    language: Language
    channel: Literal["mail", "none"]
    public_body: bool
    public_employment: bool
    reciprocal: bool
    may_receive_avs: bool
    inside: bool
    secure_mail: bool
    fields: Mapping[Category, frozenset[FieldName]]
    region: Slug | None = None
    mailbox: MailAddress | None = None

    def name(self, language: Language) -> str:
        """Its name in one of the two languages."""
        return self.name_de if language is Language.DE else self.name_fr

    def as_recipient(self) -> Recipient:
        """What the consent gate has to know of it."""
        return Recipient(
            self.id,
            inside=self.inside,
            public_employment=self.public_employment,
            reciprocal=self.reciprocal,
            may_receive_avs=self.may_receive_avs,
        )

    def as_mailbox(self) -> Mailbox | None:
        """Its mailbox in its own language; None where none is known."""
        if self.mailbox is None:
            return None
        return Mailbox(self.mailbox, self.name(self.language), self.language)


class RegistryDocument(Table):
    """The file as it is written."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    institutions: Annotated[tuple[Institution, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Registry:
    """The registry as the pipelines ask it: the port :class:`domain.ports.Institutions`.

    What is not registered is a fault of the configuration, :class:`MisconfiguredError`: somebody has to add it.
    """

    version: str
    regions: Mapping[str, Region]
    institutions: Mapping[str, Institution]

    def institution(self, institution: str) -> Institution:
        """An institution by its id."""
        if institution not in self.institutions:
            raise MisconfiguredError("names an institution that is not in the registry", system="config")
        return self.institutions[institution]

    def region(self, region: str) -> Region:
        """A region by its id."""
        if region not in self.regions:
            raise MisconfiguredError("names a region that is not in the registry", system="config")
        return self.regions[region]

    def region_of_office(self, office: str) -> Region | None:
        """The region that a PLASTA office serves; None for an office outside of Valais."""
        return next((one for one in self.regions.values() if one.office == office), None)

    def recipient(self, institution: str) -> Recipient:
        """The institution as the consent gate sees it."""
        return self.institution(institution).as_recipient()

    def allowed_fields(self, institution: str, category: Category) -> frozenset[str]:
        """The fields of a category that an institution may receive; none where the registry lists none."""
        return self.institution(institution).fields.get(category, frozenset())

    def orp_of(self, region: str) -> str:
        """The region's ORP, to whom a look-up in PLASTA discloses (C1) and who registers a person (C3)."""
        return f"orp-{self.region(region).id}"

    def office_code_of(self, region: str) -> str:
        """PLASTA's code of a region's office (``VSO10``)."""
        return self.region(region).office

    def coordinator_of(self, region: str) -> str:
        """The regional coordination, who gets the copy of a reinsertion mail (C10)."""
        return f"coordinator-{self.region(region).id}"

    def cii_office(self) -> str:
        """The CII office, to whom a reinsertion is confirmed (C10)."""
        return OFFICE

    def mailbox(self, institution: str) -> Mailbox | None:
        """Where the institution receives mail, in its own language; None where it has no mailbox."""
        return self.institution(institution).as_mailbox()

    def placeholders(self) -> tuple[str, ...]:
        """The institutions whose mailbox is an invented one, for ``doctor`` to tell."""
        return tuple(
            one.id for one in self.institutions.values() if one.mailbox and one.mailbox.endswith(PLACEHOLDER_DOMAIN)
        )


def load_registry(path: Path | None = None) -> Registry:
    """The operator's registry, or the shipped one; :class:`SettingsError` lists everything wrong in it."""
    registry, faults = read_registry(path)
    if registry is None or faults:
        raise SettingsError(tuple(str(one) for one in faults))
    return registry


def read_registry(path: Path | None = None) -> tuple[Registry | None, list[SettingFault]]:
    """The registry, or None with every fault."""
    default = shipped("data", "institutions.toml")
    document, faults = read_document(RegistryDocument, path, default, SETTING)
    if document is None:
        return None, faults
    faults = [SettingFault(f"{SETTING}: {place}", *words) for place, *words in _contradictions(document)]
    if faults:
        return None, faults
    regions = {one.id: one for one in document.regions}
    return Registry(document.version, regions, {one.id: one for one in document.institutions}), []


def _contradictions(document: RegistryDocument) -> Iterable[tuple[str, str, str]]:
    """Whatever is well formed and still cannot be right: place, problem, remedy."""
    names = [one.id for one in document.regions], [one.id for one in document.institutions]
    offices = [one.office for one in document.regions]
    for word, ids in zip(("regions id", "institutions id", "regions office"), (*names, offices), strict=True):
        for twice in sorted(name for name, times in Counter(ids).items() if times > 1):
            yield f"{word} {twice}", "stands twice", "keep one of them"
    for region in document.regions:
        yield from _missing_posts(region, {one.id: one for one in document.institutions})
    known = {one.id for one in document.institutions if one.inside and one.mailbox}
    if OFFICE not in known:
        yield OFFICE, "is missing, not inside, or without a mailbox", "describe the CII office (C10)"
    for one in document.institutions:
        yield from _wrong_institution(one, set(names[0]))


def _missing_posts(region: Region, known: Mapping[str, Institution]) -> Iterable[tuple[str, str, str]]:
    """The institutions that each region must have for the coaching to work."""
    orp, coordinator = known.get(f"orp-{region.id}"), known.get(f"coordinator-{region.id}")
    if orp is None or not orp.public_employment or orp.region != region.id:
        yield f"orp-{region.id}", "is missing, not public_employment, or of another region", "describe the ORP (C1)"
    if coordinator is None or not coordinator.inside or coordinator.mailbox is None:
        yield f"coordinator-{region.id}", "is missing, not inside, or without a mailbox", "describe the post (C10)"


def _wrong_institution(one: Institution, regions: set[str]) -> Iterable[tuple[str, str, str]]:
    """What contradicts itself within one institution."""
    if one.region is not None and one.region not in regions:
        yield f"{one.id} region", "is not a region of this file", "use the id of one of its regions"
    if (one.channel == "mail") is not (one.mailbox is not None):
        yield f"{one.id} mailbox", "does not go with the channel", 'set a mailbox with "mail", none with "none"'
    told = frozenset(field for fields in one.fields.values() for field in fields)
    if "avs_number" in told and not one.may_receive_avs:
        yield f"{one.id} fields", "name the AVS number without may_receive_avs", "drop the field or set the flag"
    if one.inside and set(one.fields) - {Category.ADMINISTRATIVE}:
        yield f"{one.id} fields", "open more than administrative to the inside", "leave the other categories out"
    if one.fields.get(Category.ADMINISTRATIVE, frozenset()) - KNOWN_FIELDS:
        yield f"{one.id} fields administrative", "name a field that does not exist", "use the shipped file's names"
