"""Coverage with branches: 95 % in each of `domain`, `mappings`, `pipelines`, 90 % overall.

`python -m tests.bars.coverage report.json` judges what `coverage json` wrote; exit code 1 when a bar is missed.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bars.source import ROOMS

FLOORS: Mapping[str, float] = {"domain": 95.0, "mappings": 95.0, "pipelines": 95.0}
OVERALL = 90.0


def shares(report: Mapping[str, Any]) -> dict[str, float]:
    """Per room, and `overall`: the share in percent of statements and branches that ran."""
    covered: dict[str, int] = {}
    total: dict[str, int] = {}
    for path, file in report["files"].items():
        room = path.replace("\\", "/").split("/", 1)[0]
        summary = file["summary"]
        for key in (room, "overall"):
            covered[key] = covered.get(key, 0) + summary["covered_lines"] + summary["covered_branches"]
            total[key] = total.get(key, 0) + summary["num_statements"] + summary["num_branches"]
    return {key: 100.0 * covered[key] / total[key] if total[key] else 100.0 for key in total}


def coverage_floors(report: Mapping[str, Any]) -> list[str]:
    """One fault for each floor that is missed; a room that was not measured at all is a fault too."""
    measured = shares(report)
    floors = {**FLOORS, "overall": OVERALL}
    return [
        f"{room}: {measured[room]:.1f} % covered, at least {floor:g} %" if room in measured else f"{room}: not measured"
        for room, floor in floors.items()
        if measured.get(room, 0.0) < floor
    ]


def main(arguments: list[str]) -> int:
    """Print the share of every room and the missed floors; 1 when there is one."""
    report = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    measured = shares(report)
    for room in (*ROOMS, "overall"):
        if room in measured:
            floor = OVERALL if room == "overall" else FLOORS.get(room)
            print(f"  {room:<12}{measured[room]:6.1f} %" + (f"   (at least {floor:g} %)" if floor else ""))
    faults = coverage_floors(report)
    for fault in faults:
        print(f"coverage: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
