"""A generated world of any size. Nothing in it is real, and its project says so."""

import re

from tests.site.issue_documents import blank_issue
from tests.site.sample import Catalogue, add_accounts, put_project
from tests.site.store import Document, Store

_KEY = "GEN"


def size(text: str) -> tuple[int, int]:
    """`2000x50` → 2000 epics with 50 issues each. ValueError for anything else."""
    match = re.fullmatch(r"(\d+)x(\d+)", text)
    if not match:
        raise ValueError(f"expected a size like 2000x50, not {text!r}")
    return int(match.group(1)), int(match.group(2))


def fill(store: Store, epics: int, issues: int) -> None:
    """Put accounts, one project and `epics` epics with `issues` issues each into an empty store.

    The state of issue n (counted from 0) of an epic: done if n mod 3 is 0, in progress if 1, to do if 2. Every fourth
    has no estimate, the others n mod 8 + 1 points.
    """
    add_accounts(store)
    catalogue = Catalogue(store)
    kinds = {
        "epic": catalogue.type("Epic", 1),
        "story": catalogue.type("Story", 0),
        "states": (
            catalogue.status("Done", "done"),
            catalogue.status("In Progress", "indeterminate"),
            catalogue.status("To Do", "new"),
        ),
    }
    now = int(store.now().timestamp() * 1000)
    documents: dict[str, Document] = {}
    for epic in range(epics):
        _add_epic(documents, epic, issues, kinds, now)
    store.put_many("issues", documents)
    put_project(store, catalogue, "10001", _KEY, "Generated", "classic", list(documents.values()))
    store.put("sequences", "issue", {"next": 10001 + len(documents)})


def _add_epic(documents: dict[str, Document], epic: int, issues: int, kinds: Document, now: int) -> None:
    first = epic * (issues + 1) + 1
    epic_id = str(10000 + first)
    documents[epic_id] = _issue(first, kinds["epic"], kinds["states"][1], now, summary=f"Generated epic {epic + 1}")
    for place in range(issues):
        number = first + 1 + place
        state = kinds["states"][place % 3]
        documents[str(10000 + number)] = _issue(
            number,
            kinds["story"],
            state,
            now,
            summary=f"Generated issue {place + 1} of epic {epic + 1}",
            parent=epic_id,
            points=None if place % 4 == 3 else float(place % 8 + 1),
            resolution="Done" if place % 3 == 0 else None,
            resolved=now - number * 1000 if place % 3 == 0 else None,
        )


def _issue(number: int, kind: str, status: str, now: int, **fields: object) -> Document:
    at = now - number * 1000
    return blank_issue(str(10000 + number), f"{_KEY}-{number}", at, project=_KEY, type=kind, status=status, **fields)
