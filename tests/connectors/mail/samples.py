"""Each kind of mail in each language and both orders, with all facts and with the least: the golden files.

``python -m tests.connectors.mail.samples`` writes the golden files anew: read them before committing, as a clerk would.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from connectors.mail.wording import Wording, render
from domain.facets import Language
from domain.mail import OutgoingMail
from tests.connectors.mail.conftest import REINSERTION, TANDEM

GOLDEN = Path(__file__).parent / "golden"
LINK = "https://dossiers.cii.example/cases/CII-2026-000123"

FULL: Mapping[str, Mapping[str, str]] = {
    "reinsertion_confirmation": {
        "case_reference": "CII-2026-000123",
        "region": "sion",
        "confirmed_on": "2026-11-20",
        "confirmed_by": "cms_respondent",
        "start_of_work": "2026-12-01",
        "link": LINK,
    },
    "registration_wanted": {"case_reference": "CII-2026-000123", "due_on": "2026-11-27", "link": LINK},
}
LEAST: Mapping[str, Mapping[str, str]] = {
    "reinsertion_confirmation": {
        "case_reference": "CII-2026-000123",
        "region": "oberwallis",
        "confirmed_on": "2026-11-20",
        "confirmed_by": "orp_respondent",
    },
    "registration_wanted": {"case_reference": "CII-2026-000123"},
}
ORDERS = ((Language.FR,), (Language.DE,), (Language.FR, Language.DE), (Language.DE, Language.FR))


def samples() -> dict[str, OutgoingMail]:
    """Every sample by the name of its golden file."""
    found: dict[str, OutgoingMail] = {}
    for fill, table in (("full", FULL), ("least", LEAST)):
        for template, fields in table.items():
            for languages in ORDERS:
                name = f"{template}.{'-'.join(languages)}.{fill}"
                reply_to = (TANDEM,) if fill == "full" else ()
                found[name] = replace(
                    REINSERTION, template=template, fields=fields, languages=languages, reply_to=reply_to
                )
    return found


def as_read(wording: Wording) -> str:
    """What a mail reader shows of the plain text, the subject first."""
    return f"{wording.subject}\n\n{wording.text}"


if __name__ == "__main__":
    for name, mail in samples().items():
        (GOLDEN / f"{name}.txt").write_text(as_read(render(mail)), encoding="utf-8")
