"""The kinds of mail that exist, and for each the only fields that it may carry.

The list is closed on purpose: a field that is not in it cannot be put into a mail, so that no name, no AVS number
and nothing about a person's situation leaves by this door, whatever a pipeline hands over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from domain.errors import MappingError


class Reading(Enum):
    """How the raw text of a field is checked and turned into words."""

    CASE_REFERENCE = "case reference"
    REGION = "region"
    ROLE = "role"
    DATE = "date"
    LINK = "link"


@dataclass(frozen=True)
class MailKind:
    """One kind of mail: its templates' prefix, what it must carry and what it may carry besides."""

    name: str
    step: str
    required: Mapping[str, Reading]
    optional: Mapping[str, Reading]


REINSERTION_CONFIRMATION = MailKind(
    name="reinsertion_confirmation",
    step="C10",
    required={
        "case_reference": Reading.CASE_REFERENCE,
        "region": Reading.REGION,
        "confirmed_on": Reading.DATE,
        "confirmed_by": Reading.ROLE,
    },
    optional={"start_of_work": Reading.DATE, "link": Reading.LINK},
)
"""C10: to the CII office, copy to the regional coordinator, once the tandem has confirmed the reinsertion."""

REGISTRATION_WANTED = MailKind(
    name="registration_wanted",
    step="C3",
    required={"case_reference": Reading.CASE_REFERENCE},
    optional={"due_on": Reading.DATE, "link": Reading.LINK},
)
"""C3: to the ORP's mailbox of the region, when the person of a case is not registered in PLASTA."""

KINDS: Mapping[str, MailKind] = {kind.name: kind for kind in (REINSERTION_CONFIRMATION, REGISTRATION_WANTED)}


def kind_named(name: str) -> MailKind:
    """The kind of that name; any other name is a :class:`MappingError`."""
    kind = KINDS.get(name)
    if kind is None:
        raise MappingError("unknown kind of mail", path="template", system="mail", operation="render")
    return kind
