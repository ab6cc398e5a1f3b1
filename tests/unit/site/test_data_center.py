"""The face of Confluence Data Center: reading, writing, and what it says when it refuses."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.site import roster
from tests.site.accounts import Account
from tests.unit.site.confluence_world import SampleWiki

WHOLE = "body.storage,version,space"


class DataCenter(SampleWiki):
    """The sample wiki, called as Data Center."""

    def ask(self, method: str, path: str, account: Account = roster.SYNC, **options: Any) -> TestResponse:
        """A call with the account's personal access token."""
        headers = {"Authorization": f"Bearer {account.access_tokens[0]}"}
        return self.client.open(path, method=method, headers=headers, **options)

    def content(self, page_id: str, **query: Any) -> dict[str, Any]:
        """A page with its storage text."""
        path = f"/rest/api/content/{page_id}"
        answer: dict[str, Any] = self.ask("GET", path, query_string={"expand": WHOLE, **query}).get_json()
        return answer

    def write(self, page_id: str, text: str, number: int | None, account: Account = roster.SYNC) -> TestResponse:
        """Write a body as a minor edit."""
        sent: dict[str, Any] = {
            "id": page_id,
            "type": "page",
            "title": self.store.all("pages")[page_id]["title"],
            "body": {"storage": {"representation": "storage", "value": text}},
            "version": {"number": number, "minorEdit": True, "message": "by the test"},
        }
        return self.ask("PUT", f"/rest/api/content/{page_id}", account, json=sent)


@pytest.fixture
def wiki() -> DataCenter:
    return DataCenter()


def test_a_page_holds_what_is_expanded_and_nothing_else(wiki: DataCenter) -> None:
    page = wiki.content(wiki.page_id())
    assert "20&nbsp;minutes" in page["body"]["storage"]["value"]
    assert (page["version"]["number"], page["version"]["by"]["userKey"]) == (3, roster.PEOPLE[0].user_key)
    assert (page["space"]["key"], isinstance(page["space"]["id"], int)) == ("OKR", True)
    plain = wiki.ask("GET", f"/rest/api/content/{wiki.page_id()}").get_json()
    assert {"version", "space", "history"} <= set(plain)
    assert "body" not in plain


def test_an_older_version_is_a_content_of_its_own_and_asked_for_as_historical(wiki: DataCenter) -> None:
    page_id = wiki.page_id()
    old = wiki.content(page_id, status="historical", version=2)
    assert (old["status"], old["version"]["number"]) == ("historical", 2)
    assert old["id"] != page_id
    assert "Black Friday" not in old["body"]["storage"]["value"]
    for query in ({"version": 2}, {"status": "historical"}, {"status": "historical", "version": 9}):
        answer = wiki.ask("GET", f"/rest/api/content/{page_id}", query_string=query)
        assert answer.status_code == 404


def test_versions_are_listed_newest_first_at_both_addresses(wiki: DataCenter) -> None:
    for path in ("experimental", "api"):
        listed = wiki.ask("GET", f"/rest/{path}/content/{wiki.page_id()}/version?limit=2").get_json()
        assert [each["number"] for each in listed["results"]] == [3, 2]
        assert listed["_links"]["next"].endswith("limit=2&start=2")


def test_a_minor_edit_makes_a_version_and_no_mail(wiki: DataCenter) -> None:
    page_id = wiki.page_id()
    before = len(wiki.store.all("mails"))
    answer = wiki.write(page_id, "<p>ours</p>", 4).get_json()
    assert (answer["version"]["number"], answer["version"]["minorEdit"]) == (4, True)
    assert wiki.content(page_id)["body"]["storage"]["value"] == "<p>ours</p>"
    assert len(wiki.store.all("mails")) == before
    assert wiki.put(page_id, "<p>mailed</p>", 5).status_code == 200
    mails = [(mail["version"], mail["to"]) for mail in wiki.store.all("mails").values()]
    assert set(mails[before:]) == {(5, roster.PEOPLE[0].account_id), (5, roster.PEOPLE[1].account_id)}
    wiki.put(page_id, "<p>by one of them</p>", 6, roster.PEOPLE[0])
    assert [mail["to"] for mail in wiki.store.all("mails").values() if mail["version"] == 6] == [
        roster.PEOPLE[1].account_id
    ]


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_write_that_is_not_the_next_version_changes_nothing(wiki: DataCenter, number: int) -> None:
    answer = wiki.write(wiki.page_id(), "<p>x</p>", number)
    assert answer.status_code == 409
    assert answer.get_json()["message"] == "Version must be incremented on update. Current version is: 3"
    assert answer.get_json()["reason"] == "Conflict"
    assert "20&nbsp;minutes" in wiki.content(wiki.page_id())["body"]["storage"]["value"]


def test_who_may_not_gets_403_for_writing_and_404_for_what_cannot_be_seen(wiki: DataCenter) -> None:
    wiki.store.all("pages")[wiki.page_id()]["editors"] = ["somebody"]
    assert wiki.write(wiki.page_id(), "<p>x</p>", 4).status_code == 403
    page = wiki.ask("GET", f"/rest/api/content/{wiki.page_id()}?expand=operations").get_json()
    assert [each["operation"] for each in page["operations"]] == ["read"]
    hidden = wiki.ask("GET", f"/rest/api/content/{wiki.page_id('Sponsors only')}")
    assert (hidden.status_code, hidden.get_json()["statusCode"]) == (404, 404)
    assert wiki.write(wiki.page_id("Sponsors only"), "<p>x</p>", 2).status_code == 404
    assert wiki.write(wiki.page_id("Decisions"), "<p>x", 2).status_code == 400
    assert wiki.write(wiki.page_id("Decisions"), "<p>x</p>", None).status_code == 400


