"""Reading and writing pages through the interface."""

from pathlib import Path

import pytest

from tests.site import roster, wiki_sample
from tests.site.accounts import Accounts
from tests.site.store import Store
from tests.unit.site.confluence_world import API, SampleWiki, error_of


@pytest.fixture
def wiki() -> SampleWiki:
    return SampleWiki()


def test_a_page_is_read_with_its_body_only_when_asked(wiki: SampleWiki) -> None:
    page_id = wiki.page_id()
    assert wiki.call("GET", f"/pages/{page_id}").get_json()["body"] == {}
    page = wiki.page(page_id)
    assert page["title"] == "OKRs Q4 2026"
    assert page["version"]["number"] == 3
    assert "20&nbsp;minutes" in page["body"]["storage"]["value"]
    assert "<![CDATA[select" in page["body"]["storage"]["value"]


def test_a_body_that_was_read_and_written_again_stays_byte_for_byte(wiki: SampleWiki) -> None:
    page_id = wiki.page_id()
    body = wiki.page(page_id)["body"]["storage"]["value"]
    assert wiki.put(page_id, body, 4).status_code == 200
    after = wiki.page(page_id)
    assert after["body"]["storage"]["value"] == body
    assert after["version"]["number"] == 4
    assert after["version"]["message"] == "by the test"
    assert after["version"]["authorId"] == roster.SYNC.account_id


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_write_that_is_not_the_next_version_changes_nothing(wiki: SampleWiki, number: int) -> None:
    page_id = wiki.page_id()
    before = wiki.page(page_id)
    answer = wiki.put(page_id, "<p>x</p>", number)
    assert answer.status_code == 409
    assert error_of(answer) == "Version must be incremented on update. Current version is: 3"
    assert wiki.page(page_id) == before


def test_a_body_that_is_not_well_formed_changes_nothing(wiki: SampleWiki) -> None:
    page_id = wiki.page_id()
    before = wiki.page(page_id)
    answer = wiki.put(page_id, "<p>&unknown;</p>", 4)
    assert answer.status_code == 400
    assert error_of(answer).startswith("Error parsing xhtml")
    assert wiki.page(page_id) == before


@pytest.mark.parametrize("missing", ["id", "status", "title", "body", "version"])
def test_a_write_needs_all_its_fields(wiki: SampleWiki, missing: str) -> None:
    assert wiki.put(wiki.page_id(), "<p>x</p>", 4, roster.SYNC, **{missing: None}).status_code == 400


def test_a_write_to_another_page_than_it_names_is_refused(wiki: SampleWiki) -> None:
    assert wiki.put(wiki.page_id(), "<p>x</p>", 4, id=wiki.page_id("Decisions")).status_code == 400


def test_a_body_may_stand_under_its_format(wiki: SampleWiki) -> None:
    nested = {"storage": {"representation": "storage", "value": "<p>nested</p>"}}
    assert wiki.put(wiki.page_id(), "", 4, body=nested).status_code == 200
    assert wiki.page(wiki.page_id())["body"]["storage"]["value"] == "<p>nested</p>"


def test_more_than_five_megabytes_are_refused(wiki: SampleWiki) -> None:
    assert wiki.put(wiki.page_id(), f"<p>{'x' * 5_300_000}</p>", 4).status_code == 413


def test_a_format_that_is_not_spoken_is_no_silent_success(wiki: SampleWiki) -> None:
    query = {"body-format": "atlas_doc_format"}
    assert wiki.call("GET", f"/pages/{wiki.page_id()}", query_string=query).status_code == 501
    assert wiki.call("GET", f"/pages/{wiki.page_id()}", query_string={"body-format": "x"}).status_code == 400


