"""Between the product's real clients and the sites, in process: points, faults, a log, and listeners."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import NamedTuple

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
from tests.simulation.site import SimulatedSite
from tests.simulation.workers import Workers
from tests.site.faults import Fault, product_of

# How long a call takes.
CALL_SECONDS = (0.05, 0.4)
_NUMBERS = re.compile(r"/\d+")


class FaultOfStage(NamedTuple):
    """A fault waits for the next call of a stage to a site that it is meant for."""

    site: str
    stage: str
    fault: Fault


@dataclass
class Network:
    """Every call of the product goes through here. ``broken``: calls that should never have been made. Each of the
    faults ``of_stages`` strikes once."""

    sites: Mapping[str, SimulatedSite]
    workers: Workers
    log: Callable[[str], None]
    broken: list[str] = field(default_factory=list)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)
    of_stages: list[FaultOfStage] = field(default_factory=list)

    def call(self, request: requests.PreparedRequest) -> Answer:
        """One call: a point before it, the site's answer or what a fault makes of it, a point after it."""
        host, path = _parts(request)
        shape = f"{request.method} {_NUMBERS.sub('/n', path)}"
        self.workers.point(f"before {shape}")
        site = self.sites[host]
        caller, stage = self._check_caller(site, request)
        self._strike(site, stage, request)
        answer, fault = self._asked(site, request, caller)
        self.log(f"{caller} {stage}: {shape} of {site.name} {_outcome(fault, answer)}")
        if fault:
            self.coverage[f"fault {fault}", stage] += 1
        told = answer is not None and answer.status == 200 and fault in ("", "slow")
        # Who typed in a version that cannot be read nobody knows either.
        tells_of_people = path.endswith("/users-bulk") or "version=" in str(request.url)
        site.refused_people |= tells_of_people and not told
        self.workers.point(f"after {shape}", self.workers.chance.uniform(*CALL_SECONDS))
        if answer is None:
            raise requests.ConnectionError("the connection ended")
        self._hear_wait(site, path, answer)
        return dated(answer, site.now())

    def _strike(self, site: SimulatedSite, stage: str, request: requests.PreparedRequest) -> None:
        here = [each for each in self.of_stages if each[:2] == (site.name, stage)]
        call = str(request.method), _parts(request)[1]
        found = next((each for each in here if replace(each.fault).takes(*call)), None)
        if found is not None:
            self.of_stages.remove(found)
            site.spoil(replace(found.fault))

    def _asked(self, site: SimulatedSite, request: requests.PreparedRequest, caller: str) -> tuple[Answer | None, str]:
        """The answer, None where the connection ended without one; and what was done to it on purpose."""
        site.end_outages()
        before = site.heard.before()
        answer: Answer | None = None
        with suppress(requests.ConnectionError):
            answer = ask(site.parts.app, request)
        fault = str(site.parts.traffic.calls()[-1]["fault"] or "")
        # While an answer is slow, somebody else may write the page; what became of ours is in the answer.
        if fault != "slow" and request.method == "PUT" and site.wiki.number > before.number:
            site.heard.hear(request, Answer(200, {}, b""), before, caller)
        elif answer is not None and fault in ("", "slow"):
            site.heard.hear(request, answer, before, caller)
        return answer, fault

    def _check_caller(self, site: SimulatedSite, request: requests.PreparedRequest) -> tuple[str, str]:
        here = self.workers.here()
        if request.headers.get("Authorization") not in site.credentials:
            self.broken.append(f"6: {site.name} was called with credentials that were never its own")
        if here is None:
            return "admin", "admin"
        process, stack = here
        if stack.workspace_id not in (0, site.workspace_id):
            self.broken.append(f"6: {site.name} was called for workspace {stack.workspace_id}")
        product = (site.workspace_id, product_of(_parts(request)[1]))
        if self.workers.waits.is_broken(product, stack.began, site.clock.now()):
            self.broken.append(f"9: {stack.stage} called {product[1]} of {site.name} before the time it had asked for")
        return process.name, stack.stage

    def _hear_wait(self, site: SimulatedSite, path: str, answer: Answer) -> None:
        here = self.workers.here()
        if here is not None:
            product = (site.workspace_id, product_of(path))
            self.workers.waits.hear(here[1].run, product, answer, site.clock.now())


class NetworkSites:
    """``sync.ports.Sites`` with the product's real clients, one for each connection and credentials."""

    def __init__(self, network: Network, secrets: SecretBox) -> None:
        self._network = network
        self._secrets = secrets
        self._jiras: dict[tuple[int, str], JiraClient] = {}
        self._confluences: dict[tuple[int, str], ConfluenceClient] = {}

    def jira(self, connection: Connection) -> JiraClient:
        key = _credentials_of(connection)
        if key not in self._jiras:
            self._jiras[key] = JiraClient(self._session(connection), connection.api_url, not_counted)
        return self._jiras[key]

    def confluence(self, connection: Connection) -> ConfluenceClient:
        key = _credentials_of(connection)
        if key not in self._confluences:
            session, urls = self._session(connection), (connection.api_url, connection.site_url)
            self._confluences[key] = ConfluenceClient(session, *urls, not_counted)
        return self._confluences[key]

    def _session(self, connection: Connection) -> requests.Session:
        token = self._secrets.open(connection.credentials)
        return wired_session(self._network.call, connection.api_url, connection.account_email, token)


def _credentials_of(connection: Connection) -> tuple[int, str]:
    return connection.id, sha256(connection.credentials).hexdigest()


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


def _outcome(fault: str, answer: Answer | None) -> str:
    said = "no answer" if answer is None else str(answer.status)
    return f"{said}, {fault}" if fault else said


def dated(answer: Answer, at: datetime) -> Answer:
    """Every answer of a site says the site's own time, to the second."""
    moment = format_datetime(at.replace(microsecond=0), usegmt=True)
    return answer._replace(headers={**answer.headers, "Date": moment})
