"""What the page has to say, counted from Jira and from what people typed, without any code of the product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tests.campaign.sheet import Sheet
from tests.chaos.world import COUNTED, DRIVEN, METRIC, REGION, World
from tests.site.hand import Json

WONT_DO = frozenset({"Won't Do", "Won't Fix", "Duplicate", "Invalid", "Cannot Reproduce"})
BASELINE, TARGET = Fraction(38), Fraction(20)
MARKED_TARGET = 8
WEIGHTS = (2, 1)
_PERCENT = re.compile(r"([-−]?[0-9]+)[ \u00a0]%")


def wrong_in_page(world: World, body: str, value: Decimal) -> Iterator[str]:
    """One line for each figure that is another one in the page. ``value``: the last one said for the metric."""
    sheet = Sheet(body, REGION)
    missing = [key for key in (METRIC, DRIVEN, COUNTED) if key not in sheet.by_key]
    if missing:
        yield f"rows are missing: {missing}"
        return
    counts = {epic: _counts(world, epic) for epic in world.epics}
    for key, epics in _linked(world).items():
        cell = (sheet.cell_text(key, "initiatives") or "").replace("\u00a0", " ")
        for epic in epics:
            if f"{epic} {counts[epic][0]} of {counts[epic][1]} done" not in cell:
                yield f"{key} says {cell!r}, but {epic} has {counts[epic][0]} of {counts[epic][1]} done"
    for key, exact in _progress(world, counts, value).items():
        shown = _PERCENT.search(sheet.cell_text(key, "progress") or "")
        if shown is None or abs(int(shown[1].replace("−", "-")) - exact * 100) >= 1:
            yield f"{key} says {sheet.cell_text(key, 'progress')!r}, but its progress is {float(exact * 100):.2f} %"


def _linked(world: World) -> dict[str, list[str]]:
    """Which epics stand beside which key result: as imported, as people linked, as the rule has to have found."""
    first, second, third = world.epics
    of_metric = [first, *(epic for key, epic in sorted(world.linked) if key == METRIC)]
    if world.rule in world.site.issue(third)["fields"]["labels"]:
        of_metric.append(third)
    return {METRIC: of_metric, DRIVEN: [first, second]}


def _counts(world: World, epic: str) -> tuple[int, int]:
    children = [child["fields"] for child in world.site.search(f"parent = {epic}", "status", "resolution")]
    meant = [fields for fields in children if not _is_given_up(fields)]
    return sum(_is_closed(fields) for fields in meant), len(meant)


def _is_closed(fields: Json) -> bool:
    return bool(fields["status"]["statusCategory"]["key"] == "done")


def _is_given_up(fields: Json) -> bool:
    return _is_closed(fields) and (fields.get("resolution") or {}).get("name") in WONT_DO


def _progress(world: World, counts: dict[str, tuple[int, int]], value: Decimal) -> dict[str, Fraction]:
    driving = list(zip(WEIGHTS, (counts[epic] for epic in world.epics[:2]), strict=True))
    known = [(weight, Fraction(done, total)) for weight, (done, total) in driving if total]
    marked = len(world.site.search(f"labels = {world.mark}"))
    found = {METRIC: (Fraction(value) - BASELINE) / (TARGET - BASELINE), COUNTED: Fraction(marked, MARKED_TARGET)}
    if known:
        found[DRIVEN] = sum((w * share for w, share in known), Fraction(0)) / sum(weight for weight, _ in known)
    return found
