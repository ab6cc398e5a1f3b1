"""The sample wiki behind a test client, and what tests of the Confluence half say to it."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.site import roster, wiki_sample
from tests.site.accounts import Account, Accounts
from tests.site.app import assemble
from tests.site.store import Store

API = "/wiki/api/v2"
STORAGE = {"body-format": "storage"}


class SampleWiki:
    """The site in this process, with the pages of the sample world and no issues."""

    def __init__(self) -> None:
        self.store = Store(None)
        self.accounts = Accounts(self.store)
        for account in roster.ROSTER:
            self.accounts.save(account)
        wiki_sample.fill(self.store)
        self.parts = assemble(self.store, cloud_id="cloud-1")
        self.client: FlaskClient = self.parts.app.test_client()

    def call(self, method: str, path: str, account: Account = roster.SYNC, **options: Any) -> TestResponse:
        """A call of the interface at the site address."""
        credentials = (account.email, account.classic_tokens[0])
        return self.client.open(API + path, method=method, auth=credentials, **options)

    def page_id(self, title: str = "OKRs Q4 2026", space: str = "OKR") -> str:
        """The id of a page of the sample, whatever its status."""
        ids = {each["id"] for each in self.store.all("spaces").values() if each["key"] == space}
        pages = self.store.all("pages").values()
        return next(str(page["id"]) for page in pages if page["title"] == title and page["spaceId"] in ids)

    def page(self, page_id: str) -> dict[str, Any]:
        """The page with its storage text, as the interface gives it."""
        answer: dict[str, Any] = self.call("GET", f"/pages/{page_id}", query_string=STORAGE).get_json()
        return answer

    def put(self, page_id: str, text: str, number: int, account: Account = roster.SYNC, **other: Any) -> TestResponse:
        """Write a body as version `number`."""
        title = self.store.all("pages")[page_id]["title"]
        sent = {
            "id": page_id,
            "status": "current",
            "title": title,
            "version": {"number": number, "message": "by the test"},
            "body": {"representation": "storage", "value": text},
            **other,
        }
        return self.call("PUT", f"/pages/{page_id}", account, json=sent)


def error_of(response: TestResponse) -> str:
    """The sentence of an error answer."""
    return str(response.get_json()["errors"][0]["title"])
