"""One whole case as the CII software writes it, of an invented person; tests change what they are about."""

from copy import deepcopy
from typing import Any

CASE: dict[str, Any] = {
    "caseId": "CII-2026-000123",
    "sequence": 17,
    "version": 4,
    "changedAt": "2026-11-20T14:05:06+01:00",
    "changedBy": "tandem",
    "region": "sion",
    "language": "fr",
    "beneficiary": {
        "avsNumber": "7569217076985",
        "personalNumber": "80000001",
        "familyName": "D'Andrès",
        "firstName": "Zoé",
        "birthDate": "1979-05-17",
        "language": "de",
        "locality": {"postalCode": "1950", "name": "Sion", "bfsNumber": 6266},
    },
    "procedures": [{"kind": "coaching", "state": "running", "openedOn": "2026-02-01"}],
    "exit": {"reason": "employment", "on": "2026-11-01"},
    "reinsertion": {"confirmedOn": "2026-10-30", "confirmedBy": "orp_respondent", "startOfWork": "2026-11-01"},
    "team": [
        {
            "role": "orp_respondent",
            "institution": "orp-sion",
            "name": "Luc Favre",
            "email": "luc.favre@orp-sion.example",
            "language": "fr",
        }
    ],
    "procurations": [
        {
            "id": "P-2026-000123-01",
            "signedOn": "2026-02-01",
            "validFrom": "2026-02-01",
            "validTo": "2027-01-31",
            "revokedOn": "2026-12-01",
            "recipients": ["orp-sion", "cms-sion"],
            "categories": ["administrative", "social"],
        }
    ],
    "mirror": {
        "registration": {
            "value": {"status": "registered"},
            "version": 2,
            "changedAt": "2026-11-20T02:00:00Z",
            "changedBy": "cii-sync",
        }
    },
    "documentCount": 3,
}


def case_with(path: str, value: object) -> dict[str, Any]:
    """The case with one place changed; a path is names and indices between dots. ``...`` takes the place away."""
    changed = deepcopy(CASE)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    spot: Any = changed
    for part in way:
        spot = spot[part]
    if value is ...:
        del spot[last]
    else:
        spot[last] = value
    return changed