def test_versions_are_listed_newest_first_and_each_can_be_read(wiki: SampleWiki) -> None:
    page_id = wiki.page_id()
    listed = wiki.call("GET", f"/pages/{page_id}/versions", query_string={"body-format": "storage"}).get_json()
    assert [each["number"] for each in listed["results"]] == [3, 2, 1]
    assert "17&nbsp;Nov: one-page" not in listed["results"][1]["page"]["body"]["storage"]["value"]
    second = wiki.call("GET", f"/pages/{page_id}/versions/2").get_json()
    assert (second["prevVersion"], second["nextVersion"]) == (1, 3)
    assert second["authorId"] == roster.PEOPLE[1].account_id
    old = wiki.call("GET", f"/pages/{page_id}", query_string={"version": 2, "body-format": "storage"}).get_json()
    assert old["status"] == "historical"
    assert old["version"]["number"] == 2
    assert wiki.call("GET", f"/pages/{page_id}/versions/9").status_code == 404


def test_a_list_is_read_to_its_end_by_the_link_to_the_next(wiki: SampleWiki) -> None:
    seen: list[str] = []
    parts = 0
    path = "/pages?limit=4&status=current"
    for _ in range(10):
        answer = wiki.call("GET", path)
        found = answer.get_json()
        parts += 1
        seen += [page["id"] for page in found["results"]]
        if "next" not in found["_links"]:
            assert "Link" not in answer.headers
            break
        assert answer.headers["Link"].startswith(f'<{found["_links"]["next"]}>; rel="next"')
        path = found["_links"]["next"].removeprefix(API)
    assert (len(seen), len(set(seen)), parts) == (12, 12, 3)


@pytest.mark.parametrize("query", ["limit=0", "limit=251", "limit=x", "cursor=x", "id=x", "status=gone", "sort=x"])
def test_a_query_that_makes_no_sense_is_refused(wiki: SampleWiki, query: str) -> None:
    assert wiki.call("GET", f"/pages?{query}").status_code == 400


def test_pages_are_found_by_space_title_id_and_status(wiki: SampleWiki) -> None:
    def titles(**query: str) -> list[str]:
        answer = wiki.call("GET", "/pages", query_string={name.replace("_", "-"): each for name, each in query.items()})
        return [page["title"] for page in answer.get_json()["results"]]

    space_id = wiki.call("GET", "/spaces?keys=ENG").get_json()["results"][0]["id"]
    assert titles(title="How we run OKRs", space_id=space_id) == ["How we run OKRs"]
    assert len(titles(title="How we run OKRs")) == 2
    assert titles(id=f"{wiki.page_id()},{wiki.page_id('Decisions')}") == ["OKRs Q4 2026", "Decisions"]
    assert titles(status="archived") == ["OKRs Q2 2026"]
    assert titles(status="trashed") == ["OKR table, first try"]
    assert titles(subtype="live") == ["Scratchpad"]
    assert "OKRs Q2 2026" in titles(limit="250")
    assert "OKR table, first try" not in titles(limit="250")
    spaces = wiki.call("GET", f"/spaces?ids={space_id}").get_json()["results"]
    assert [space["key"] for space in spaces] == ["ENG"]


def test_a_new_page_is_published_below_the_home_page(wiki: SampleWiki) -> None:
    space_id = wiki.call("GET", "/spaces?keys=OKR").get_json()["results"][0]["id"]
    sent = {"spaceId": space_id, "title": "New", "body": {"representation": "storage", "value": "<p>x</p>"}}
    made = wiki.call("POST", "/pages", json=sent).get_json()
    assert made["version"]["number"] == 1
    assert made["parentId"] == wiki.page_id("OKRs")
    assert wiki.page(made["id"])["body"]["storage"]["value"] == "<p>x</p>"
    again = wiki.call("POST", "/pages", json=sent)
    assert again.status_code == 400
    assert "same TITLE" in error_of(again)
    assert wiki.call("POST", "/pages", json={**sent, "title": "Other", "spaceId": "1"}).status_code == 404


def test_a_deleted_page_is_missing_until_a_write_brings_it_back_as_it_was(wiki: SampleWiki) -> None:
    page_id = wiki.page_id()
    before = wiki.page(page_id)
    assert wiki.call("DELETE", f"/pages/{page_id}").status_code == 204
    assert wiki.call("GET", f"/pages/{page_id}").status_code == 404
    assert wiki.put(page_id, "<p>never taken</p>", 4).status_code == 200
    assert wiki.page(page_id) == before


