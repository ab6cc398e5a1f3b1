"""Spaces and pages of the sample world: invented, with the corners that real pages have."""

from datetime import timedelta
from pathlib import Path

from tests.site.accounts import Account, Accounts
from tests.site.confluence_pages import Wiki
from tests.site.confluence_publishing import Publishing
from tests.site.page_states import PageStates
from tests.site.store import Document, Store

# Title, title of the page above, file in data/pages, how many days ago.
_PAGES = (
    ("OKRs", None, "home", 200),
    ("How we run OKRs", "OKRs", "how-we-run-okrs", 190),
    ("OKRs Q4 2026", "OKRs", "okrs-q4-2026", 50),
    ("Payments Q4 2026", "OKRs Q4 2026", "team", 48),
    ("Platform Q4 2026", "OKRs Q4 2026", "team", 48),
    ("Growth Q4 2026", "OKRs Q4 2026", "team", 47),
    ("OKRs Q3 2026 (closed)", "OKRs", "okrs-q3-2026", 140),
    ("Decisions", "OKRs", "decisions", 120),
    ("Sponsors only", "OKRs", "team", 30),
    ("Scratchpad", "OKRs", "team", 20),
    ("OKRs Q2 2026", "OKRs", "team", 230),
    ("OKR table, first try", "OKRs", "team", 60),
)
_TEXTS = Path(__file__).parent / "data" / "pages"


def fill(store: Store) -> None:
    """Put the spaces and pages into an empty store; the accounts are there already."""
    rosa, ana = Accounts(store).people()[:2]
    publishing = Publishing(store)
    okr = _okr_space(store, publishing, rosa)
    _special_pages(store, okr, rosa)
    _older_versions(store, publishing, okr, rosa, ana)
    _engineering_space(store, publishing, ana)


def _okr_space(store: Store, publishing: Publishing, author: Account) -> Document:
    space = publishing.add_space("OKR", "OKRs", author.account_id, store.now() - timedelta(days=200))
    ids: dict[str | None, str | None] = {None: None}
    for title, above, text, days in _PAGES:
        page = publishing.create(
            author,
            store.all("spaces")[space["id"]],
            title=title,
            body=_text(text),
            parent_id=ids[above],
            subtype="live" if title == "Scratchpad" else None,
            created=store.now() - timedelta(days=days),
        )
        ids[title] = page["id"]
    return space


def _text(name: str) -> str:
    return (_TEXTS / f"{name}.storage.xml").read_text(encoding="utf-8")


def _special_pages(store: Store, space: Document, author: Account) -> None:
    """A page that few may see, one that is archived, one in the trash."""
    page = _by_title(store, space["id"])
    only_author = [author.account_id]
    states = PageStates(store)
    states.restrict(page["Sponsors only"], viewers=only_author, editors=only_author)
    states.archive(page["OKRs Q2 2026"])
    states.trash(page["OKR table, first try"], author)


def _by_title(store: Store, space_id: str) -> dict[str, Document]:
    return {page["title"]: page for page in store.all("pages").values() if page["spaceId"] == space_id}


def _older_versions(store: Store, publishing: Publishing, space: Document, rosa: Account, ana: Account) -> None:
    """The page of this quarter was edited by people before anything else wrote to it."""
    page = _by_title(store, space["id"])["OKRs Q4 2026"]
    now = Wiki(store).body(page)
    before = now.replace(
        "<li><p>17&nbsp;Nov: one-page checkout goes to all traffic before the Black Friday freeze.</p></li>", ""
    )
    for number, (author, body, message, days) in enumerate(
        ((ana, before, "", 12), (rosa, now, "Notes of 17 Nov", 5)), 2
    ):
        at = store.now() - timedelta(days=days)
        publishing.update(page, author, title=page["title"], body=body, number=number, message=message, at=at)


def _engineering_space(store: Store, publishing: Publishing, author: Account) -> None:
    """A second space, so that nobody can take all pages for pages of the first."""
    space = publishing.add_space("ENG", "Engineering", author.account_id, store.now() - timedelta(days=400))
    for title in ("Engineering", "On-call handbook", "How we run OKRs"):
        publishing.create(
            author, store.all("spaces")[space["id"]], title=title, body=_text("team"),
            created=store.now() - timedelta(days=300),
        )  # fmt: skip
