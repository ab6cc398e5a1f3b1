"""What the Confluence client asks for and writes, and which answers it takes for whole ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from connector.errors import Gone, Unavailable
from connector.site_answers import PageVersion, Space
from tests.unit.connector.every_call import PAGE
from tests.unit.connector.recorded_calls import SITE, Counted, confluence_at

PAGES = f"{SITE}/wiki/api/v2/pages"
SPACES = f"{SITE}/wiki/api/v2/spaces"
PAGE_JSON: dict[str, Any] = {
    "id": "77",
    "status": "current",
    "title": "OKRs & <more>",
    "spaceId": "9",
    "version": {"number": 4, "authorId": "me", "createdAt": "2026-11-22T09:40:00.000Z"},
    "body": {"storage": {"representation": "storage", "value": "<p>x</p>"}},
    "subtype": None,
    "_links": {"webui": "/spaces/OKR/pages/77/OKRs", "base": "https://evil.example/wiki"},
}


def without(name: str, within: str | None = None) -> dict[str, Any]:
    """The page's JSON without one field."""
    found: dict[str, Any] = json.loads(json.dumps(PAGE_JSON))
    del (found[within] if within else found)[name]
    return found


def sent() -> Any:
    """The JSON of the last request."""
    return json.loads(responses.calls[-1].request.body or "null")


@responses.activate
def test_a_page_as_it_is_now() -> None:
    responses.get(f"{PAGES}/77", json=PAGE_JSON, match=[query_param_matcher({"body-format": "storage"})])
    page = confluence_at(SITE).read("77")
    assert page == replace(PAGE, title="OKRs & <more>", url=f"{SITE}/wiki/spaces/OKR/pages/77/OKRs")


@pytest.mark.parametrize("webui", ["//evil.example/x", "https://evil.example/x", "javascript:alert(1)", ""])
@responses.activate
def test_the_address_of_a_page_is_always_on_its_own_site(webui: str) -> None:
    responses.get(f"{PAGES}/77", json={**PAGE_JSON, "_links": {"webui": webui}})
    assert confluence_at(SITE).read("77").url == f"{SITE}/wiki/pages/viewpage.action?pageId=77"


@pytest.mark.parametrize(
    "answer",
    [
        without("id"),
        without("status"),
        without("spaceId"),
        without("version"),
        without("body"),
        without("number", "version"),
        without("storage", "body"),
        {**PAGE_JSON, "version": {"number": "4"}},
        {**PAGE_JSON, "body": {"storage": {"value": None}}},
        {**PAGE_JSON, "body": {}},
    ],
)
@responses.activate
def test_a_page_that_is_not_whole_is_none(answer: object) -> None:
    responses.get(f"{PAGES}/77", json=answer)
    with pytest.raises(Unavailable, match="not complete"):
        confluence_at(SITE).read("77")


@responses.activate
def test_an_empty_page_is_whole() -> None:
    responses.get(f"{PAGES}/77", json={**PAGE_JSON, "body": {"storage": {"value": ""}}})
    assert confluence_at(SITE).read("77").body == ""


@responses.activate
def test_the_open_draft_or_else_the_page() -> None:
    draft = {**PAGE_JSON, "status": "draft", "version": {"number": 1}}
    asked = query_param_matcher({"body-format": "storage", "get-draft": "true"})
    responses.get(f"{PAGES}/77", json=draft, match=[asked])
    assert confluence_at(SITE).read_draft("77").status == "draft"
    responses.replace("GET", f"{PAGES}/77", status=404, json={"errors": []}, match=[asked])
    responses.get(f"{PAGES}/77", json=PAGE_JSON, match=[query_param_matcher({"body-format": "storage"})])
    assert confluence_at(SITE).read_draft("77").status == "current"
    responses.replace("GET", f"{PAGES}/77", status=503, match=[asked])
    with pytest.raises(Unavailable):
        confluence_at(SITE).read_draft("77")


@responses.activate
def test_a_write_is_one_call_at_the_version_read_and_one_more() -> None:
    responses.put(f"{PAGES}/77", json={**PAGE_JSON, "version": {"number": 5}})
    counted = Counted()
    page = replace(PAGE, title="Renamed by a person")
    assert confluence_at(SITE, counted=counted).write(page, "<p>Ä ]]&gt;</p>", "PAY-412 7 of 12 done") == 5
    assert sent() == {
        "id": "77",
        "status": "current",
        "title": "Renamed by a person",
        "body": {"representation": "storage", "value": "<p>Ä ]]&gt;</p>"},
        "version": {"number": 5, "message": "PAY-412 7 of 12 done"},
    }
    assert counted.calls == [("PUT", "/wiki/api/v2/pages/{}", 200)]


@pytest.mark.parametrize("answer", [{"version": {"number": 4}}, {"version": {"number": 6}}, {"version": {}}, {}])
@responses.activate
def test_a_write_whose_answer_fits_not_is_unknown(answer: object) -> None:
    responses.put(f"{PAGES}/77", json=answer)
    with pytest.raises(Unavailable):
        confluence_at(SITE).write(PAGE, "<p/>", "")


def _versions(*numbers: int) -> list[dict[str, object]]:
    return [
        {"number": n, "authorId": f"a{n}", "createdAt": "2026-11-22T09:40:02.123Z", "message": f"m{n}"} for n in numbers
    ]


