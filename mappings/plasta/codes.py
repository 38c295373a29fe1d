"""PLASTA's codes and what they mean to us: message keys by our error families, small code lists by our words."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.errors import (
    AmbiguousError,
    ConflictError,
    ContractBrokenError,
    CredentialsError,
    InvalidRecordError,
    MisconfiguredError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    SyncError,
    UnavailableError,
)
from domain.facets import Language

FAMILIES: Mapping[str, type[SyncError]] = MappingProxyType(
    {
        "STES_NICHT_GEFUNDEN": NotFoundError,
        "STES_MEHRDEUTIG": AmbiguousError,
        "ZU_VIELE_TREFFER": AmbiguousError,
        "SUCHE_UNZULAESSIG": AmbiguousError,
        "SVNR_UNGUELTIG": InvalidRecordError,
        "SVNR_DOPPELT": RefusedError,
        "PERSON_ZUSAMMENGEFUEHRT": ConflictError,
        "ZAS_ABGLEICH_NOETIG": RefusedError,
        "SCHLAGWORT_NICHT_GEFUNDEN": MisconfiguredError,
        "SCHLAGWORT_NICHT_EINDEUTIG": MisconfiguredError,
        "SCHLAGWORT_FREMDE_REGION": MisconfiguredError,
        "VERSION_KONFLIKT": ConflictError,
        "TERMIN_GELOESCHT": ConflictError,
        "KEINE_BERECHTIGUNG": RefusedError,
        "STES_INAKTIV": RefusedError,
        "FALSCHER_KONTEXT": RefusedError,
        "CODE_UNBEKANNT": RefusedError,
        "ZEICHEN_UNZULAESSIG": InvalidRecordError,
        "DMS_NICHT_VERFUEGBAR": UnavailableError,
        "AUTH_FEHLER": CredentialsError,
        "SCHEMA_FEHLER": ContractBrokenError,
        "TECHNISCH": OutcomeUnknownError,
    }
)
"""What to do when an answer says no, by the table of ``plasta.md``. ``OutcomeUnknownError`` means "proves nothing"."""

HINTS = frozenset(
    {
        "SCHLAGWORT_BEREITS_ZUGEWIESEN",
        "SCHLAGWORT_NICHT_ZUGEWIESEN",
        "TERMIN_UEBERSCHNEIDUNG",
        "TERMIN_VERGANGEN",
    }
)
"""Keys that only ever come as INFO or WARNING under OK."""

ACTIVE: Mapping[str, bool] = MappingProxyType({"1": True, "2": False})
"""``STESSTATUS``: whether a registration is active."""

LANGUAGES: Mapping[str, Language] = MappingProxyType({"1": Language.DE, "2": Language.FR})
"""``SPRACHE``. 3 is Italian, in which we write to nobody; it is in no answer that we use."""

LANGUAGE_CODES: Mapping[Language, str] = MappingProxyType({word: code for code, word in LANGUAGES.items()})
"""The way back."""

REASON_DOMAINS: Mapping[str, str] = MappingProxyType(
    {"ABMELDEGRUND": "ABMELDEGRUND", "ABMELDEGRUNDOHNESTELLE": "ABMELDEGRUNDOHNESTELLE"}
)
"""The two code lists of de-registration reasons. Their values are not public: kept as they are, mapped nowhere."""

REQUEST_STATES: Mapping[str, str] = MappingProxyType({"PENDENT": "PENDENT", "AKTIV": "AKTIV", "ABGELEHNT": "ABGELEHNT"})
"""How a registration asked for can stand (``anmeldeStes``)."""
