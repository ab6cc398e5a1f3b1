"""The wire between the product's real Confluence client and the site, in process; it listens, and cuts where told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from flask import Flask

from connector.auth.token import TokenAuth
from connector.confluence import ConfluenceClient
from connector.connecting import not_counted
from connector.http import make_session
from connector.jira import JiraClient
from connector.store.connections import Connection
from connector.store.engine import in_transaction
from tests.campaign.in_process import Answer, InProcessAdapter, ask
from tests.campaign.listening import Listener
from tests.campaign.wiki import SITE_URL
from tests.integration.hooked import Crashed
from tests.site.roster import SYNC


@dataclass
class Wire:
    """``cuts`` are done once each, at the n-th call from when they were set; see ``Cut``."""

    site: Flask
    heard: Listener
    cuts: list[Cut] = field(default_factory=list)

    def call(self, request: requests.PreparedRequest) -> Answer:
        """One call: what was set to happen before it, the site's answer, what was set to happen after it."""
        writes = request.method == "PUT"
        for cut in self._due(writes, after=False):
            cut.act()
        before = self.heard.before()
        answer = ask(self.site, request)
        self.heard.hear(request, answer, before)
        for cut in self._due(writes, after=True):
            cut.act()
        return answer

    def _due(self, writes: bool, *, after: bool) -> list[Cut]:
        due = []
        for cut in self.cuts:
            if cut.after is after and (writes or not cut.at_write):
                cut.left -= 1
                if cut.left == 0:
                    due.append(cut)
        self.cuts = [cut for cut in self.cuts if cut.left > 0]
        return due


@dataclass
class Cut:
    """Something that happens before or after the ``left``-th call from now (only PUTs counted with ``at_write``)."""

    left: int
    act: Callable[[], None]
    after: bool = False
    at_write: bool = False


def reply_lost() -> None:
    raise requests.ConnectionError("the reply was lost")


def killed() -> None:
    raise Crashed


class WiredSites:
    """The one Confluence of a case; there is no Jira to call, its counts are put in."""

    def __init__(self, wire: Wire) -> None:
        session = make_session(
            TokenAuth(SYNC.email, SYNC.classic_tokens[0]), [SITE_URL], allow_private=True, forbidden=in_transaction
        )
        session.mount("http://", InProcessAdapter(wire.call))
        self._client = ConfluenceClient(session, SITE_URL, SITE_URL, not_counted)

    def confluence(self, connection: Connection) -> ConfluenceClient:
        return self._client

    def jira(self, connection: Connection) -> JiraClient:
        raise AssertionError("no case calls Jira")
