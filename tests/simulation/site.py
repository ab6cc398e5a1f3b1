"""One stand-in site in this process: Jira and Confluence on one store, its clock, its people, its webhooks."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from flask import Flask

from tests.campaign.listening import Listener
from tests.campaign.wiki import OnePageWiki, wiki_store
from tests.clock import FakeClock
from tests.simulation.faults import Faults
from tests.simulation.post import HeldWebhooks
from tests.site import confluence_api, jira_api
from tests.site.accounts import Account, Accounts
from tests.site.jira_call import Jira
from tests.site.jira_search import Search
from tests.site.roster import JIRA_ADMIN, SYNC
from tests.site.store import Document, Store
from tests.site.world import World

WEBHOOK_EVENTS = ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted"]


@dataclass
class SimulatedSite:
    """``name`` is its address. ``credentials``: the headers of all tokens that it ever gave to our account.
    ``refused_people``: it has refused to say who somebody is."""

    name: str
    workspace_id: int
    clock: FakeClock
    store: Store
    world: World
    app: Flask
    wiki: OnePageWiki
    heard: Listener
    ahead: timedelta = timedelta(0)
    faults: Faults = field(default_factory=Faults)
    credentials: set[str] = field(default_factory=set)
    refused_people: bool = False

    def now(self) -> datetime:
        """Its own clock, which may be wrong."""
        return self.clock.now() + self.ahead

    @property
    def account(self) -> Account:
        """The account that the product uses, as it stands."""
        return Accounts(self.store).by_id(SYNC.account_id)

    def change_account(self, **changes: object) -> None:
        """Other rights or tokens for it."""
        Accounts(self.store).change(SYNC.account_id, **changes)

    def give_token(self, token: str) -> None:
        """From now on this one alone is good."""
        self.credentials.add("Basic " + b64encode(f"{SYNC.email}:{token}".encode()).decode())
        self.change_account(classic_tokens=(token,))

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
        self.store.put("webhooks", "1", hook)


def token_of(name: str, number: int) -> str:
    """The n-th token of our account at a site; no other site has it."""
    return f"token-{number}-of-{name.removeprefix('http://')}"


def build_site(
    name: str,
    workspace_id: int,
    clock: FakeClock,
    chance: Random,
    body: str,
    take: Callable[[Document], None],
    ahead: timedelta = timedelta(0),
) -> SimulatedSite:
    """A site with accounts and one page, without projects. ``take`` is given each event that is to be sent."""
    moment = _Ahead(clock, ahead)
    store = wiki_store(moment, chance.getrandbits(32))
    world = World(store)
    search = Search(world)
    app = Flask("site")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    accounts = Accounts(store)
    jira_api.register(app, Jira(store, accounts, world, search))
    confluence_api.register(app, store, accounts)
    HeldWebhooks(store, world, search, name, take)
    wiki = OnePageWiki(store, body)
    site = SimulatedSite(name, workspace_id, clock, store, world, app, wiki, Listener(wiki, clock), ahead=ahead)
    site.give_token(token_of(name, 1))
    return site


class _Ahead(FakeClock):
    """Another clock, and so much later."""

    def __init__(self, clock: FakeClock, ahead: timedelta) -> None:
        super().__init__()
        self._clock, self._ahead = clock, ahead

    def now(self) -> datetime:
        return (self._clock.now() + self._ahead).astimezone(UTC)
