"""Where the demo's tables stand, and a key-result owner who checks in by typing into one."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.site.roster import PEOPLE
from tests.site.running import Site

PAGE_TITLE = "OKRs Q4 2026"
TEAM_PAGE_TITLE = "Payments Q4 2026"
TEAM = "Payments"
OBJECTIVE = "PAY-O1"
OWNER = next(person for person in PEOPLE if person.display_name == "Ana Duarte")
_HEADING = re.compile(r"<h2[^>]*>Objectives and key results</h2>")
# The cell under Now, two cells behind the link to the key result.
_NOW_OF = r"(/kr/{key}\".*?</td>.*?</td>\s*<td[^>]*>\s*<p[^>]*>)[^<]*(</p>)"

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


def type_now(site: Site, page_id: str, key: str, text: str) -> None:
    """The owner edits the page and types under Now in the row of ``key``."""
    pattern = re.compile(_NOW_OF.format(key=re.escape(key)), re.DOTALL)

    def typed(body: str) -> str:
        changed, count = pattern.subn(rf"\g<1>{text}\g<2>", body, count=1)
        assert count, f"the row of {key} is not in the page"
        return changed

    site.edit_page(page_id, typed, by=OWNER)