def test_the_index_knows_versions_of_many_pages_and_may_be_behind(wiki: DataCenter) -> None:
    ids = [wiki.page_id(), wiki.page_id("Decisions"), "1"]

    def found() -> dict[str, int]:
        query = {"cql": f"id in ({','.join(ids)})", "expand": "version", "limit": 250}
        answer = wiki.ask("GET", "/rest/api/content/search", query_string=query).get_json()
        return {page["id"]: page["version"]["number"] for page in answer["results"]}

    assert found() == {ids[0]: 3, ids[1]: 1}
    wiki.client.post("/_site/search-lag", json={"seconds": 60})
    wiki.write(ids[0], "<p>x</p>", 4)
    assert found() == {ids[0]: 3, ids[1]: 1}
    wiki.client.post("/_site/search-lag", json={"seconds": 0})
    assert found() == {ids[0]: 4, ids[1]: 1}


@pytest.mark.parametrize(
    ("cql", "titles"),
    [
        ('space = ENG and title = "How we run OKRs"', ["How we run OKRs"]),
        ("type=page and space in (ENG)", ["Engineering", "On-call handbook", "How we run OKRs"]),
        ("text ~ x", None),
        ("", None),
    ],
)
def test_pages_are_found_by_a_little_cql(wiki: DataCenter, cql: str, titles: list[str] | None) -> None:
    answer = wiki.ask("GET", "/rest/api/content/search", query_string={"cql": cql})
    assert answer.status_code == (400 if titles is None else 200)
    if titles is not None:
        assert [page["title"] for page in answer.get_json()["results"]] == titles


def test_the_draft_is_there_while_somebody_types(wiki: DataCenter) -> None:
    page_id = wiki.page_id()
    assert wiki.ask("GET", f"/rest/api/content/{page_id}?status=draft").status_code == 404
    wiki.put(page_id, "<p>typing</p>", 1, roster.PEOPLE[1], status="draft")
    draft = wiki.content(page_id, status="draft")
    assert (draft["id"], draft["status"]) == (page_id, "draft")
    assert "typing" in draft["body"]["storage"]["value"]


def test_people_are_asked_for_by_key_or_name(wiki: DataCenter) -> None:
    assert wiki.ask("GET", "/rest/api/user/current").get_json()["username"] == "okr-sync"
    ana = wiki.ask("GET", f"/rest/api/user?key={roster.OTHER_ANA.user_key}").get_json()
    assert (ana["displayName"], ana["username"], "email" in ana) == ("Ana Duarte", "ana.duarte", False)
    assert wiki.ask("GET", "/rest/api/user?username=ana").get_json()["userKey"] == roster.PEOPLE[1].user_key
    assert wiki.ask("GET", "/rest/api/user?key=0").status_code == 404
    assert wiki.ask("GET", "/rest/api/user").status_code == 400


def test_a_wrong_token_is_refused_and_no_token_is_nobody(wiki: DataCenter) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    for path in ("/rest/api/user/current", "/rest/api/space"):
        assert wiki.client.get(path, headers=wrong).status_code == 401
    assert wiki.client.get("/rest/api/space").status_code == 401
    basic = {"Authorization": f"Basic {roster.SYNC.access_tokens[0]}"}
    assert wiki.client.get("/rest/api/space", headers=basic).status_code == 401
    assert wiki.client.get("/rest/api/user/current").get_json()["type"] == "anonymous"


def test_restrictions_name_people(wiki: DataCenter) -> None:
    page = wiki.store.all("pages")[wiki.page_id()]
    page["editors"] = [roster.SYNC.account_id]
    found = wiki.ask("GET", f"/rest/api/content/{page['id']}/restriction/byOperation").get_json()
    assert found["read"]["restrictions"]["user"]["size"] == 0
    assert found["update"]["restrictions"]["user"]["results"][0]["username"] == "okr-sync"


def test_a_page_is_made_put_into_the_trash_and_forgotten(wiki: DataCenter) -> None:
    body = {"storage": {"representation": "storage", "value": "<p>x</p>"}}
    sent = {"type": "page", "title": "New", "space": {"key": "OKR"}, "body": body}
    page_id = wiki.ask("POST", "/rest/api/content", json=sent).get_json()["id"]
    path = f"/rest/api/content/{page_id}"
    assert wiki.ask("DELETE", path).status_code == 204
    assert wiki.ask("GET", path).status_code == 404
    assert wiki.ask("GET", f"{path}?status=trashed").get_json()["status"] == "trashed"
    assert wiki.ask("DELETE", f"{path}?status=trashed").status_code == 204
    assert wiki.ask("GET", f"{path}?status=any").status_code == 404


def test_spaces_are_listed_for_who_may_see_them(wiki: DataCenter) -> None:
    assert [each["key"] for each in wiki.ask("GET", "/rest/api/space").get_json()["results"]] == ["OKR", "ENG"]
    assert wiki.ask("GET", "/rest/api/space", roster.LOW).get_json()["results"] == []
    assert wiki.ask("GET", "/rest/api/space/OKR").get_json()["name"] == "OKRs"
    assert wiki.ask("GET", "/rest/api/space/NONE").status_code == 404
