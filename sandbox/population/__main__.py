"""`python -m sandbox.population`: how many cases follow each scenario, and the expected totals."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime

from sandbox.population.generate import Population, generate
from sandbox.population.scenarios import SCENARIOS


def main() -> None:
    """Print a table, or JSON with `--json` (every case with its expectation)."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.population", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--json", action="store_true", help="everything, by case")
    chosen = parser.parse_args()
    population = generate(chosen.seed, chosen.cases, chosen.today)
    print(json.dumps(population.expected.as_json(), indent=1) if chosen.json else table(population))


def table(population: Population) -> str:
    """The scenarios with their count and per mille, then the expected totals."""
    total = max(1, len(population.cii_cases))
    lines = [f"{'scenario':28} {'cases':>6} {'‰':>5}  what"]
    lines += [
        f"{name:28} {count:6} {1000 * count / total:5.0f}  {SCENARIOS[name].what}"
        for name, count in population.expected.counts.items()
    ]
    lines += ["", f"{len(population.cii_cases)} cases, {len(population.job_seekers)} persons in PLASTA; first nightly:"]
    lines += [f"{name:28} {count:6}" for name, count in population.expected.totals.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
