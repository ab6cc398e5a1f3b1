"""What people do in Confluence by its interface, and what they see there, for tests."""

from collections.abc import Callable
from typing import Any

from requests import Response

from tests.site.accounts import Account
from tests.site.hand import Hand, Json


class WikiHand(Hand):
    """The Confluence half of a running site."""

    def confluence(self, method: str, path: str, by: Account | None = None, **arguments: Any) -> Response:
        """A call below `/wiki/api/v2`; arguments as of the requests library."""
        return self._call(method, f"/wiki/api/v2{path}", by, arguments)

    def page(self, page_id: str, by: Account | None = None) -> Json:
        """A page with its body in storage format."""
        return self._json("GET", f"/wiki/api/v2/pages/{page_id}?body-format=storage", by)

    def body(self, page_id: str) -> str:
        """The storage format of a page."""
        return str(self.page(page_id)["body"]["storage"]["value"])

    def page_called(self, title: str) -> Json:
        """The page with that title, with its body."""
        found = self._json("GET", "/wiki/api/v2/pages", params={"title": title, "body-format": "storage"})["results"]
        return dict(found[0])

    def versions(self, page_id: str) -> list[Json]:
        """The versions of a page, newest first."""
        return list(self._json("GET", f"/wiki/api/v2/pages/{page_id}/versions?limit=200")["results"])

    def create_page(self, space_key: str, title: str, body: str, by: Account | None = None) -> str:
        """Create a page; the answer is its id."""
        space = self._json("GET", f"/wiki/api/v2/spaces?keys={space_key}", by)["results"][0]
        sent = {"spaceId": space["id"], "status": "current", "title": title, "body": _storage(body)}
        return str(self._json("POST", "/wiki/api/v2/pages", by, json=sent)["id"])

    def edit_page(
        self, page_id: str, change: Callable[[str], str], by: Account | None = None, message: str = ""
    ) -> int:
        """Replace the body by `change(body)`; the answer is the new version's number."""
        page = self.page(page_id, by)
        sent = {
            "id": page_id,
            "status": "current",
            "title": page["title"],
            "body": _storage(change(page["body"]["storage"]["value"])),
            "version": {"number": page["version"]["number"] + 1} | ({"message": message} if message else {}),
        }
        return int(self._json("PUT", f"/wiki/api/v2/pages/{page_id}", by, json=sent)["version"]["number"])

    def comments(self, page_id: str) -> list[Json]:
        """The inline comments on a page, with `resolutionStatus` (open, resolved, dangling) and `properties`."""
        return list(self._json("GET", f"/wiki/api/v2/pages/{page_id}/inline-comments?limit=250")["results"])

    def notifications(self, page_id: str) -> list[Json]:
        """The mails about a page, oldest first: `version`, `by` and `to` (account ids); none for minor edits."""
        return list(self._call("GET", f"/_site/pages/{page_id}/mails", None, {}).json())

    def delete_page(self, page_id: str) -> None:
        """Move a page to the trash."""
        self._done("DELETE", f"/wiki/api/v2/pages/{page_id}")


def _storage(value: str) -> Json:
    return {"representation": "storage", "value": value}
