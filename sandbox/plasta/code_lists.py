"""PLASTA's code lists, keyword catalogue, offices and advisers, as the stand-in ships them.

The texts of the de-registration reasons follow the user interface; **their code values are not public**: the ones
here are invented, and a client must load them by `getCode`. Advisers are invented persons.
"""

from dataclasses import dataclass, field

from sandbox.plasta.records import JOB_FOUND, NO_JOB

REGION = "VS"
CII_KEYWORD = "KW000101"
FOREIGN_KEYWORD = "KW220101"


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code list, with its text in the three languages."""

    domain: str
    code: str
    text_de: str
    text_fr: str
    text_it: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword (mot-clé, Schlagwort) of an execution region's catalogue."""

    keyword_id: str
    region: str
    name_de: str
    name_fr: str
    name_it: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Office:
    """One employment office (ORP, RAV); `language` is its working language, `region` its execution region."""

    code: str
    name_de: str
    name_fr: str
    street: str
    postal_code: str
    locality: str
    language: str
    region: str = REGION


@dataclass(frozen=True, slots=True)
class Adviser:
    """One adviser of an office, by user id."""

    user_id: str
    office: str
    family_name: str
    first_name: str
    email: str


CODES = (
    Code("ANMELDEART", "1", "Erstanmeldung", "Première inscription", "Prima iscrizione"),
    Code("ANMELDEART", "2", "Wieder innert 6 Monaten", "Réinscription avant 6 mois", "Reiscrizione entro 6 mesi"),
    Code("ANMELDEART", "3", "Wieder nach 6 Monaten", "Réinscription après 6 mois", "Reiscrizione dopo 6 mesi"),
    Code("ANMELDEART", "4", "RAV-Wechsel", "Changement d'office", "Cambiamento d'ufficio"),
    Code("STESSTATUS", "1", "Aktiv", "Actif", "Attivo"),
    Code("STESSTATUS", "2", "Inaktiv", "Inactif", "Inattivo"),
    Code("SPRACHE", "1", "Deutsch", "Allemand", "Tedesco"),
    Code("SPRACHE", "2", "Französisch", "Français", "Francese"),
    Code("SPRACHE", "3", "Italienisch", "Italien", "Italiano"),
    Code("GESCHLECHT", "M", "Männlich", "Masculin", "Maschile"),
    Code("GESCHLECHT", "W", "Weiblich", "Féminin", "Femminile"),
    Code(JOB_FOUND, "101", "Stelle selbst gefunden", "Emploi trouvé par soi-même", "Posto trovato da sé"),
    Code(JOB_FOUND, "102", "Stelle durch RAV gefunden", "Emploi trouvé par l'ORP", "Posto trovato dall'URC"),
    Code(JOB_FOUND, "103", "Selbständige Tätigkeit", "Activité indépendante", "Attività indipendente"),
    Code(NO_JOB, "201", "Verzicht auf Vermittlung", "Renonciation au placement", "Rinuncia al collocamento"),
    Code(NO_JOB, "202", "Wechsel des RAV", "Changement d'ORP", "Cambiamento d'URC"),
    Code(NO_JOB, "203", "Nicht vermittlungsfähig", "Inapte au placement", "Non idoneo al collocamento"),
    Code(NO_JOB, "204", "Wegzug ins Ausland", "Départ à l'étranger", "Partenza all'estero"),
    Code(NO_JOB, "205", "Pensionierung", "Retraite", "Pensionamento"),
    Code(NO_JOB, "206", "Kontrollpflicht nicht erfüllt", "Contrôle non effectué", "Controllo non effettuato"),
    Code(NO_JOB, "299", "Anderer Grund", "Autre motif", "Altro motivo"),
)  # fmt: skip

