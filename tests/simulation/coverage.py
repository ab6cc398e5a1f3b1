"""What histories have covered: how often each fault met each stage, and in which states tables and pages stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sync.stages import STAGES

Coverage = Counter[tuple[str, str]]

# So often each fault has to have met each stage.
ENOUGH = 20
# These reckon with what is in the database, and call nobody.
WITHOUT_CALLS = frozenset({"initiative", "full_check"})
ANY_STAGE = (*STAGES, "timer", "between")
CALLING = tuple(stage for stage in STAGES if stage not in WITHOUT_CALLS)
FAULTS_OF_ANSWERS = (
    *(f"status {status}" for status in (401, 403, 404, 409, 413, 500, 502, 503, 504)),
    *(f"html {status}" for status in (403, 413, 502, 503)),
    *(f"limited {limit}" for limit in ("quota", "burst", "issue")),
    "html200", "empty200", "truncated", "slow", "drop", "lost",
)  # fmt: skip
# Of answers that are JSON and not whole, whatever they lack; only lists of issues can be so.
UNWHOLE = "unwhole"
LISTING = ("issue", "children", "rule", "poll")
FAULTS_OF_PROCESSES = ("crash", "stall", "database away")
Cells = dict[tuple[str, str], int]


def report(coverage: Coverage) -> list[str]:
    """The table of faults and stages, what is in it too seldom, and the states that were reached."""
    cells = counted(coverage)
    seldom = [f"{fault} in {stage}: {number}" for (fault, stage), number in cells.items() if number < ENOUGH]
    states = sorted(outcome for kind, outcome in coverage if kind == "state")
    return [
        "",
        *as_markdown(cells),
        "",
        f"fewer than {ENOUGH} times: " + (", ".join(seldom) or "none"),
        f"{len(states)} states of a table and its page were reached",
        "",
    ]


def counted(coverage: Coverage) -> Cells:
    """How often each fault met each stage in which it can occur."""
    cells = {(fault, stage): 0 for fault in FAULTS_OF_ANSWERS for stage in CALLING}
    cells |= {(UNWHOLE, stage): 0 for stage in LISTING}
    cells |= {(fault, stage): 0 for fault in FAULTS_OF_PROCESSES for stage in ANY_STAGE}
    for (kind, stage), number in coverage.items():
        fault = _fault(kind)
        if (fault, stage) in cells:
            cells[fault, stage] += number
    return cells


def _fault(kind: str) -> str:
    """As the table names it: without how long a limit is said to last, without the point at which a process ended."""
    words = kind.split()
    if words[0] in ("crash", "stall"):
        return words[0]
    if words[:2] == ["fault", "limited"]:
        return f"limited {words[2]}"
    return UNWHOLE if words[:2] == ["fault", UNWHOLE] else kind.removeprefix("fault ")


def as_markdown(cells: Cells) -> Iterator[str]:
    """One line for each fault, one column for each stage; a dash where it cannot occur."""
    yield from _rows(("fault", *ANY_STAGE), ("---",) * (1 + len(ANY_STAGE)))
    for fault in (*FAULTS_OF_ANSWERS, UNWHOLE, *FAULTS_OF_PROCESSES):
        yield from _rows((fault, *(str(cells.get((fault, stage), "–")) for stage in ANY_STAGE)))


def _rows(*rows: Sequence[str]) -> Iterator[str]:
    return ("| " + " | ".join(row) + " |" for row in rows)
