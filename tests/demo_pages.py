"""Where the demo's tables stand, and a key-result owner who checks in by typing into one."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.site.confluence_person import WikiPerson
from tests.site.roster import PEOPLE
from tests.site.running import Site

PAGE_TITLE = "OKRs Q4 2026"
TEAM_PAGE_TITLE = "Payments Q4 2026"
TEAM = "Payments"
OBJECTIVE = "PAY-O1"
OWNER = next(person for person in PEOPLE if person.display_name == "Ana Duarte")
_HEADING = re.compile(r"<h2[^>]*>Objectives and key results</h2>")
# Places in a row, from 0.
NOW, CONFIDENCE = 2, 3

Okr = Callable[..., str]


def add_tables(site: Site, okr: Okr, cycle: str) -> None:
    """The cycle's page: what needs attention, and everything; a team's page: its objective, and its meeting."""
    page, team_page = (str(site.page_called(title)["id"]) for title in (PAGE_TITLE, TEAM_PAGE_TITLE))
    # Where a person wants a table: a paragraph of its own that names it.
    site.edit_page(
        page, lambda body: _HEADING.sub(rf"<p>[OKR:attention]</p>\g<0><p>[OKR:okr-{cycle}]</p>", body, count=1)
    )
    of_cycle = ("--cycle", cycle)
    okr("table", "add", page, *of_cycle, "--id", f"okr-{cycle}")
    okr("table", "add", page, *of_cycle, "--id", "attention", "--shape", "attention")
    okr("table", "add", team_page, *of_cycle, "--id", "objective", "--shape", "objective", "--objective", OBJECTIVE)
    okr("table", "add", team_page, *of_cycle, "--id", "meeting", "--shape", "meeting", "--team", TEAM)


def type_in(site: Site, page_id: str, cycle: str, key: str, place: int, text: str) -> None:
    """The owner edits the page and types into a cell of the row of ``key``."""
    WikiPerson(site.url, OWNER).type_in_cell(page_id, f"okr-{cycle}", key, place, text)
