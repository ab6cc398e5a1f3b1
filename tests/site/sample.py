"""The sample world: real issues, as far as they are real. See data/README.md for what is invented."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.site.accounts import Accounts
from tests.site.issue_documents import blank_issue
from tests.site.roster import PEOPLE, ROSTER
from tests.site.sample_titles import CHECKOUT_CHILDREN, DEMO_EPICS, title
from tests.site.store import Document, Store

Row = dict[str, Any]

_DATA = Path(__file__).parent / "data" / "issues.jsonl.gz"
NO_WORK = frozenset(
    {"Invalid", "Duplicate", "Won't Do", "Won't Fix", "Cannot Reproduce", "Not Our Bug", "Needs more info", "Hold"}
)
_DAY = 24 * 3600 * 1000
_NAMES = {
    "PAY": "Payments", "PLA": "Platform", "GRO": "Growth", "TIMOB": "Titanium SDK", "DAEMON": "Daemon",
    "MOD": "Modules", "ALOY": "Alloy", "AC": "Community", "EE": "研发效能", "K5": "K5",
}  # fmt: skip
# [U] Team-managed projects have the other field for estimates; one of them is here so that both kinds occur.
_STYLES = {"GRO": "next-gen"}
_LEVEL_ONE = ("Epic", "Feature")


@dataclass(frozen=True)
class _Demo:
    """An epic of the demo: made from a real one, with so many children that count and so many of them done."""

    source: str
    done: int
    total: int
    no_work: int = 0


_DEMO = {
    "PAY-412": _Demo("TIMOB-28470", 7, 12),
    "PAY-431": _Demo("TIMOB-18450", 9, 9),
    "PAY-388": _Demo("TIMOB-24500", 3, 14, no_work=2),
    "PAY-371": _Demo("TIMOB-18467", 6, 6, no_work=1),
    "PAY-395": _Demo("TIMOB-26292", 2, 7),
    "PAY-402": _Demo("TIMOB-19790", 5, 6, no_work=2),
    "PLA-77": _Demo("TIMOB-26570", 18, 24, no_work=1),
    "PLA-81": _Demo("TIMOB-24764", 6, 8),
    "PLA-90": _Demo("TIMOB-18718", 4, 4),
    "PLA-93": _Demo("TIMOB-5909", 1, 5),
    "PLA-64": _Demo("TIMOB-28465", 11, 11, no_work=2),
    "PLA-70": _Demo("DAEMON-48", 22, 35),
    "GRO-155": _Demo("TIMOB-27964", 10, 13, no_work=1),
    "GRO-149": _Demo("TIMOB-13255", 4, 9, no_work=1),
    "GRO-160": _Demo("ALOY-1024", 2, 3),
}
_DEMO_STATUS = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}


def rows() -> list[Row]:
    """The real issues as they are in the extract."""
    with gzip.open(_DATA, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def fill(store: Store) -> None:
    """Put accounts, projects and issues into an empty store."""
    add_accounts(store)
    issues = _with_demo(rows())
    _shift_dates(issues, store.now())
    catalogue = Catalogue(store)
    ids = _ids(issues)
    store.put_many("issues", {ids[row["key"]]: _document(row, ids, catalogue) for row in issues})
    _put_projects(store, issues, catalogue)
    store.put("sequences", "issue", {"next": 10001 + len(issues)})


def add_accounts(store: Store) -> None:
    """The accounts of every world."""
    accounts = Accounts(store)
    for account in ROSTER:
        accounts.save(account)


class Catalogue:
    """Statuses and types by what they are called, each with an id of its own.

    A status is known by name and category: 已完成 occurs in two categories, as in the real data.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._statuses: dict[tuple[str, str], str] = {}
        self._types: dict[tuple[str, int], str] = {}

    def status(self, name: str, category: str) -> str:
        """The id of a status."""
        known = self._statuses.setdefault((name, category), str(10000 + len(self._statuses)))
        self._store.put("statuses", known, {"id": known, "name": name, "category": category})
        return known

    def type(self, name: str, level: int) -> str:
        """The id of an issue type."""
        known = self._types.setdefault((name, level), str(10100 + len(self._types)))
        self._store.put("types", known, {"id": known, "name": name, "level": level})
        return known


