"""People who type in the cells of an OKR page's table, and what became of it."""

from __future__ import annotations

from connector.store import check_ins, tables
from connector.store.activity import recent_activity
from connector.store.page_visits import TypedText
from mapping.okr import CheckIn
from sync.queries.typed import TypedView, load_typed
from tests.integration.okr_page import OkrPage
from tests.site.accounts import Account
from tests.site.person_edits import with_typed_cell
from tests.site.roster import PEOPLE, SYNC
from tests.typed_texts import load_typed_texts

ROSA, ANA, JONAS, TOM = PEOPLE[0], PEOPLE[1], PEOPLE[2], PEOPLE[6]
NOW, CONFIDENCE, OWNER, NEXT_STEP = 2, 3, 4, 6


def type_in(page: OkrPage, cells: dict[int, str], *, key: str = "T-KR1", by: Account = ANA) -> int:
    """One version in which these cells of a row were typed over; returns its number."""

    def change(body: str) -> str:
        for column, text in cells.items():
            body = with_typed_cell(body, page.table.region_id, key, column, text)
        return body

    return page.site.edit_page(page.page_id, change, by=by)


def said(page: OkrPage, key: str = "T-KR1") -> list[CheckIn]:
    """The check-ins after the one that every page starts with, oldest first."""
    with page.line.on.database.read() as conn:
        found = check_ins.load_check_ins(conn, page.line.workspace_id, [key])[key]
    return list(found[1:] if key == "T-KR1" else found)


def typed(page: OkrPage) -> list[TypedText]:
    """Oldest first."""
    with page.line.on.database.read() as conn:
        return list(reversed(load_typed_texts(conn, page.line.workspace_id, page.table_id)))


def outcomes(page: OkrPage) -> list[tuple[str, str, str]]:
    """Text, outcome and author of everything that was typed, oldest first."""
    return [(each.text, each.outcome, each.author_name) for each in typed(page)]


def findings(page: OkrPage) -> list[tuple[str, str]]:
    """What is shown beside the table, and about which text."""
    return [(each["what"], each["text"]) for each in page.table.findings]


def view(page: OkrPage) -> TypedView:
    with page.line.on.database.read() as conn:
        return load_typed(conn, page.line.workspace_id, page.table_id, limit=20)


def choose(page: OkrPage, **values: object) -> None:
    """Choices of the table, without any of the checks that the command makes."""
    with page.line.on.database.write() as conn:
        tables.set_table(conn, page.line.workspace_id, page.table_id, values)


def told(page: OkrPage) -> list[str]:
    """The log that people read, newest first."""
    with page.line.on.database.read() as conn:
        return [f"{each.who} {each.text}" for each in recent_activity(conn, page.line.workspace_id)]


def calls(page: OkrPage) -> list[str]:
    """What we asked of the page and of people since the log was emptied, oldest first."""
    path = f"/wiki/api/v2/pages/{page.page_id}"
    found = [call for call in page.site.requests(SYNC) if call["path"].startswith(path) or "users" in call["path"]]
    return [f"{call['method']} {call['path'].removeprefix(path)}?{call['query']}" for call in found]
