"""Writes persons, registrations and lists in the contract's words; a person's row is kept until she changes."""

from sandbox.plasta.code_lists import Adviser, Catalogue, Code, Keyword, Office
from sandbox.plasta.records import Change, Deregistration, Document, JobSeeker, Registration
from sandbox.plasta.xml_text import day, flag, instant, number, tag, text


class Rendering:
    """Needs the catalogue for the keywords' names; thread-safe, since records are immutable and kept by identity."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Start with nothing kept."""
        self._catalogue = catalogue
        self._kept: dict[str, tuple[JobSeeker, str]] = {}

    def job_seeker(self, person: JobSeeker) -> str:
        """Return the content of a `Stes`: the person with all her registrations."""
        known = self._kept.get(person.personal_number)
        if known is not None and known[0] is person:
            return known[1]
        xml = self.narrowed(person, person.registrations)
        self._kept[person.personal_number] = (person, xml)
        return xml

    def narrowed(self, person: JobSeeker, registrations: tuple[Registration, ...]) -> str:
        """Return the content of a `Stes` with some of her registrations."""
        shown = (tag("anmeldungArrayItem", self._registration(item)) for item in registrations)
        return tag("person", _person(person)) + tag("anmeldungArray", *shown)

    def keywords_of(self, registration: Registration) -> str:
        """Return the `schlagwortArray` of a registration."""
        known = (self._catalogue.keyword(item) for item in registration.keywords)
        return tag("schlagwortArray", *(keyword_item(item) for item in known if item is not None))

    def _registration(self, item: Registration) -> str:
        return "".join(
            (
                text("stesIdAvam", item.stes_id),
                text("anmeldeart", item.kind),
                text("status", item.status),
                text("ravCode", item.office),
                text("sachbearbeiter", item.adviser),
                day("anmeldedatum", item.registered_on),
                self.keywords_of(item),
                deregistration(item.deregistration),
                number("ojbVersion", item.version),
                instant("geaendertAm", item.changed_at),
            )
        )


def _person(person: JobSeeker) -> str:
    return "".join(
        (
            text("personenNr", person.personal_number),
            text("svNr", person.avs_number),
            text("name", person.family_name),
            text("vorname", person.first_name),
            day("geburtsdatum", person.birth_date),
            text("geschlecht", person.sex),
            text("sprache", person.language),
            text("strasse", person.address.street),
            text("plz", person.address.postal_code),
            text("ort", person.address.locality),
            number("ojbVersion", person.version),
            instant("geaendertAm", person.changed_at),
        )
    )


def deregistration(item: Deregistration | None) -> str:
    """Return an `abmeldung`, nil when there is none or it was withdrawn."""
    if item is None or item.withdrawn_at is not None:
        return text("abmeldung", None)
    return tag(
        "abmeldung",
        day("wirksamAm", item.effective_on),
        flag("stelleGefunden", item.job_found),
        text("grundDomain", item.reason_domain),
        text("grundCode", item.reason_code),
        day("stellenantritt", item.start_of_work),
        instant("erfasstAm", item.recorded_at),
        number("ojbVersion", item.version),
    )


def search_row(person: JobSeeker, item: Registration | None) -> str:
    """Return one hit: a registration of a person, or the person alone when she has none."""
    return tag(
        "stesZeileArrayItem",
        text("personenNr", person.personal_number),
        text("stesIdAvam", None if item is None else item.stes_id),
        text("svNr", person.avs_number),
        text("name", person.family_name),
        text("vorname", person.first_name),
        day("geburtsdatum", person.birth_date),
        text("plz", person.address.postal_code),
        text("ort", person.address.locality),
        text("ravCode", None if item is None else item.office),
        text("status", None if item is None else item.status),
        text("anmeldeart", None if item is None else item.kind),
        day("anmeldedatum", None if item is None else item.registered_on),
        number("ojbVersion", None if item is None else item.version),
        instant("geaendertAm", person.changed_at if item is None else item.changed_at),
    )


def keyword_item(item: Keyword) -> str:
    """Return one keyword of a catalogue or a registration."""
    return tag(
        "schlagwortArrayItem",
        text("schlagwortId", item.keyword_id),
        text("bezeichnungDe", item.name_de),
        text("bezeichnungFr", item.name_fr),
        text("bezeichnungIt", item.name_it),
        flag("gueltig", item.valid),
    )


def code_item(item: Code) -> str:
    """Return one row of a code list."""
    texts = text("textDe", item.text_de) + text("textFr", item.text_fr) + text("textIt", item.text_it)
    return tag("codeArrayItem", text("code", item.code), texts, flag("gueltig", item.valid))


def office_item(item: Office) -> str:
    """Return one employment office."""
    return tag(
        "ravAdresseArrayItem",
        text("ravCode", item.code),
        text("nameDe", item.name_de),
        text("nameFr", item.name_fr),
        text("strasse", item.street),
        text("plz", item.postal_code),
        text("ort", item.locality),
        text("sprache", item.language),
        text("vollzugsregion", item.region),
    )


def adviser_item(item: Adviser) -> str:
    """Return one adviser."""
    return tag(
        "sachbearbeiterArrayItem",
        text("benutzer", item.user_id),
        text("ravCode", item.office),
        text("name", item.family_name),
        text("vorname", item.first_name),
        text("email", item.email),
    )


def change_item(item: Change) -> str:
    """Return one change of the feed."""
    return tag(
        "aenderungArrayItem",
        number("sequenz", item.sequence),
        text("personenNr", item.personal_number),
        text("stesIdAvam", item.stes_id),
        text("art", item.kind),
    )


def document_item(item: Document) -> str:
    """Return one document's metadata."""
    return tag(
        "dokumentArrayItem",
        text("dokumentId", item.document_id),
        text("titel", item.title),
        text("dokumentTyp", item.kind),
        text("geschaeftsArt", item.business_kind),
        text("geschaeftsFallNr", item.business_case),
        instant("abgelegtAm", item.filed_at),
        number("groesse", item.size),
        text("sha256", item.sha256),
    )
