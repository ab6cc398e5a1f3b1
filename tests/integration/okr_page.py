"""A small OKR set on epics of its own, shown in a page of its own: what most tests of the whole way start from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from connector.store.tables import PageTable, TableState
from tests.demo_check import WONT_DO, words_of
from tests.integration.line import Line
from tests.site.roster import SYNC
from tests.site.running import Json, Site

CYCLE = "now"
_NUMBERS = count(1)
_AS_OF = re.compile(r"as of [^<]*?UTC")
# Two key results, each with an epic of its own; more may be put below, to the second one's epics first.
OKRS = """
cycle: {{key: now, name: Now, starts: {starts}, ends: {ends}}}
objectives:
  - key: T-O1
    title: Paying feels instant
    team: Payments
    sponsor: Carla Mendes
    key_results:
      - key: T-KR1
        title: Median checkout time
        owner: Ana Duarte
        from: 38
        to: 20
        unit: s
        initiatives: [{first}]
        check_ins:
          - {{at: {said}, value: 29, confidence: 6, next: Raise to 100 %., by: Ana Duarte}}
      - key: T-KR2
        title: Services moved
        owner: Tom Okafor
        from: 0
        to: 10
        source: initiatives
        initiatives:
          - {{issue: {second}, drives: 1}}
"""


@dataclass
class OkrPage:
    """``first`` supports T-KR1, ``second`` drives T-KR2; each is an epic with four stories, one of them done."""

    line: Line
    first: str
    second: str
    page_id: str
    okrs: str
    table_id: int = 0
    children: dict[str, list[str]] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        return self.line.site

    @property
    def table(self) -> PageTable:
        return self.line.table(self.table_id)

    def state(self) -> TableState:
        return self.table.state

    def type_below(self, markup: str) -> None:
        """A person adds something at the page's end."""
        self.site.edit_page(self.page_id, lambda body: body + markup)

    def body(self) -> str:
        return self.site.body(self.page_id)

    def words(self) -> str:
        """The visible words of the page."""
        return words_of(self.body())

    def versions(self) -> list[Json]:
        """Oldest first."""
        return list(reversed(self.site.versions(self.page_id)))

    def our_versions(self) -> int:
        """How many versions our account wrote."""
        return sum(version["authorId"] == SYNC.account_id for version in self.versions())

    def wrong(self) -> list[str]:
        """Judged from outside: one line per epic that the page does not show as Jira has it."""
        words = self.words()
        return [wanted for key in (self.first, self.second) if (wanted := expected(self.site, key)) not in words]

    def finish(self, number: int = 1, epic: str = "") -> str:
        """Move one story of an epic (the first, unless told otherwise) to done."""
        key = self.children[epic or self.first][number]
        self.site.transition(key, "Done")
        return key

    def issue_id(self, key: str) -> str:
        return str(self.site.issue(key)["id"])

    def target(self, key: str) -> str:
        """The work table's name for an issue."""
        return f"{self.line.connection().id}:{self.issue_id(key)}"


def okr_page(line: Line, body: str = "<p>Before.</p>", *, connected: bool = False) -> OkrPage:
    """Everything at the site and in the database, with the page not written yet."""
    epics, children = zip(*(_epic(line.site) for _ in range(2)), strict=True)
    page_id = line.site.create_page("OKR", f"OKR page {next(_NUMBERS)} of {epics[0]}", body)
    text = okrs(line, *epics)
    page = OkrPage(line, epics[0], epics[1], page_id, text, children=dict(zip(epics, children, strict=True)))
    if not connected:
        line.connect()
    line.import_text(text)
    page.table_id = line.add_table(page_id, CYCLE)
    return page


def written(line: Line, body: str = "<p>Before.</p>") -> OkrPage:
    """The same with the page written."""
    page = okr_page(line, body)
    line.work()
    assert page.wrong() == []
    line.site.forget_requests()
    return page


def okrs(line: Line, first: str, second: str) -> str:
    """The YAML, around the line's today."""
    today = line.clock.now().date()
    # Later than anything that the site has, so that no issue counts as added since.
    days = {"starts": today - timedelta(days=50), "ends": today + timedelta(days=40), "said": f"{today}T00:00:00Z"}
    return OKRS.format(first=first, second=second, **days)


def expected(site: Site, epic: str) -> str:
    """What the page has to say of an epic."""
    children = [child["fields"] for child in site.search(f"parent = {epic}", "status", "resolution")]
    closed = [fields for fields in children if fields["status"]["statusCategory"]["key"] == "done"]
    wont_do = [fields for fields in closed if (fields.get("resolution") or {}).get("name") in WONT_DO]
    return f"{epic} {len(closed) - len(wont_do)} of {len(children) - len(wont_do)} done"


def without_moment(body: str) -> str:
    """A page's body without the moment of its figures."""
    assert _AS_OF.search(body)
    return _AS_OF.sub("as of", body)


def _epic(site: Site) -> tuple[str, list[str]]:
    epic = site.create_issue("PAY", f"Epic {next(_NUMBERS)}", "Epic")
    stories = [site.create_issue("PAY", f"Story {number}", parent=epic) for number in range(4)]
    site.transition(stories[0], "Done")
    return epic, stories
