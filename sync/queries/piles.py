"""Epics in three piles: undecided, to be done anyway, serving a key result. None of them is a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import completions, connections, epic_choices, links, projects
from connector.store.connections import Connection
from connector.store.epic_choices import EpicChoice
from connector.store.epic_piles import Pile, count_piles, list_epics
from connector.store.issue_rows import StoredIssue
from connector.store.link_list import Tally, tally
from mapping.field_choices import FieldChoices
from mapping.figures import Completion
from mapping.okr import Initiative
from mapping.rollup import completion
from sync.ports import Resources

PAGE = 20


@dataclass(frozen=True, slots=True)
class PiledEpic:
    """``said_by`` and ``said_at`` belong to an epic of which somebody said "just do it"."""

    name: str
    issue_key: str
    url: str
    title: str
    shows_title: bool
    project_key: str
    completion: Completion | None
    serves: tuple[Initiative, ...]
    said_by: str
    said_at: datetime | None
    by_rule: bool


@dataclass(frozen=True, slots=True)
class PileView:
    """One page of one pile; all pages turn together."""

    pile: Pile
    number: int
    epics: tuple[PiledEpic, ...]


@dataclass(frozen=True, slots=True)
class PilesView:
    """``page`` of ``pages``; the longest pile decides how many there are. ``tally``: what stands on the tabs."""

    piles: tuple[PileView, ...]
    page: int
    pages: int
    tally: Tally

    @property
    def untitled(self) -> tuple[str, ...]:
        """The projects on this page that show no titles."""
        return tuple(sorted({e.project_key for pile in self.piles for e in pile.epics if not e.shows_title}))

    @property
    def undecided(self) -> int:
        return self.piles[0].number

    @property
    def are_only_linked(self) -> bool:
        """Jira has told of no other epic, perhaps because nobody has looked."""
        return self.known == self.piles[-1].number

    @property
    def known(self) -> int:
        return sum(pile.number for pile in self.piles)


def load_piles(on: Resources, workspace_id: int, page: int) -> PilesView:
    """At most 20 epics of each pile, the latest changed first. A page beyond the last is the last."""
    with on.database.read() as conn:
        sites = {site.id: site for site in connections.load_connections(conn, workspace_id, "jira")}
        choices = {number: projects.load_choices(conn, site) for number, site in sites.items()}
        numbers = count_piles(conn, workspace_id)
        pages = max(1, -(-max(numbers.values()) // PAGE))
        shown = min(max(page, 1), pages)
        piles = []
        for pile in Pile:
            found = list_epics(conn, workspace_id, pile, limit=PAGE, offset=(shown - 1) * PAGE)
            piles.append(PileView(pile, numbers[pile], _described(conn, workspace_id, found, sites, choices)))
        on_tabs = tally(conn, workspace_id, undecided=numbers[Pile.UNDECIDED])
    return PilesView(tuple(piles), shown, pages, on_tabs)


def _described(
    conn: Transaction,
    workspace_id: int,
    found: tuple[tuple[int, StoredIssue], ...],
    sites: Mapping[int, Connection],
    choices: Mapping[int, FieldChoices],
) -> tuple[PiledEpic, ...]:
    by_name: dict[tuple[int, str], PiledEpic] = {}
    for number, site in sites.items():
        here = [each for connection_id, each in found if connection_id == number]
        ids = [each.snapshot.issue_id for each in here]
        counted = completions.load_completions(conn, workspace_id, number, ids)
        anyway = epic_choices.just_do_it_among(conn, workspace_id, number, ids)
        serving: dict[str, list[Initiative]] = {}
        for link in links.links_to(conn, workspace_id, number, ids):
            serving.setdefault(link.issue_id, []).append(link)
        for each in here:
            one = each.snapshot.issue_id
            choice = choices[number].of(each.snapshot.project_id)
            kept = counted.get(one)
            figure = completion(kept.counts, kept.own_status, kept.own_wont_do, choice.by_points) if kept else None
            shows = (choice.shows_titles, figure, tuple(serving.get(one, ())))
            by_name[number, one] = _epic(site, each, shows, anyway.get(one))
    return tuple(by_name[number, each.snapshot.issue_id] for number, each in found)


def _epic(
    site: Connection,
    stored: StoredIssue,
    shows: tuple[bool, Completion | None, tuple[Initiative, ...]],
    said: EpicChoice | None,
) -> PiledEpic:
    snapshot = stored.snapshot
    shows_title, figure, serves = shows
    return PiledEpic(
        name=f"{site.id}:{snapshot.issue_id}",
        issue_key=snapshot.issue_key,
        url=f"{site.site_url}/browse/{snapshot.issue_key}",
        title=snapshot.title if shows_title else "",
        shows_title=shows_title,
        project_key=snapshot.project_key,
        completion=figure,
        serves=serves,
        said_by=said.by if said else "",
        said_at=said.at if said else None,
        by_rule=said is not None and said.rule_id is not None,
    )