def test_an_archived_page_can_be_read_but_not_written(wiki: SampleWiki) -> None:
    page_id = wiki.page_id("OKRs Q2 2026")
    assert wiki.page(page_id)["status"] == "archived"
    assert wiki.put(page_id, "<p>x</p>", 2).status_code == 400


def test_the_draft_is_what_somebody_typed_and_a_write_runs_over_it(wiki: SampleWiki) -> None:
    page_id = wiki.page_id()
    published = wiki.page(page_id)["body"]["storage"]["value"]

    def draft() -> str:
        answer = wiki.call("GET", f"/pages/{page_id}?get-draft=true&body-format=storage").get_json()
        assert answer["status"] == "draft"
        return str(answer["body"]["storage"]["value"])

    assert draft() == published
    assert wiki.put(page_id, "<p>typing</p>", 4, roster.PEOPLE[1], status="draft").status_code == 400
    assert wiki.put(page_id, "<p>typing</p>", 1, roster.PEOPLE[1], status="draft").status_code == 200
    assert "typing" in draft()
    assert wiki.page(page_id)["version"]["number"] == 3
    assert wiki.put(page_id, "<p>ours</p>", 4).status_code == 200
    assert draft() == "<p>ours</p>"


def test_who_may_not_see_a_page_cannot_tell_it_from_one_that_is_missing(wiki: SampleWiki) -> None:
    hidden = wiki.call("GET", f"/pages/{wiki.page_id('Sponsors only')}")
    missing = wiki.call("GET", "/pages/1")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.get_json() == missing.get_json()
    found = wiki.call("GET", "/pages?title=Sponsors+only").get_json()["results"]
    assert found == []
    assert wiki.call("GET", "/spaces", roster.LOW).get_json()["results"] == []
    assert wiki.call("GET", f"/pages/{wiki.page_id()}", roster.LOW).status_code == 404


def test_who_may_only_read_gets_404_by_the_space_and_403_by_the_page(wiki: SampleWiki) -> None:
    wiki.accounts.change(roster.SYNC.account_id, may_edit_pages=False)
    assert wiki.page(wiki.page_id())["version"]["number"] == 3
    assert wiki.put(wiki.page_id(), "<p>x</p>", 4).status_code == 404
    assert wiki.call("DELETE", f"/pages/{wiki.page_id()}").status_code == 404
    wiki.accounts.change(roster.SYNC.account_id, may_edit_pages=True)
    wiki.store.all("pages")[wiki.page_id()]["editors"] = ["somebody"]
    assert wiki.put(wiki.page_id(), "<p>x</p>", 4).status_code == 403
    operations = wiki.call("GET", f"/pages/{wiki.page_id()}/operations").get_json()["operations"]
    assert [each["operation"] for each in operations] == ["read"]


def test_each_door_has_its_own_token(wiki: SampleWiki) -> None:
    path = f"{API}/pages/{wiki.page_id()}"
    gateway = f"/ex/confluence/cloud-1{path}"
    classic = (roster.SYNC.email, roster.SYNC.classic_tokens[0])
    scoped = (roster.SYNC.email, roster.SYNC.scoped_tokens[0])
    status = {
        (at, how): wiki.client.get(at, auth=how).status_code for at in (path, gateway) for how in (classic, scoped)
    }
    assert status == {(path, classic): 200, (path, scoped): 401, (gateway, classic): 401, (gateway, scoped): 200}
    assert wiki.client.get(path).status_code == 401


def test_another_title_is_a_version_of_its_own(wiki: SampleWiki) -> None:
    page_id = wiki.page_id()
    answer = wiki.call("PUT", f"/pages/{page_id}/title", json={"status": "current", "title": "OKRs, Q4"})
    assert answer.get_json()["version"]["number"] == 4
    assert wiki.page(page_id)["title"] == "OKRs, Q4"


def test_all_pages_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    store = Store(path)
    for account in roster.ROSTER:
        Accounts(store).save(account)
    wiki_sample.fill(store)
    tables = ("spaces", "pages", "page_versions")
    before = {table: dict(store.all(table)) for table in tables}
    store.close()
    assert {table: Store(path).all(table) for table in tables} == before
