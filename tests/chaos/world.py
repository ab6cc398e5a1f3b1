"""What a round is about: three key results on epics of its own in a page of its own, and what people do with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.campaign.okr_sets import REGION_ID
from tests.integration.okr_page import OKRS
from tests.site.running import Site

CYCLE, REGION = "now", REGION_ID
METRIC, DRIVEN, COUNTED = "T-KR1", "T-KR2", "T-KR3"
OBJECTIVE = "T-O1"
PROJECT = "PAY"
# The second key result, last in what is shared, is driven by the first epic too; then comes a third.
_MORE = """\
          - {{issue: {first}, drives: 2}}
      - key: T-KR3
        title: Stories marked
        owner: Tom Okafor
        from: 0
        to: 8
        source: {{jql: 'labels = {mark}'}}
"""


@dataclass
class World:
    """``epics``: two that are linked and one that a rule links once it carries ``rule``; ``mark`` is what the query of
    the third key result counts. ``acts``: what people did that the page may follow at once; ``words``: what they wrote
    outside the table; ``linked``: pairs of key result and epic that a person linked."""

    site: Site
    page_id: str
    epics: tuple[str, str, str]
    mark: str
    rule: str
    acts: int = 0
    words: list[str] = field(default_factory=list)
    linked: set[tuple[str, str]] = field(default_factory=set)

    def okrs(self, today: date) -> str:
        days = {"starts": today - timedelta(days=50), "ends": today + timedelta(days=40), "said": f"{today}T00:00:00Z"}
        return (OKRS + _MORE).format(first=self.epics[0], second=self.epics[1], mark=self.mark, **days)


def new_world(site: Site, name: str) -> World:
    """At the site, with nothing of it known to the product."""
    epics = tuple(_epic(site, f"{name} epic {number}") for number in range(3))
    page_id = site.create_page("OKR", f"OKR page of {name}", "<p>Before.</p>")
    return World(site, page_id, (epics[0], epics[1], epics[2]), f"mark-{name}", f"rule-{name}")


def _epic(site: Site, title: str) -> str:
    epic = site.create_issue(PROJECT, title, "Epic")
    stories = [site.create_issue(PROJECT, f"{title} story {number}", parent=epic) for number in range(3)]
    site.transition(stories[0], "Done")
    return epic
