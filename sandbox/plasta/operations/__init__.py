"""What the stand-in can do, by operation of the contract."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sandbox.plasta.call import Call, Desk, Reply
from sandbox.plasta.operations import changes, documents, keywords, lookups, registrations, seekers

OPERATIONS: Mapping[str, Callable[[Desk, Call], Reply]] = MappingProxyType(
    {
        "getCode": lookups.get_code,
        "getRavAdressen": lookups.get_rav_adressen,
        "getRavSachbearbeiter": lookups.get_rav_sachbearbeiter,
        "searchStes": seekers.search_stes,
        "getStesListe": seekers.get_stes_liste,
        "getStes": seekers.get_stes,
        "anmeldeStes": registrations.anmelde_stes,
        "getSchlagwortKatalog": lookups.get_schlagwort_katalog,
        "getStesSchlagworte": keywords.get_stes_schlagworte,
        "addStesSchlagwort": keywords.add_stes_schlagwort,
        "removeStesSchlagwort": keywords.remove_stes_schlagwort,
        "getAbmeldung": registrations.get_abmeldung,
        "getAenderungen": changes.get_aenderungen,
        "getDossierUrl": documents.get_dossier_url,
        "getDokumentMetadaten": documents.get_dokument_metadaten,
    }
)
