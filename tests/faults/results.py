"""What many trials came to, as it is written down: one record for each runner, scenario and action, shards added up."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.faults.tally import Tally
from tests.faults.trial import Outcome

FOLDER = Path("docs/faults")
MERGED = "results.json"
SHARDS = "results-*.json"

Key = tuple[str, str, str]
"""Runner, scenario, action."""


@dataclass
class Record:
    """All trials of one runner, scenario and action."""

    instants: list[str] = field(default_factory=list)
    not_reached: list[str] = field(default_factory=list)
    by_the_next_night: list[str] = field(default_factory=list)
    problems: dict[str, list[str]] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0

    def add(self, place: str, outcome: Outcome) -> None:
        """One more trial; a place is an instant, with the process where there are several."""
        self.instants.append(place)
        self.tally += outcome.verdict.tally
        self.seconds += outcome.seconds
        if not outcome.reached:
            self.not_reached.append(place)
        if outcome.night:
            self.by_the_next_night.append(place)
        if outcome.verdict.problems:
            self.problems[place] = list(outcome.verdict.problems)

    def merge(self, other: "Record") -> None:
        """The same of another shard."""
        self.instants = sorted({*self.instants, *other.instants})
        self.not_reached = sorted({*self.not_reached, *other.not_reached})
        self.by_the_next_night = sorted({*self.by_the_next_night, *other.by_the_next_night})
        self.problems |= other.problems
        self.tally += other.tally
        self.seconds += other.seconds

    def as_json(self) -> dict[str, object]:
        """Figures first."""
        return {
            "instants": len(self.instants),
            **self.tally.as_json(),
            "seconds": round(self.seconds, 1),
            "not_reached": self.not_reached,
            "by_the_next_night": self.by_the_next_night,
            "problems": self.problems,
            "places": self.instants,
        }


def written(records: Mapping[Key, Record], file: Path, on: date) -> None:
    """Write a file of results."""
    file.parent.mkdir(parents=True, exist_ok=True)
    runs = [
        {"runner": runner, "scenario": scenario, "action": action, **record.as_json()}
        for (runner, scenario, action), record in sorted(records.items())
    ]
    file.write_text(json.dumps({"made_on": on.isoformat(), "runs": runs}, indent=1) + "\n", "utf-8")


def read(file: Path) -> dict[Key, Record]:
    """Read a file of results."""
    found: dict[Key, Record] = {}
    for run in json.loads(file.read_text("utf-8"))["runs"]:
        tally = Tally(**{name: run[name] for name in Tally.__dataclass_fields__})
        found[run["runner"], run["scenario"], run["action"]] = Record(
            run["places"],
            run["not_reached"],
            run["by_the_next_night"],
            run["problems"],
            tally,
            run["seconds"],
        )
    return found


def merged(files: Iterable[Path]) -> dict[Key, Record]:
    """All shards together."""
    together: dict[Key, Record] = {}
    for file in files:
        for key, record in read(file).items():
            if key in together:
                together[key].merge(record)
            else:
                together[key] = record
    return together


def told(records: Mapping[Key, Record]) -> Sequence[str]:
    """A table for the terminal."""
    head = "runner      scenario  action  instants  done  recovered  unknown  broken  next night  not reached"
    rows = [
        f"{runner:<11} {scenario:<9} {action:<7} {len(record.instants):>8} {record.tally.done:>5}"
        f" {record.tally.recovered:>10} {record.tally.unknown:>8} {len(record.problems):>7}"
        f" {len(record.by_the_next_night):>11} {len(record.not_reached):>12}"
        for (runner, scenario, action), record in sorted(records.items())
    ]
    problems = [
        f"{' '.join(key)} {place}: {sentence}"
        for key, record in sorted(records.items())
        for place, sentences in record.problems.items()
        for sentence in sentences
    ]
    return [head, *rows, *problems]
