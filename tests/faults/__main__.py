"""``make faults SHARD=i/n``: every instant of every scenario that falls to this shard, and its results as JSON.

``python -m tests.faults --merge`` adds the shards up in ``docs/faults/results.json`` and removes them.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.hooks import Action, Instant, Order
from tests.faults.results import FOLDER, MERGED, SHARDS, Key, Record, merged, told, written
from tests.faults.runners import RUNNERS, Company
from tests.faults.stage import today
from tests.faults.trial import PLAYS

BETWEEN_CLAIM_AND_COMMIT = ("dispatch.", "keyword.", "mail.", "mirror.", "registration.")
"""Rooms of the instants at which an exception and a stall are tried as well."""


def main(arguments: Sequence[str]) -> int:
    """Play, tell, write; 1 when a promise was broken."""
    chosen = _parser().parse_args(arguments)
    if chosen.merge:
        return _merge(chosen.out)
    shard, shards = map(int, chosen.shard.split("/"))
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # databases and queues are removed at the end
    records: dict[Key, Record] = {}
    with tempfile.TemporaryDirectory() as place:
        for runner in chosen.runner:
            with RUNNERS[runner](Path(place) / runner) as company:
                for number, (key, where) in enumerate(_trials(company, runner, chosen)):
                    if number % shards == shard - 1:
                        _play(company, key, where, records)
    name = f"results-{'-'.join(chosen.runner)}-{shard}-of-{shards}.json"
    written(records, chosen.out / name, today())
    print("\n".join(told(records)))
    return int(any(record.problems for record in records.values()))


def _trials(company: Company, runner: str, chosen: argparse.Namespace) -> Iterator[tuple[Key, tuple[str, Instant]]]:
    """Every trial there is, in an order that does not change: instants that threads pass are sorted."""
    for scenario in chosen.scenario:
        places = sorted(company.listing(PLAYS[scenario]))
        for action in map(Action, chosen.action):
            for where in places:
                if action is Action.KILL or where[1].name.startswith(BETWEEN_CLAIM_AND_COMMIT):
                    yield (runner, scenario, action.value), where


def _play(company: Company, key: Key, where: tuple[str, Instant], records: dict[Key, Record]) -> None:
    role, instant = where
    outcome = company.trial(PLAYS[key[1]], role, Order(instant, Action(key[2])))
    place = f"{role}:{instant}"
    records.setdefault(key, Record()).add(place, outcome)
    mark = "BROKEN" if outcome.verdict.problems else "ok" if outcome.reached else "not reached"
    print(" ".join(key), place, mark, f"{outcome.seconds:.1f} s", *outcome.verdict.problems, flush=True)


def _merge(folder: Path) -> int:
    files = sorted(folder.glob(SHARDS))
    records = merged(files)
    written(records, folder / MERGED, today())
    for file in files:
        file.unlink()
    print("\n".join(told(records)))
    return int(any(record.problems for record in records.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.faults", description="Kill, raise and stall at every instant.")
    parser.add_argument("--shard", default="1/1", help="i/n: every n-th trial, from the i-th (from 1)")
    parser.add_argument("--runner", nargs="+", choices=list(RUNNERS), default=list(RUNNERS))
    parser.add_argument("--scenario", nargs="+", choices=list(PLAYS), default=list(PLAYS))
    parser.add_argument("--action", nargs="+", choices=[action.value for action in Action], default=list(Action))
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--merge", action="store_true", help="add the shards up, instead of playing")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
