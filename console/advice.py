"""What each family of failure means, what the system does about it by itself, and what a person does next.

Closed: every family of :mod:`domain.errors` has its row (a test says so), each sentence at most twenty words, for
operators, in English. A retry is never offered where it could double an effect or lock an account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from domain.books import Bar
from domain.causes import RESTORED, Cause, CauseCount, Standing


class Shown(StrEnum):
    """How a cause stands as a whole: by the intents that need a person most, or by what stops its target."""

    HELD = "held"
    PARKED = "parked"
    HALTED = "halted"
    PAUSED = "paused"
    UNKNOWN = "unknown"
    WAITING = "waiting"


STATE_WORDS: Mapping[Shown, str] = {
    Shown.HELD: "in doubt, waits for your answer",
    Shown.PARKED: "parked, waits for a person",
    Shown.HALTED: "halted",
    Shown.PAUSED: "paused",
    Shown.UNKNOWN: "in doubt, being looked at",
    Shown.WAITING: "tried again by itself",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """A family in sentences. ``retry``: whether all parked intents of the cause may be offered again at once."""

    means: str
    then: str
    retry: bool


_RESUME = "check with cii-sync doctor, then: cii-sync resume TARGET --reason '...'"

BY_FAMILY: Mapping[str, Advice] = {
    "error": Advice("An error that belongs to no family.", "Look at the attempts of one: cii-sync intents ID.", False),
    "unavailable": Advice(
        "The target could not be reached; nothing happened there.",
        "Once the target answers (cii-sync doctor), retry the cause.",
        True,
    ),
    "throttled": Advice(
        "The target asked for less; nothing happened there.",
        "Lower our pace, or ask the target's office for more, then retry the cause.",
        True,
    ),
    "unknown": Advice(
        "It was sent, and the answer was lost.",
        "Look at the target yourself; never repeat it before: cii-sync answer ID --arrived | --again.",
        False,
    ),
    "mapping": Advice(
        "A word of the other system has no translation here.",
        "Have the word added to the code map, then retry the cause.",
        True,
    ),
    "invalid": Advice(
        "A record breaks the contract of its system.",
        "Have the record corrected where it comes from, then retry the cause.",
        True,
    ),
    "consent": Advice(
        "No legal basis covers it now.",
        "Have a procuration signed or renewed: cii-sync work. There is nothing to retry.",
        False,
    ),
    "misconfigured": Advice(
        "It fails for every case until a setting or a catalogue changes.",
        f"Correct the setting or the catalogue, {_RESUME}.",
        False,
    ),
    "refused": Advice(
        "The target understood it and said no.",
        "Look at the cases, correct them, then retry the cause; or withdraw: cii-sync withdraw ID.",
        True,
    ),
    "not_found": Advice(
        "The target does not know what we named.",
        "Look for the cases at the target, correct the reference, then retry the cause, or withdraw.",
        True,
    ),
    "ambiguous": Advice(
        "Several fit at the target, or its answer was cut.",
        "Say which person or registration is meant in the CII software, then retry the cause.",
        True,
    ),
    "conflict": Advice(
        "Somebody else changed it at the target meanwhile.",
        "Look at what stands there now, then retry the cause, or withdraw.",
        True,
    ),
    "credentials": Advice(
        "The target refuses our login; a wrong one locks the account.",
        f"Correct the login, {_RESUME}.",
        False,
    ),
    "contract": Advice(
        "The target no longer speaks the agreed contract, or its certificate is not trusted.",
        f"Ask the target's office what changed, {_RESUME}.",
        False,
    ),
    "settings": Advice("A setting is wrong.", f"Correct it, {_RESUME}.", False),
    RESTORED: Advice(
        "Its withdrawal was taken back.",
        "Decide on each: cii-sync retry ID, or cii-sync withdraw ID.",
        True,
    ),
    "": Advice(
        "The family was not recorded (an earlier version).",
        "Look at the attempts of one (cii-sync intents ID), then retry the cause.",
        True,
    ),
}

STRANGE = Advice("A family that this version does not know.", "Look at one: cii-sync intents ID.", False)


def advice_on(family: str) -> Advice:
    """The row of a family; a newer version's word is told as such, never guessed at."""
    return BY_FAMILY.get(family, STRANGE)


def bars_on(cause: Cause, bars: Sequence[Bar]) -> Sequence[Bar]:
    """The pauses and halts that stop this kind of effect at this target."""
    return [bar for bar in bars if bar.target in (None, cause.target) and bar.kind in (None, cause.kind)]


def shown(count: CauseCount, bars: Sequence[Bar]) -> Shown:
    """One word for the whole cause."""
    on_it = bars_on(count.cause, bars)
    if count.standings.get(Standing.HELD):
        return Shown.HELD
    if count.standings.get(Standing.PARKED):
        return Shown.PARKED
    if any(bar.halted for bar in on_it):
        return Shown.HALTED
    if on_it:
        return Shown.PAUSED
    return Shown.UNKNOWN if count.standings.get(Standing.UNKNOWN) else Shown.WAITING


def by_itself(state: Shown, family: str) -> str:
    """What the system does without anybody."""
    match state:
        case Shown.HELD:
            return "Nothing: it can neither look nor repeat."
        case Shown.PARKED if family == "consent":
            return "Takes it up again as soon as a basis covers it and it is still wanted."
        case Shown.PARKED:
            return "Nothing more: tries are used up, or another try would end the same."
        case Shown.HALTED | Shown.PAUSED:
            return "Sends nothing there, and keeps everything in its order."
        case Shown.UNKNOWN:
            return "Looks at the target first, and repeats only what is not there."
        case Shown.WAITING:
            return "Tries again at growing intervals."
        case _:
            assert_never(state)


def to_do(state: Shown, family: str) -> str:
    """What a person does next."""
    match state:
        case Shown.HELD:
            return "Look at the target yourself, then: cii-sync answer ID --arrived | --again."
        case Shown.PARKED:
            return advice_on(family).then
        case Shown.HALTED:
            return advice_on(family).then if family in HALTED_BY else f"See why (cii-sync mode), {_RESUME}."
        case Shown.PAUSED:
            return "Go on when the reason is gone: cii-sync resume TARGET --reason '...'."
        case Shown.UNKNOWN:
            return "Nothing yet. Do not repeat it by hand."
        case Shown.WAITING:
            return "Nothing yet; cii-sync doctor tells who answers."
        case _:
            assert_never(state)


HALTED_BY = frozenset({"misconfigured", "credentials", "contract", "settings"})
"""Families that halt a target or a kind of effect there."""


def offers_retry(standing: Standing, family: str, on_it: Sequence[Bar]) -> bool:
    """Whether intents may be offered again in bulk: parked, by a family that allows it, and nothing halted there."""
    return standing is Standing.PARKED and advice_on(family).retry and not any(bar.halted for bar in on_it)
