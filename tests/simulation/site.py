"""One stand-in site in this process: Jira and Confluence on one store, with a clock of ours."""

from __future__ import annotations

import uuid
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from tests.campaign.listening import Listener
from tests.campaign.wiki import OnePageWiki
from tests.clock import FakeClock
from tests.site.accounts import Account, Accounts
from tests.site.app import assemble
from tests.site.faults import Fault
from tests.site.issue_acts import IssueActs
from tests.site.parts import SiteParts
from tests.site.permissions import Permissions
from tests.site.postman import Post
from tests.site.project_acts import ProjectActs
from tests.site.roster import JIRA_ADMIN, ROSTER, SYNC
from tests.site.store import Document, Store
from tests.site.world import World

CLOUD_ID = "00000000-1111-2222-3333-444444444444"
WEBHOOK_EVENTS = ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted"]


@dataclass
class SimulatedSite:
    """``name`` is its address. ``credentials``: the headers of all tokens that it ever gave to our account.
    ``refused_people``: it has refused to say who somebody is, or
    to show an older version. ``outages`` end by themselves."""

    name: str
    workspace_id: int
    clock: FakeClock
    parts: SiteParts
    wiki: OnePageWiki
    heard: Listener
    ahead: timedelta
    credentials: set[str] = field(default_factory=set)
    refused_people: bool = False
    outages: list[tuple[datetime, Fault]] = field(default_factory=list)

    def now(self) -> datetime:
        """Its own clock, which may be wrong."""
        return self.parts.store.now()

    @property
    def world(self) -> World:
        return self.parts.world

    @property
    def issues(self) -> IssueActs:
        return IssueActs(self.world)

    @property
    def projects(self) -> ProjectActs:
        return ProjectActs(self.world, self.parts.accounts)

    @property
    def permissions(self) -> Permissions:
        return Permissions(self.parts.store, self.parts.accounts)

    @property
    def account(self) -> Account:
        """The account that the product uses, as it stands."""
        return self.parts.accounts.by_id(SYNC.account_id)

    def give_token(self, token: str) -> None:
        """From now on this one alone is good."""
        self.credentials.add("Basic " + b64encode(f"{SYNC.email}:{token}".encode()).decode())
        self.parts.accounts.change(SYNC.account_id, classic_tokens=(token,))

    def spoil(self, fault: Fault, until: datetime | None = None) -> None:
        """From now on, and at most until then."""
        self.parts.traffic.add_faults([fault])
        if until is not None:
            self.outages.append((until, fault))

    def end_outages(self) -> None:
        """Those whose time is over."""
        for until, fault in self.outages:
            if self.clock.now() >= until:
                fault.times = 0

    def listen(self, path: str, secret: str) -> None:
        """Send events of issues there from now on."""
        hook: Document = {
            "id": "1",
            "name": "OKR",
            "url": f"http://okr.test{path}",
            "events": WEBHOOK_EVENTS,
            "filters": {},
            "enabled": True,
            "secret": secret,
            "lastUpdatedUser": JIRA_ADMIN.account_id,
        }
        self.parts.store.put("webhooks", "1", hook)


def token_of(name: str, number: int) -> str:
    """The n-th token of our account at a site; no other site has it."""
    return f"token-{number}-of-{name.removeprefix('http://')}"


def build_site(
    name: str,
    workspace_id: int,
    clock: FakeClock,
    chance: Random,
    body: str,
    post: Post,
    sleep: Callable[[float], None],
    ahead: timedelta = timedelta(0),
) -> SimulatedSite:
    """A site with accounts and one page, without projects. ``post`` is given each event that is due; ``sleep`` lets a
    slow answer take its time."""
    ids = Random(chance.getrandbits(32))
    store = Store(None, lambda: clock.now() + ahead, lambda: str(uuid.UUID(int=ids.getrandbits(128), version=4)))
    accounts = Accounts(store)
    for account in ROSTER:
        accounts.save(account)
    parts = assemble(store, cloud_id=CLOUD_ID, base_url=name, post=post, sleep=sleep)
    wiki = OnePageWiki(store, body)
    site = SimulatedSite(name, workspace_id, clock, parts, wiki, Listener(wiki, clock), ahead)
    site.give_token(token_of(name, 1))
    return site