def _with_demo(real: list[Row]) -> list[Row]:
    """The real issues, those of chosen epics under the demo's keys."""
    children: dict[str, list[Row]] = defaultdict(list)
    for row in real:
        children[row["epic"]].append(row)
    by_key = {row["key"]: row for row in real}
    numbers: dict[str, Any] = {project: count(500) for project in ("PAY", "PLA", "GRO")}
    new_keys: dict[str, str] = {}
    left_out: set[str] = set()
    for key, demo in _DEMO.items():
        chosen = _chosen(children[demo.source], demo)
        left_out |= {row["key"] for row in children[demo.source]} - {row["key"] for row in chosen}
        _set_done(chosen, demo.done)
        project = key.split("-")[0]
        new_keys[demo.source] = key
        _rename_epic(by_key[demo.source], key)
        for place, row in enumerate(chosen):
            _word_child(row, key, place)
            if row["key"].split("-")[0] != "MOD":  # children in another project stay there
                new_keys[row["key"]] = f"{project}-{next(numbers[project])}"
    kept = [row for row in real if row["key"] not in left_out and row["parent"] not in left_out]
    return [_renamed(row, new_keys) for row in kept]


def _chosen(children: list[Row], demo: _Demo) -> list[Row]:
    counting = [row for row in children if row["resolution"] not in NO_WORK]
    no_work = [row for row in children if row["resolution"] in NO_WORK]
    return counting[: demo.total] + no_work[: demo.no_work]


def _set_done(chosen: list[Row], done: int) -> None:
    """Close or open so many children that exactly `done` of those that count are done."""
    counting = [row for row in chosen if row["resolution"] not in NO_WORK]
    ordered = sorted(counting, key=lambda row: row["statusCategory"] != "done")
    for place, row in enumerate(ordered):
        if place < done:
            row["statusCategory"], row["status"], row["resolution"] = "done", "Closed", row["resolution"] or "Done"
        elif row["statusCategory"] == "done":
            opened = ("indeterminate", "In Progress") if place % 3 == 0 else ("new", "Open")
            row["statusCategory"], row["status"] = opened
            row["resolution"], row["resolutiondate"] = None, None


def _rename_epic(row: Row, key: str) -> None:
    open_children = _DEMO[key].done < _DEMO[key].total
    row["title"] = DEMO_EPICS[key][0]
    row["labels"] = ["okr-2026-q4"]
    row["statusCategory"] = "indeterminate" if open_children else "done"
    row["resolution"] = None if open_children else "Done"
    if key.startswith("GRO"):
        row["type"] = "Feature"  # an epic by its level, under another name


def _word_child(row: Row, epic: str, place: int) -> None:
    if epic == "PAY-412":
        row["title"] = CHECKOUT_CHILDREN[place]
    row["subjects"] = DEMO_EPICS[epic][1]


def _renamed(row: Row, new_keys: dict[str, str]) -> Row:
    renamed = {**row, **{name: new_keys.get(row[name], row[name]) for name in ("key", "parent", "epic")}}
    if row["subtask"] and renamed["parent"] != row["parent"]:
        project = str(renamed["parent"]).split("-")[0]
        renamed["key"] = new_keys.setdefault(row["key"], f"{project}-{900 + len(new_keys)}")
    if renamed["key"].split("-")[0] in ("PAY", "PLA", "GRO"):
        renamed["status"] = _DEMO_STATUS[row["statusCategory"]]
    return renamed


