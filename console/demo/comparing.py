"""Compare what was done with what should have been: rows of a table, each equal or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.demo.stand_ins import Effect
from console.demo.tally import KINDS, Done, by_ledger, doubled, ledger_marks, our_marks, ours
from console.doors import House
from console.screen import heading, line, table
from domain.books import Run


@dataclass(frozen=True, slots=True)
class Row:
    """Two numbers that must be the same."""

    what: str
    found: int
    wanted: int

    @property
    def same(self) -> bool:
        """Whether they are."""
        return self.found == self.wanted


def with_ledgers(house: House, effects: Sequence[Effect]) -> list[Row]:
    """Our own records against the ledgers of the stand-ins, in numbers and one by one; and nothing twice."""
    done, marks, theirs = ours(house), our_marks(house), ledger_marks(effects)
    ledger = by_ledger(effects)
    kinds = [*KINDS, *sorted((set(done.effects) | set(ledger)) - set(KINDS))]
    rows = [Row(kind, done.effects.get(kind, 0), ledger.get(kind, 0)) for kind in kinds]
    return [
        *rows,
        Row("effects that only our records have", (marks - theirs).total(), 0),
        Row("effects that only a ledger has", 0, (theirs - marks).total()),
        Row("effects that happened twice", 0, doubled(effects)),
    ]


def with_expectation(run: Run, done: Done, expected: Mapping[str, int]) -> list[Row]:
    """The first nightly against what the population expects, from its table of scenarios alone."""
    found = {
        "seen": run.counts.get("seen", 0),
        "looked_up": run.counts.get("looked_up", 0),
        "agreed": run.counts.get("agreed", 0),
        "quarantined": done.quarantined,
        "keyword_set": done.effects.get("keywords set", 0),
        "write_backs": done.effects.get("write-backs", 0),
        "mails": done.messages,
        "work_items": done.tasks,
        "conflicts": done.conflicts,
    }
    rows = [Row(name.replace("_", " "), found[name], expected[name]) for name in found if name in expected]
    unknown = sorted(set(expected) - set(found))
    return [*rows, *(Row(f"{name} (not measured)", 0, 1) for name in unknown)]


def show(title: str, left: str, right: str, rows: Sequence[Row]) -> bool:
    """Print a comparison; True when everything is the same."""
    heading(title)
    words = (("what", left, right, ""), (left, right))
    table(words[0], ((row.what, row.found, row.wanted, _verdict(row)) for row in rows), numbers=words[1])
    same = all(row.same for row in rows)
    if not same:
        line("There are differences: see the rows marked DIFFERENT.")
    return same


def _verdict(row: Row) -> str:
    """A word, never a colour alone."""
    return "same" if row.same else "DIFFERENT"
