"""The intents that ``retry --cause`` is about: what the words name, and the list as it stands, pinned by its mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from console.advice import advice_on, bars_on
from console.doors import House
from console.session import wrong_usage
from domain.books import Bar
from domain.causes import Cause, Stretch, pin_of
from domain.facets import Target
from domain.intents import Intent, IntentKind


@dataclass(frozen=True, slots=True)
class Chosen:
    """What ``--cause`` names, as it stands now: ``pinned`` would be offered, ``refused`` never in bulk."""

    cause: Cause
    stretch: Stretch
    pinned: Sequence[Intent]
    refused: Sequence[Intent]
    bars: Sequence[Bar]

    @property
    def pin(self) -> str:
        """The mark of the list."""
        return pin_of(self.pinned)

    @property
    def halted(self) -> Bar | None:
        """The halt that stands in the way, if any."""
        return next((bar for bar in self.bars if bar.halted), None)


def cause_given(text: str) -> Cause:
    """``plasta/set_keyword/422``: target, kind, and a code that may hold slashes itself; the family is not named."""
    target, _, rest = text.partition("/")
    kind, _, code = rest.partition("/")
    if target not in set(Target) or kind not in set(IntentKind) or not code:
        raise wrong_usage("--cause takes TARGET/KIND/CODE, as: cii-sync causes")
    return Cause(Target(target), IntentKind(kind), "", code)


def stretch_given(since: str, until: str) -> Stretch:
    """Whole days in Valais, both included."""
    from config.calendar import start_of_local_day  # late: --help needs no holidays

    first, last = _day(since, "--since"), _day(until, "--until")
    if first and last and last < first:
        raise wrong_usage("--until lies before --since.")
    return Stretch(
        start_of_local_day(first) if first else None, start_of_local_day(last + timedelta(days=1)) if last else None
    )


def _day(text: str, option: str) -> date | None:
    """A day as yyyy-mm-dd or dd.mm.yyyy."""
    for form in ("%Y-%m-%d", "%d.%m.%Y") if text else ():
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    if text:
        raise wrong_usage(f"{option} takes a day such as 2026-11-22.")
    return None


def chosen(house: House, cause: Cause, stretch: Stretch) -> Chosen:
    """The parked intents of a cause, those that are never retried in bulk set apart."""
    found = house.needs.intents.parked_for(cause.target, cause.kind, cause.code, stretch)
    pinned = [one for one in found if advice_on(one.last_family).retry]
    refused = [one for one in found if not advice_on(one.last_family).retry]
    return Chosen(cause, stretch, pinned, refused, bars_on(cause, house.needs.switches.bars()))