def _shift_dates(issues: list[Row], now: datetime) -> None:
    """Lay each project's years onto the last 120 days, in the same order, ending two hours ago."""
    by_project: dict[str, list[Row]] = defaultdict(list)
    for row in issues:
        by_project[row["key"].split("-")[0]].append(row)
    end = int(now.timestamp() * 1000) - 2 * 3600 * 1000
    for group in by_project.values():
        moments = sorted({_ms(row[name]) for row in group for name in ("created", "updated")})
        first, span = moments[0], max(moments[-1] - moments[0], 1)
        for row in group:
            for name in ("created", "updated", "resolutiondate"):
                if row[name]:
                    row[name] = end - 120 * _DAY + (_ms(row[name]) - first) * 120 * _DAY // span
            row["updated"] = max(row["updated"], row["created"])


def _ms(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp() * 1000)


def _ids(issues: Iterable[Row]) -> dict[str, str]:
    ordered = sorted((row["key"] for row in issues), key=lambda key: (key.split("-")[0], int(key.split("-")[1])))
    return {key: str(number) for number, key in enumerate(ordered, start=10001)}


def _document(row: Row, ids: dict[str, str], catalogue: Catalogue) -> Document:
    level = -1 if row["subtask"] or row["type"] == "子任务" else 1 if row["type"] in _LEVEL_ONE else 0
    parent = row["parent"] or row["epic"]
    reporter = PEOPLE[int(ids[row["key"]]) % len(PEOPLE)]
    return blank_issue(
        ids[row["key"]],
        row["key"],
        row["created"],
        project=row["key"].split("-")[0],
        type=catalogue.type(row["type"], level),
        status=catalogue.status(row["status"], row["statusCategory"]),
        # An epic that is named but gone leaves nothing in `parent`, only its key in the old Epic Link field.
        parent=ids.get(parent or ""),
        epic_link=row["epic"] if row["epic"] and row["epic"] not in ids else None,
        summary=row.get("title") or title(row["key"], row["type"], level, row.get("subjects", ())),
        points=row["points"],
        labels=row.get("labels", []),
        priority=row["priority"] or "None",
        resolution=row["resolution"],
        updated=row["updated"],
        resolved=row["resolutiondate"],
        category_changed=row["resolutiondate"] or row["created"],
        sprint=row["sprints"][-1] if row["sprints"] else None,
        reporter=reporter.account_id,
    )


def _put_projects(store: Store, issues: list[Row], catalogue: Catalogue) -> None:
    keys = sorted({row["key"].split("-")[0] for row in issues}, key=lambda key: (list(_NAMES).index(key), key))
    for number, key in enumerate(keys, start=10001):
        documents = [issue for issue in store.all("issues").values() if issue["project"] == key]
        put_project(store, catalogue, str(number), key, _NAMES[key], _STYLES.get(key, "classic"), documents)


def put_project(
    store: Store, catalogue: Catalogue, number: str, key: str, name: str, style: str, issues: list[Document]
) -> None:
    """A project with the statuses and types of its issues, and the standard ones where a category has none."""
    statuses = {issue["status"] for issue in issues}
    for category, standard in (("new", "To Do"), ("indeterminate", "In Progress"), ("done", "Done")):
        if not any(store.all("statuses")[one]["category"] == category for one in statuses):
            statuses.add(catalogue.status(standard, category))
    order = ("new", "indeterminate", "done")
    ordered = sorted(statuses, key=lambda one: (order.index(store.all("statuses")[one]["category"]), int(one)))
    types = {issue["type"] for issue in issues} | {catalogue.type("Story", 0), catalogue.type("Sub-task", -1)}
    project = {"id": number, "key": key, "name": name, "style": style, "statuses": ordered}
    store.put("projects", key, {**project, "types": sorted(types, key=int)})
    last = max((int(issue["key"].split("-")[1]) for issue in issues), default=0)
    store.put("sequences", f"number of {key}", {"next": last + 1})
