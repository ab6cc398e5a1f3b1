"""Screens that show: spaces, a page, its history, an older version."""

from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import quote

from flask import abort, make_response, render_template, request

from tests.site.accounts import Account, Accounts
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.render import Surroundings, render
from tests.site.store import Document, Store


class Views:
    """One method per path, each for the person chosen in the frame."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._wiki = Wiki(store)
        self._accounts = accounts

    def spaces(self) -> str:
        """All spaces that the person may see."""
        return render_template("wiki_spaces.html", spaces=self._wiki.spaces(self._person()))

    def space(self, key: str) -> str:
        """The pages of a space, latest changes first."""
        space = self.space_by_key(key)
        pages = [page for page in self._wiki.pages(self._person(), ["current"]) if page["spaceId"] == space["id"]]
        rows = [(page, self._wiki.version(page["id"], page["version"])) for page in pages]
        rows.sort(key=lambda row: row[1]["createdAt"], reverse=True)
        return render_template("wiki_space.html", rows=rows, watch=f"space/{key}", **self.around(space, None))

    def page(self, key: str, page_id: int, title: str = "") -> str:
        """A page as it is published; `title` in the address is only for people."""
        page = self.page_by_id(key, page_id)
        version = self._wiki.version(page["id"], page["version"])
        return render_template(
            "wiki_page.html",
            page=page,
            version=version,
            html=self._html(version["body"], key),
            draft=self._wiki.draft(page["id"]),
            may_edit=self._wiki.may_edit(page, self._person()),
            watch=f"page/{page['id']}",
            refusal=request.args.get("refusal", ""),
            **self.around(self._wiki.space_of(page), page),
        )

    def history(self, key: str, page_id: int) -> str:
        """All versions of a page, newest first."""
        page = self.page_by_id(key, page_id)
        around = self.around(self._wiki.space_of(page), page)
        versions = self._wiki.versions(page)
        return render_template("wiki_history.html", page=page, versions=versions, watch=f"page/{page['id']}", **around)

    def version(self, key: str, page_id: int, number: int) -> str:
        """A page as it was."""
        page = self.page_by_id(key, page_id)
        try:
            version = self._wiki.version(page["id"], number)
        except RefusedError:
            _missing()
        html = self._html(version["body"], key)
        around = self.around(self._wiki.space_of(page), page)
        return render_template("wiki_version.html", page=page, version=version, html=html, **around)

    # For the other screens

    def space_by_key(self, key: str) -> Document:
        """The space, or the screen for what is not there."""
        found = next((each for each in self._wiki.spaces(self._person()) if each["key"] == key), None)
        return found or _missing()

    def page_by_id(self, key: str, page_id: int) -> Document:
        """The page, also an archived one and one in the trash, or the screen for what is not there."""
        space = self.space_by_key(key)
        page = self._found(str(page_id))
        return page if page["spaceId"] == space["id"] else _missing()

    def address(self, page_id: str) -> str:
        """The path of a page's screen; 404 if there is no such page for the person."""
        page = self._found(page_id)
        return page_path(self._wiki.space_of(page)["key"], page)

    def around(self, space: Document, page: Document | None) -> dict[str, Any]:
        """What every screen within a space needs."""
        return {
            "space": space,
            "tree": self._tree(space),
            "current": page["id"] if page else None,
            "name_of": self.name_of,
            "day": _day,
            "path_of": lambda each: page_path(space["key"], each),
        }

    def name_of(self, account_id: str) -> str:
        """The name of an account, or "Former user" [U: the words]."""
        return next(
            (each.display_name for each in self._accounts.all() if each.account_id == account_id), "Former user"
        )

    def _found(self, page_id: str) -> Document:
        try:
            return self._wiki.page(page_id, self._person(), ("current", "archived", "trashed"))
        except RefusedError:
            _missing()

    def _person(self) -> Account:
        return self._accounts.person(request)

    def _html(self, body: str, key: str) -> str:
        def page_address(title: str, space_key: str | None) -> str | None:
            wanted = space_key or key
            for page in self._wiki.pages(self._person(), ["current", "archived"]):
                if page["title"] == title and self._wiki.space_of(page)["key"] == wanted:
                    return page_path(wanted, page)
            return None

        return render(body, Surroundings(page_address, self.name_of))

    def _tree(self, space: Document) -> list[dict[str, Any]]:
        below: dict[str | None, list[Document]] = {}
        for page in self._wiki.pages(self._person(), ["current"]):
            if page["spaceId"] == space["id"]:
                below.setdefault(page["parentId"], []).append(page)

        def branch(parent_id: str | None, depth: int) -> list[dict[str, Any]]:
            pages = below.get(parent_id, []) if depth else []
            return [{"page": page, "below": branch(page["id"], depth - 1)} for page in pages]

        # Four levels are shown.
        return branch(space["homepageId"], 4)


def _missing() -> NoReturn:
    abort(make_response(render_template("wiki_missing.html"), 404))


def page_path(space_key: str, page: Document) -> str:
    """The path of a page's screen, with its title for people."""
    return f"/wiki/spaces/{space_key}/pages/{page['id']}/{quote(page['title'].replace(' ', '+'), safe='+')}"


def _day(moment: str) -> str:
    """A moment of the interface as people read it: `22 Nov 2026, 09:40 UTC`."""
    return f"{datetime.fromisoformat(moment):%-d %b %Y, %H:%M} UTC"