@responses.activate
def test_the_versions_since_are_walked_no_further_than_needed() -> None:
    url = f"{PAGES}/77/versions"
    first = {"sort": "-modified-date", "limit": "50"}
    following = {"_links": {"next": "/wiki/api/v2/pages/77/versions?cursor=c%3D1%26&limit=50"}}
    responses.get(url, json={"results": _versions(9, 8), **following}, match=[query_param_matcher(first)])
    second = query_param_matcher({**first, "cursor": "c=1&"})
    responses.get(url, json={"results": _versions(7, 6, 5), **following}, match=[second])
    found = confluence_at(SITE).versions("77", after=6)
    assert [one.number for one in found] == [7, 8, 9]
    assert found[0] == PageVersion(7, "a7", datetime(2026, 11, 22, 9, 40, 2, 123000, UTC), "m7")
    assert len(responses.calls) == 2


@pytest.mark.parametrize("at", [None, "", "yesterday", "2026-11-22T09:40:02.123", 5])
@responses.activate
def test_a_version_without_its_time_is_not_whole(at: object) -> None:
    responses.get(f"{PAGES}/77/versions", json={"results": [{"number": 5, "createdAt": at}]})
    with pytest.raises(Unavailable, match="createdAt"):
        confluence_at(SITE).versions("77", after=4)


@responses.activate
def test_present_versions_are_asked_250_at_a_time() -> None:
    responses.get(PAGES, json={"results": [{"id": "3", "version": {"number": 8}}]})
    found = confluence_at(SITE).present_versions([str(n) for n in range(1, 252)])
    assert found == {"3": 8}
    asked = [call.request.params for call in responses.calls]  # type: ignore[attr-defined]
    assert [len(one["id"].split(",")) for one in asked] == [250, 1]
    assert confluence_at(SITE).present_versions([]) == {}
    assert len(responses.calls) == 2


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/wiki/api/v2/spaces?cursor=2", "/wiki/api/v2/spaces?limit=250&cursor=2", "?cursor=2"],
)
@responses.activate
def test_only_the_cursor_is_taken_from_the_link_to_the_rest(following: str) -> None:
    responses.get(SPACES, json={"results": [{"id": "1", "key": "A"}], "_links": {"next": following}},
                  match=[query_param_matcher({"limit": "250"})])  # fmt: skip
    responses.get(SPACES, json={"results": [{"id": "2", "key": "B", "name": "Bee"}], "_links": {}},
                  match=[query_param_matcher({"limit": "250", "cursor": "2"})])  # fmt: skip
    assert confluence_at(SITE).spaces() == (Space("1", "A", ""), Space("2", "B", "Bee"))


@pytest.mark.parametrize("following", ["/wiki/api/v2/spaces?cursor=1", "/wiki/api/v2/spaces?page=2", 7])
@responses.activate
def test_a_list_without_an_end_is_none(following: object) -> None:
    responses.get(SPACES, json={"results": [], "_links": {"next": following}})
    with pytest.raises(Unavailable):
        confluence_at(SITE).spaces()
    assert len(responses.calls) <= 2


@responses.activate
def test_a_list_that_never_ends_is_given_up() -> None:
    def more(request: Any) -> tuple[int, dict[str, str], str]:
        number = int(request.params.get("cursor", 0)) + 1
        return 200, {}, json.dumps({"results": [], "_links": {"next": f"?cursor={number}"}})

    responses.add_callback("GET", SPACES, more)
    with pytest.raises(Unavailable, match="does not come to an end"):
        confluence_at(SITE).spaces()
    assert len(responses.calls) == 40


@responses.activate
def test_a_title_is_compared_exactly_and_an_error_is_not_nothing() -> None:
    responses.get(PAGES, json={"results": [PAGE_JSON]})
    client = confluence_at(SITE)
    assert client.page_by_title("9", "okrs & <more>") is None
    found = client.page_by_title("9", "OKRs & <more>")
    assert found is not None
    assert found.body == "<p>x</p>"
    asked = responses.calls[-1].request.params  # type: ignore[attr-defined]
    assert asked["title"] == "OKRs & <more>"
    assert asked["status"] == "current"


@responses.activate
def test_a_new_page_stands_where_it_was_asked_for() -> None:
    responses.post(PAGES, json={"id": "88"})
    client = confluence_at(SITE)
    assert client.create_page("9", "New", "<p/>") == "88"
    assert sent() == {
        "spaceId": "9",
        "status": "current",
        "title": "New",
        "body": {"representation": "storage", "value": "<p/>"},
    }
    client.create_page("9", "New", "<p/>", parent_id="77")
    assert sent()["parentId"] == "77"


@pytest.mark.parametrize(
    ("operations", "may"),
    [
        ([{"operation": "read", "targetType": "page"}], False),
        ([{"operation": "read", "targetType": "page"}, {"operation": "update", "targetType": "page"}], True),
        ([{"operation": "update", "targetType": "space"}], False),
        ([], False),
    ],
)
@responses.activate
def test_whether_the_account_may_edit(operations: list[dict[str, str]], may: bool) -> None:
    responses.get(f"{PAGES}/77/operations", json={"operations": operations})
    assert confluence_at(SITE).may_edit("77") is may


@responses.activate
def test_a_space_of_another_key_is_not_the_one() -> None:
    responses.get(SPACES, json={"results": [{"id": "1", "key": "okr"}]})
    with pytest.raises(Gone):
        confluence_at(SITE).space_by_key("OKR")
