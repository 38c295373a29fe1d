"""What our own picture of the two systems becomes once an effect is proven to be there.

Without this the next comparison would take our own write for somebody else's move.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain.cases import CaseFile, Mirrored
from domain.intents import IntentKind, Wish
from domain.registrations import RegistryView

WRITER = "cii-sync"
"""How the CII software names us as the author of a mirrored value."""


def settled_case(case: CaseFile, wish: Wish, detail: Mapping[str, str]) -> CaseFile:
    """The case with the mirrored value that a write-back left; ``detail`` carries its new version."""
    if wish.kind is not IntentKind.WRITE_BACK or wish.settles is None:
        return case
    mirrored = Mirrored(version=int(detail["version"]), value=wish.settles, changed_by=WRITER)
    return replace(case, mirror={**case.mirror, wish.facet: mirrored})


def settled_view(view: RegistryView, wish: Wish, at: datetime) -> RegistryView:
    """The registry's view with the keyword that was set or removed, as read back at ``at``."""
    if wish.kind not in (IntentKind.SET_KEYWORD, IntentKind.REMOVE_KEYWORD) or view.person is None:
        return view
    present = wish.kind is IntentKind.SET_KEYWORD
    registrations = tuple(
        replace(one, has_keyword=present) if one.registration_id == wish.payload["registration"] else one
        for one in view.person.registrations
    )
    return replace(view, read_at=at, person=replace(view.person, registrations=registrations))
