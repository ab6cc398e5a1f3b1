"""``python -m tests.benchmarks [name…] [--json FILE]``: measures and prints; never passes or fails."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.benchmarks import first_sync, line, page, screens, webhook
from tests.benchmarks.figures import Outcome, as_json, as_text, this_machine

BENCHMARKS: Mapping[str, Callable[[Path], Iterator[Outcome]]] = {
    "line": line.measure,
    "webhook": webhook.measure,
    "first_sync": first_sync.measure,
    "page": page.measure,
    "screens": screens.measure,
}


def main() -> int:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; without any: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all results with every single value")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    results = list(_run(options.names or list(BENCHMARKS)))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    return 0


def _run(names: list[str]) -> Iterator[dict[str, object]]:
    for name in names:
        # A folder that stays short enough for Redis's socket.
        with tempfile.TemporaryDirectory(prefix="okr-") as folder:
            machine = this_machine()
            for outcome in BENCHMARKS[name](Path(folder)):
                print(as_text(outcome, machine), flush=True)
                yield as_json(outcome, machine)
                machine = this_machine()


if __name__ == "__main__":
    sys.exit(main())
