"""Between the product's real clients and the sites, in process: points, faults, a log, and listeners."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

import requests

from connector.auth.token import TokenAuth
from connector.confluence import ConfluenceClient
from connector.connecting import not_counted
from connector.crypto import SecretBox
from connector.http import make_session
from connector.jira import JiraClient
from connector.store.connections import Connection
from connector.store.engine import in_transaction
from tests.campaign.in_process import Answer, InProcessAdapter, ask
from tests.simulation.faults import REFUSALS, is_done, made_up, spoilt
from tests.simulation.site import SimulatedSite
from tests.simulation.workers import Workers

# How long a call takes, and how long one whose answer never comes.
CALL_SECONDS = (0.05, 0.4)
NO_ANSWER_SECONDS = 60.0
_NUMBERS = re.compile(r"/\d+")


@dataclass
class Network:
    """Every call of the product goes through here. ``broken``: calls that should never have been made."""

    sites: Mapping[str, SimulatedSite]
    workers: Workers
    log: Callable[[str], None]
    broken: list[str] = field(default_factory=list)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)

    def call(self, request: requests.PreparedRequest) -> Answer:
        """One call: a point before it, the site's answer or what a fault makes of it, a point after it."""
        host, path = _parts(request)
        called = f"{request.method} {path}"
        shape = _NUMBERS.sub("/n", called)
        self.workers.point(f"before {shape}")
        site = self.sites[host]
        caller, stage = self._check_caller(site, request)
        kind = site.faults.strike(called, site.clock.now())
        answer = self._asked(site, request, kind, caller) if is_done(kind) else None
        self.log(f"{caller} {stage}: {shape} of {site.name} {_outcome(kind, answer)}")
        if kind:
            self.coverage[f"fault {kind}", stage] += 1
        site.refused_people |= kind in REFUSALS and path.endswith("/users-bulk")
        self._wait(shape, kind)
        if kind == "no answer":
            raise requests.ReadTimeout("no answer")
        if kind == "reply lost":
            raise requests.ConnectionError("the reply was lost")
        return dated(made_up(kind) if answer is None else spoilt(kind, answer), site.now())

    def _asked(self, site: SimulatedSite, request: requests.PreparedRequest, kind: str, caller: str) -> Answer:
        before = site.heard.before()
        answer = ask(site.app, request)
        answer = answer._replace(headers={**answer.headers, "Content-Length": str(len(answer.body))})
        heard = request.method == "PUT" or not kind
        if heard:
            site.heard.hear(request, answer, before, caller)
        return answer

    def _check_caller(self, site: SimulatedSite, request: requests.PreparedRequest) -> tuple[str, str]:
        here = self.workers.here()
        if request.headers.get("Authorization") not in site.credentials:
            self.broken.append(f"6: {site.name} was called with credentials that were never its own")
        if here is None:
            return "admin", "admin"
        process, stack = here
        if stack.workspace_id not in (0, site.workspace_id):
            self.broken.append(f"6: {site.name} was called for workspace {stack.workspace_id}")
        return process.name, stack.stage

    def _wait(self, shape: str, kind: str) -> None:
        seconds = NO_ANSWER_SECONDS if kind == "no answer" else self.workers.chance.uniform(*CALL_SECONDS)
        self.workers.point(f"after {shape}", seconds)


class NetworkSites:
    """``sync.ports.Sites`` with the product's real clients, one for each connection and credentials."""

    def __init__(self, network: Network, secrets: SecretBox) -> None:
        self._network = network
        self._secrets = secrets
        self._made: dict[tuple[int, str], requests.Session] = {}

    def jira(self, connection: Connection) -> JiraClient:
        return JiraClient(self._session(connection), connection.api_url, not_counted)

    def confluence(self, connection: Connection) -> ConfluenceClient:
        return ConfluenceClient(self._session(connection), connection.api_url, connection.site_url, not_counted)

    def _session(self, connection: Connection) -> requests.Session:
        key = (connection.id, sha256(connection.credentials).hexdigest())
        if key not in self._made:
            token = self._secrets.open(connection.credentials)
            self._made[key] = wired_session(self._network.call, connection.api_url, connection.account_email, token)
        return self._made[key]


def wired_session(
    call: Callable[[requests.PreparedRequest], Answer], url: str, email: str, token: str
) -> requests.Session:
    """The product's own session, with its calls answered in this process."""
    session = make_session(TokenAuth(email, token), [url], allow_private=True, forbidden=in_transaction)
    session.mount("http://", InProcessAdapter(call))
    return session


def _parts(request: requests.PreparedRequest) -> tuple[str, str]:
    host, _, rest = str(request.url).removeprefix("http://").partition("/")
    return f"http://{host}", "/" + rest.partition("?")[0]


def _outcome(kind: str, answer: Answer | None) -> str:
    said = "not asked" if answer is None else str(answer.status)
    return f"{said}, {kind}" if kind else said


def dated(answer: Answer, at: datetime) -> Answer:
    """Every answer of a site says the site's own time, to the second."""
    moment = format_datetime(at.replace(microsecond=0), usegmt=True)
    return answer._replace(headers={**answer.headers, "Date": moment})
