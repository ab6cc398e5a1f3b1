"""A run of the product against the stand-in site in which every kind of call is made, by either door.

It connects, imports, writes a table, follows changes, and meets what goes wrong on a real site: refused credentials, an
unknown issue, a page that is gone, a version that was taken, a query that Jira refuses. What was said stands in a
recording.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from connector.confluence import ConfluenceClient
from connector.connecting import ConnectionAccess, client_for
from connector.errors import Conflict, Gone, Rejected, Unauthorized
from connector.jira import JiraClient
from connector.store import connections
from connector.store.engine import Database
from connector.store.work import mark_due
from sync import commands
from sync.commands import NotPossible, TableWish
from tests.integration.line import Line, line
from tests.site.accounts import Account
from tests.site.roster import SYNC
from tests.site.running import start_site

EPIC = "PAY-412"
PAGE_TITLE = "OKRs Q4 2026"


def run_by_site(database: Database, folder: Path) -> Path:
    """A whole run at the site's own address, with a classic token. Returns the recording."""
    return _recorded(database, folder, "classic")


def run_by_gateway(database: Database, folder: Path) -> Path:
    """A whole run through the API gateway, with a scoped token. Returns the recording."""
    return _recorded(database, folder, "scoped")


def _recorded(database: Database, folder: Path, kind: str) -> Path:
    record = folder / f"{kind}.jsonl"
    with start_site(folder, record=record) as site:
        made = line(database, site, folder)
        _set_up(made, kind)
        _follow_changes(made)
        _ask_everything(made, kind)
        _meet_trouble(made, kind)
        _register_webhook(made, kind)
        _lose_the_page(made)
    return record


def _set_up(made: Line, kind: str) -> None:
    _refused(Unauthorized, lambda: _jira(made, kind, token="wrong").myself())
    _connect(made, SYNC, kind)
    cycle = made.import_demo()
    page_id = str(made.site.page_called(PAGE_TITLE)["id"])
    commands.add_table(made.on, made.workspace_id, TableWish(page_id, cycle), who="test")
    made.tick()
    made.work()
    assert EPIC in made.site.body(page_id)


def _connect(made: Line, account: Account, kind: str) -> None:
    commands.connect(
        made.on,
        made.workspace_id,
        site_url=made.site.url,
        email=account.email,
        token=_token(account, kind),
        who="test",
    )


def _follow_changes(made: Line) -> None:
    """An issue that an event named, a poll, an edit by a person, an issue that was deleted, and a full check."""
    child, doomed = [one for one in made.site.children(EPIC) if not _is_done(one)][:2]
    made.site.transition(child["key"], "Done")
    made.site.delete_issue(doomed["key"])
    _mark_issues(made, child["id"], doomed["id"])
    made.work()
    page = made.site.page_called(PAGE_TITLE)
    made.site.edit_page(str(page["id"]), lambda body: body + "<p>More words.</p>")
    made.clock.advance(seconds=61)
    made.tick()
    made.work()
    commands.check_everything(made.on, made.workspace_id, "test")
    made.work()


def _is_done(issue: dict[str, dict[str, dict[str, dict[str, str]]]]) -> bool:
    return issue["fields"]["status"]["statusCategory"]["key"] == "done"


def _mark_issues(made: Line, *issue_ids: str) -> None:
    with made.on.database.write() as conn:
        jira = connections.load_connections(conn, made.workspace_id, "jira")[0]
        mark_due(conn, made.workspace_id, "issue", [f"{jira.id}:{one}" for one in issue_ids], made.clock.now())


def _ask_everything(made: Line, kind: str) -> None:
    """The clients' calls that no stage makes in so small a world."""
    jira, confluence = _jira(made, kind), _confluence(made, kind)
    first = jira.search("project = PAY ORDER BY key ASC", ["summary"], page_size=3)
    jira.search("project = PAY ORDER BY key ASC", ["summary"], page_size=3, token=first.next_token)
    jira.search("project = PAY", ["summary"], reconcile_ids=[_id_of(first.issues[0])])
    jira.count("project = PAY")
    jira.issue(EPIC, ["summary", "status"])
    jira.server_info()
    jira.project(jira.projects()[0].project_id)
    confluence.spaces()
    space = confluence.space_by_key("OKR")
    made_id = confluence.create_page(space.space_id, "A page of its own", "<p>Text.</p>")
    page = confluence.page_by_title(space.space_id, "A page of its own")
    assert page is not None
    assert page.page_id == made_id
    confluence.write(page, "<p>Other text.</p>", "changed")
    confluence.versions(made_id, 1)
    confluence.read_version(made_id, 1)
    confluence.accounts([SYNC.account_id])
    confluence.may_edit(made_id)
    _refused(Conflict, lambda: confluence.write(page, "<p>Too late.</p>", "changed"))
    _refused(Rejected, lambda: confluence.create_page(space.space_id, "A page of its own", "<p>Text.</p>"))
    _refused(Rejected, lambda: confluence.write(replace(page, version=2), "<p>not closed", "changed"))


def _id_of(issue: object) -> str:
    assert isinstance(issue, dict)
    return str(issue["id"])


def _meet_trouble(made: Line, kind: str) -> None:
    jira, confluence = _jira(made, kind), _confluence(made, kind)
    _refused(Rejected, lambda: jira.search("project = NOSUCH", ["summary"]))
    _refused(Rejected, lambda: jira.count("no such field is 3"))
    _refused(Gone, lambda: jira.issue("NOSUCH-1", ["summary"]))
    _refused(Gone, lambda: confluence.read("999999999"))
    _refused(Gone, lambda: confluence.read_draft("999999999"))
    _refused(Gone, lambda: confluence.may_edit("999999999"))
    _refused(Unauthorized, lambda: _confluence(made, kind, token="wrong").spaces())


def _register_webhook(made: Line, kind: str) -> None:
    """Refused to our account; done by an administrator's where its token may, and done again over it."""
    _refused(NotPossible, lambda: commands.register_webhook(made.on, made.workspace_id, "test"))
    if kind == "scoped":
        return
    made.site.change_account(SYNC, jira_admin=True)
    commands.register_webhook(made.on, made.workspace_id, "test")
    commands.register_webhook(made.on, made.workspace_id, "test")


def _lose_the_page(made: Line) -> None:
    made.site.delete_page(str(made.site.page_called(PAGE_TITLE)["id"]))
    made.clock.advance(seconds=61)
    made.tick()
    made.work()


def _jira(made: Line, kind: str, token: str = "") -> JiraClient:
    client = client_for(_access(made, "jira", kind, token), made.on.settings)
    assert isinstance(client, JiraClient)
    return client


def _confluence(made: Line, kind: str, token: str = "") -> ConfluenceClient:
    client = client_for(_access(made, "confluence", kind, token), made.on.settings)
    assert isinstance(client, ConfluenceClient)
    return client


def _access(made: Line, product: str, kind: str, token: str) -> ConnectionAccess:
    site = made.site
    gateway = site.jira_gateway if product == "jira" else site.confluence_gateway
    api_url = gateway if kind == "scoped" else site.url
    return ConnectionAccess(product, site.url, api_url, SYNC.email, token or _token(SYNC, kind))


def _token(account: Account, kind: str) -> str:
    return (account.scoped_tokens if kind == "scoped" else account.classic_tokens)[0]


def _refused(kind: type[Exception], act: Callable[[], object]) -> None:
    """The act must fail in this way: otherwise the run does not hold the answer that is to be judged."""
    try:
        act()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was expected")
