"""A service on SQLite with a Jira and a Confluence that are objects in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from connector.crypto import SecretBox
from connector.errors import Gone, OutsideError
from connector.settings import Settings
from connector.site_answers import (
    Fetched,
    Field,
    Page,
    PageVersion,
    Project,
    Resolution,
    SearchPage,
    SiteAccount,
    Space,
    TitledPage,
    Webhook,
    WhoAmI,
)
from connector.store.connections import Connection, NewConnection, add_connection, load_connections
from connector.store.engine import Database
from sync.commands import first_workspace
from sync.ports import Resources
from tests.clock import FakeClock

SITE = "https://acme.atlassian.net"
OTHER_SITE = "https://other.atlassian.net"
EMAIL = "okr-sync@acme.example"
SECRET = "the secret of the webhook"
PAGE_BODY = "<p>Our goals.</p>"

OKRS = """\
cycle: {key: 2026-q4, name: Q4 2026, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: PAY-O1
    title: Paying feels instant
    team: Payments
    key_results:
      - key: PAY-KR1
        title: Median checkout time
        owner: Ana Duarte
        from: 38
        to: 20
        unit: s
        initiatives: [PAY-412]
        check_ins:
          - {at: 2026-11-19, value: 29, confidence: 6, by: Ana Duarte}
      - key: PAY-KR2
        title: Steps of the checkout
        source: initiatives
        from: 0
        to: 10
        initiatives:
          - {issue: PAY-431, drives: 2}
      - key: PAY-KR3
        title: Partners are connected
        steps:
          - {key: first, title: The first partner, share: 50 %}
          - {key: second, title: The second partner, share: 50 %}
"""


def raw_issue(key: str, issue_id: str, **fields: Any) -> dict[str, Any]:
    """Jira's JSON of an epic in progress."""
    project = key.rpartition("-")[0]
    told: dict[str, Any] = {
        "project": {"id": "10000", "key": project},
        "issuetype": {"hierarchyLevel": 1},
        "status": {"statusCategory": {"key": "indeterminate"}},
        "resolution": None,
        "created": "2026-10-01T09:00:00.000+0000",
        "updated": "2026-11-20T09:00:00.000+0000",
    }
    return {"id": issue_id, "key": key, "fields": told | fields}


@dataclass
class FakeJira:
    """Answers from ``issues``; raises ``trouble`` instead, for the calls that it names."""

    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    trouble: dict[str, OutsideError] = field(default_factory=dict)
    may: dict[str, bool] = field(default_factory=lambda: {"BROWSE_PROJECTS": True, "ADMINISTER": False})
    hooks: list[Webhook] = field(default_factory=list)
    server_time: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    calls: list[str] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    allowed: Callable[[], bool] = lambda: True

    def _asked(self, name: str) -> None:
        assert self.allowed(), f"{name} was called while a transaction was open"
        self.calls.append(name)
        if name in self.trouble:
            raise self.trouble[name]

    def search(
        self, jql: str, fields: Sequence[str], *, token: str | None = None, page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:  # fmt: skip
        self._asked("search")
        self.asked_for.append(jql)
        return SearchPage(tuple(self.issues.values())[:page_size], None, self.server_time)

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        self._asked("fetch")
        assert len(ids_or_keys) <= 100
        known = self.issues | {str(raw["id"]): raw for raw in self.issues.values()}
        present = {key: known[self.moved.get(key, key)] for key in ids_or_keys if self.moved.get(key, key) in known}
        absent = set(ids_or_keys) - set(present)
        return Fetched(tuple(present.values()), frozenset(absent))

    def count(self, jql: str) -> int:
        self._asked("count")
        return len(self.issues)

    def myself(self) -> WhoAmI:
        self._asked("myself")
        return WhoAmI("712020:sync", "OKR sync", "Europe/Berlin")

    def my_permissions(self, keys: Sequence[str]) -> dict[str, bool]:
        self._asked("my_permissions")
        return {key: self.may[key] for key in keys}

    def fields(self) -> tuple[Field, ...]:
        self._asked("fields")
        return (
            Field("customfield_7", "Story point estimate", "number", "com.pyxis.greenhopper.jira:jsw-story-points"),
        )

    def resolutions(self) -> tuple[Resolution, ...]:
        self._asked("resolutions")
        return (Resolution("1", "Done"), Resolution("2", "Won't Do"))

    def projects(self) -> tuple[Project, ...]:
        self._asked("projects")
        return (self.project("10000"),)

    def project(self, id_or_key: str) -> Project:
        self._asked("project")
        return Project(id_or_key, "PAY", "Payments", "next-gen", ("10005",))

    def register_webhook(self, name: str, url: str, events: Sequence[str], jql: str, secret: str) -> Webhook:
        self._asked("register_webhook")
        made = Webhook(str(len(self.hooks) + 1), name, url, tuple(events), True, bool(secret))
        self.hooks.append(made)
        return made

    def webhooks(self) -> tuple[Webhook, ...]:
        self._asked("webhooks")
        return tuple(self.hooks)

    def delete_webhook(self, webhook_id: str) -> None:
        self._asked("delete_webhook")
        self.hooks = [hook for hook in self.hooks if hook.webhook_id != webhook_id]


@dataclass
class FakeConfluence:
    """Answers from ``pages``; writes nothing, because no command writes a page."""

    pages: dict[str, Page] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    trouble: dict[str, OutsideError] = field(default_factory=dict)
    editable: bool = True
    space_keys: tuple[str, ...] = ("OKR", "ENG")
    people: tuple[SiteAccount, ...] = ()
    calls: list[str] = field(default_factory=list)
    allowed: Callable[[], bool] = lambda: True

    def _asked(self, name: str) -> None:
        assert self.allowed(), f"{name} was called while a transaction was open"
        self.calls.append(name)
        if name in self.trouble:
            raise self.trouble[name]

    def read(self, page_id: str) -> Page:
        self._asked("read")
        if page_id not in self.pages:
            raise Gone("GET /wiki/api/v2/pages/{} was answered with 404.")
        return self.pages[page_id]

    def read_draft(self, page_id: str) -> Page:
        self._asked("read_draft")
        page = self.read(page_id)
        return replace(page, status="draft", body=self.drafts[page_id]) if page_id in self.drafts else page

    def write(self, page: Page, body: str, message: str) -> int:
        raise AssertionError("no command writes a page")

    def read_version(self, page_id: str, number: int) -> Page:
        raise AssertionError("no command asks for an old version")

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        self._asked("accounts")
        return tuple(each for each in self.people if each.account_id in account_ids)

    def pages_titled(self, title: str) -> tuple[TitledPage, ...]:
        self._asked("pages_titled")
        found = (page for page in self.pages.values() if page.title == title)
        return tuple(TitledPage(page.page_id, page.title, page.url) for page in found)

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        raise AssertionError("no command asks for versions")

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        raise AssertionError("no command asks for versions")

    def spaces(self) -> tuple[Space, ...]:
        self._asked("spaces")
        return tuple(Space(str(number), key, key) for number, key in enumerate(self.space_keys, 1))

    def may_edit(self, page_id: str) -> bool:
        self._asked("may_edit")
        return self.editable


@dataclass
class FakeSites:
    """The clients by the site's address."""

    jiras: dict[str, FakeJira]
    confluences: dict[str, FakeConfluence]

    def jira(self, connection: Connection) -> FakeJira:
        return self.jiras[connection.site_url]

    def confluence(self, connection: Connection) -> FakeConfluence:
        return self.confluences[connection.site_url]


class CountingBell:
    """Counts how often it was rung."""

    def __init__(self) -> None:
        self.rung = 0

    def ring(self) -> None:
        self.rung += 1


@dataclass
class Stand:
    """A service with one workspace; what is connected, ``connected`` says."""

    on: Resources
    workspace_id: int
    clock: FakeClock
    bell: CountingBell
    jira: FakeJira
    confluence: FakeConfluence
    sites: FakeSites

    def connected(self, product: str, site_url: str = SITE) -> Connection:
        """Connect a product without asking anything of it."""
        new = NewConnection(
            product=product,
            site_url=site_url,
            api_url=site_url,
            auth_kind="classic",
            account_email=EMAIL,
            credentials=self.on.secrets.seal("token"),
            webhook_secret=self.on.secrets.seal(SECRET),
        )
        with self.on.database.write() as conn:
            return add_connection(conn, self.workspace_id, new, self.clock.now())

    def connections(self) -> tuple[Connection, ...]:
        """Those of the workspace."""
        with self.on.database.read() as conn:
            return load_connections(conn, self.workspace_id)

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """What the database holds, by SQL."""
        from sqlalchemy import text

        with self.on.database.read() as conn:
            return [tuple(row) for row in conn.execute(text(statement), values)]

    def due(self, kind: str) -> list[str]:
        """The targets of one kind that stand in the queue."""
        return [row[0] for row in self.rows("SELECT target FROM work WHERE kind = :kind ORDER BY target", kind=kind)]

    def log(self) -> list[str]:
        """Who did what, oldest first."""
        return [f"{who}: {text}" for who, text in self.rows("SELECT who, text FROM activity ORDER BY id")]


def stand(database: Database, clock: FakeClock, folder: Path, **settings: Any) -> Stand:
    """A service on this database; its Jira has PAY-412 and PAY-431, its Confluence the page 4711."""
    from connector.store.engine import in_transaction

    def outside() -> bool:
        return not in_transaction()

    jira = FakeJira({"PAY-412": raw_issue("PAY-412", "10412"), "PAY-431": raw_issue("PAY-431", "10431")})
    confluence = FakeConfluence({"4711": page()})
    jira.allowed = confluence.allowed = outside
    sites = FakeSites({SITE: jira}, {SITE: confluence})
    bell = CountingBell()
    values: Any = {"_env_file": None, "data_dir": folder, **settings}
    chosen = Settings(**values)
    on = Resources(chosen, database, clock, bell, SecretBox([Fernet.generate_key()]), sites)
    return Stand(on, first_workspace(on), clock, bell, jira, confluence, sites)


def page(page_id: str = "4711", **changes: Any) -> Page:
    """A published page."""
    made = Page(
        page_id=page_id,
        space_id="1",
        title="OKRs Q4 2026",
        status="current",
        version=3,
        author_id="557058:rosa",
        body=PAGE_BODY,
        subtype="",
        url=f"{SITE}/wiki/spaces/OKR/pages/{page_id}",
        at=datetime(2026, 11, 20, 9, 40, tzinfo=UTC),
        message="",
    )
    return replace(made, **changes)
