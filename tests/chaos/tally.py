"""``python -m tests.chaos.tally counts.json …``: what several campaigns did together, as a table of points."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def main() -> None:
    """Sums first, then one line for each point: how often it was passed, and its kills and stops."""
    records = [json.loads(Path(name).read_text()) for name in sys.argv[1:]]
    kills, stops, passed, acts = (_sum(records, part) for part in ("kills", "stops", "passed", "acts"))
    rounds, wrong, minutes = (sum(record[part] for record in records) for part in ("rounds", "wrong", "minutes"))
    print(f"{rounds} rounds, {wrong} wrong, {minutes:.0f} minutes")
    print(f"{sum(kills.values())} kills at {len(kills)} points, {sum(stops.values())} stops at {len(stops)}")
    never = passed.keys() - kills.keys() - stops.keys()
    print(f"{len(passed)} points were passed, {len(never)} of them never struck")
    for what, times in sorted(acts.items()):
        print(f"  {times:5} {what}")
    print("| point | passed | kills | stops |\n| --- | --- | --- | --- |")
    for point in sorted(passed.keys() | kills.keys() | stops.keys()):
        print(f"| {point} | {passed[point]} | {kills[point]} | {stops[point]} |")


def _sum(records: list[dict[str, Any]], part: str) -> Counter[str]:
    return sum((Counter(record.get(part, {})) for record in records), Counter[str]())


if __name__ == "__main__":
    main()