KEYWORDS = (
    Keyword(CII_KEYWORD, REGION, "IIZ LIAS-LEMC", "CII LIAS-LEMC", "CII LIAS-LEMC"),
    Keyword("KW000102", REGION, "IIZ Case Management", "CII Case management", "CII Case management"),
    Keyword("KW000110", REGION, "Grundkompetenzen", "Compétences de base", "Competenze di base"),
    Keyword("KW000111", REGION, "Gastgewerbe", "Hôtellerie-restauration", "Settore alberghiero"),
    Keyword("KW000112", REGION, "Gastgewerbe (Saison)", "Hôtellerie-restauration (saison)", "Alberghiero (stagione)"),
    Keyword("KW000199", REGION, "IIZ Pilot 2015", "CII pilote 2015", "CII pilota 2015", valid=False),
    Keyword(FOREIGN_KEYWORD, "VD", "IIZ CMS-RAV", "CII CSR-ORP", "CII CSR-URC"),
)

OFFICES = (
    Office("VSL10", "RAV Monthey", "ORP Monthey", "Avenue du Crochetan 1", "1870", "Monthey", "2"),
    Office("VSM10", "RAV Martigny", "ORP Martigny", "Rue du Léman 19", "1920", "Martigny", "2"),
    Office("VSN10", "RAV Siders", "ORP Sierre", "Rue Centrale 6", "3960", "Sierre", "2"),
    Office("VSO10", "RAV Sitten", "ORP Sion", "Place du Midi 40", "1950", "Sion", "2"),
    Office("VSP10", "RAV Oberwallis", "ORP Haut-Valais", "Kantonsstrasse 2", "3900", "Brig", "1"),
    Office("VDA10", "RAV Aigle", "ORP Aigle", "Rue de la Gare 3", "1860", "Aigle", "2", region="VD"),
)

ADVISERS = (
    Adviser("vsl1001", "VSL10", "Rouiller", "Maude", "maude.rouiller@orp-monthey.example"),
    Adviser("vsl1002", "VSL10", "Donnet", "Cédric", "cedric.donnet@orp-monthey.example"),
    Adviser("vsm1001", "VSM10", "Saudan", "Élodie", "elodie.saudan@orp-martigny.example"),
    Adviser("vsm1002", "VSM10", "D'Andrès", "Yvan", "yvan.dandres@orp-martigny.example"),
    Adviser("vsn1001", "VSN10", "Salamin", "Noémie", "noemie.salamin@orp-sierre.example"),
    Adviser("vsn1002", "VSN10", "Zufferey", "Joël", "joel.zufferey@orp-sierre.example"),
    Adviser("vso1001", "VSO10", "Favre", "Séverine", "severine.favre@orp-sion.example"),
    Adviser("vso1002", "VSO10", "Dayer", "Grégoire", "gregoire.dayer@orp-sion.example"),
    Adviser("vsp1001", "VSP10", "Zenhäusern", "Jürg", "juerg.zenhaeusern@rav-oberwallis.example"),
    Adviser("vsp1002", "VSP10", "Imhof", "Käthi", "kaethi.imhof@rav-oberwallis.example"),
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All lists together; a test or a training may give its own."""

    codes: tuple[Code, ...] = CODES
    keywords: tuple[Keyword, ...] = KEYWORDS
    offices: tuple[Office, ...] = OFFICES
    advisers: tuple[Adviser, ...] = ADVISERS
    _keywords_by_id: dict[str, Keyword] = field(init=False, repr=False, compare=False)
    _offices_by_code: dict[str, Office] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index what every call looks up."""
        object.__setattr__(self, "_keywords_by_id", {item.keyword_id: item for item in self.keywords})
        object.__setattr__(self, "_offices_by_code", {item.code: item for item in self.offices})

    def domain(self, name: str) -> tuple[Code, ...]:
        """Return one code list, empty when there is none of that name."""
        return tuple(item for item in self.codes if item.domain == name)

    def keyword(self, keyword_id: str) -> Keyword | None:
        """Return a keyword of any region."""
        return self._keywords_by_id.get(keyword_id)

    def office(self, code: str) -> Office | None:
        """Return an office by its code."""
        return self._offices_by_code.get(code)

    def region_of(self, office: str) -> str | None:
        """Return the execution region of an office, None when there is no such office."""
        found = self.office(office)
        return None if found is None else found.region
