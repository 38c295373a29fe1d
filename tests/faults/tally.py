"""The counters of one trial, and of many: what was accepted, and what became of it."""

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures of one state after everything came to rest; the last seven must be 0."""

    accepted: int = 0
    """Intents and requests that our store took in."""
    done: int = 0
    """Those that ended with their effect, or overtaken by a newer decision, or with an answer."""
    recovered: int = 0
    """Those among them that needed more than one attempt."""
    unknown: int = 0
    """Doubts, each shown to a person by a work item."""
    lost: int = 0
    """Accepted and neither ended nor waiting for a person; or said to be done without an effect; or never wished."""
    doubled: int = 0
    """Effects beyond the first under one business key, at any ledger."""
    unexpected: int = 0
    """Effects at a ledger that no intent of ours knows."""
    unlisted: int = 0
    """Doubts and parked intents that no work item shows."""
    stale: int = 0
    """Work items about something that is over: somebody would have to tidy up by hand."""
    unended: int = 0
    """Runs without an end."""
    leaked: int = 0
    """Canaries in what was logged and in the files of the state folder."""

    def __add__(self, other: "Tally") -> "Tally":
        """Two trials together."""
        return Tally(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})

    def as_json(self) -> dict[str, int]:
        """By name."""
        return asdict(self)

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return not any(getattr(self, name) for name in BROKEN)


BROKEN = ("lost", "doubled", "unexpected", "unlisted", "stale", "unended", "leaked")
"""Counters that stay at 0."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A tally with a sentence for everything that is wrong; sentences name cases and intents, never persons."""

    tally: Tally
    problems: tuple[str, ...] = ()
