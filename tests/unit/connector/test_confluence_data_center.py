"""What the Confluence Data Center client asks for and writes, and which answers it takes for whole ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from connector.confluence_data_center import WEBHOOK_EVENTS
from connector.errors import Gone, Rejected, Unauthorized, Unavailable
from connector.site_answers import Page, PageVersion, SiteAccount, SiteUser, Space, Webhook
from tests.unit.connector.recorded_calls import SITE, TOKEN, Counted, data_center_at

CONTENT = f"{SITE}/rest/api/content/77"
WHOLE = "body.storage,version,space"
NOT_THERE = {"statusCode": 404, "data": {"authorized": False}, "message": "No content found with id"}
NO_SUCH_ADDRESS = {"status-code": 404, "message": "null for uri: /rest/experimental/content/77/version"}
ROSA = {"type": "known", "username": "rosa", "userKey": "ff80", "displayName": "Rosa Klee"}
PAGE_JSON: dict[str, Any] = {
    "id": "77",
    "type": "page",
    "status": "current",
    "title": "OKRs & <more>",
    "space": {"id": 98305, "key": "OKR", "name": "OKRs", "type": "global"},
    "version": {
        "by": ROSA,
        "when": "2026-11-22T10:40:00.426+01:00",
        "message": "said",
        "number": 4,
        "minorEdit": False,
    },
    "body": {"storage": {"representation": "storage", "value": "<p>x</p>"}},
    "_links": {"webui": "/spaces/OKR/pages/77/OKRs", "base": "https://evil.example"},
}
PAGE = Page(
    "77", "98305", "OKRs & <more>", "current", 4, "ff80", "<p>x</p>", "", f"{SITE}/spaces/OKR/pages/77/OKRs",
    datetime(2026, 11, 22, 9, 40, 0, 426000, UTC), "said",
)  # fmt: skip


def without(name: str, within: str | None = None) -> dict[str, Any]:
    """The page's JSON without one field."""
    found: dict[str, Any] = json.loads(json.dumps(PAGE_JSON))
    del (found[within] if within else found)[name]
    return found


def at_version(number: int, **changes: Any) -> dict[str, Any]:
    return {**PAGE_JSON, "version": {**PAGE_JSON["version"], "number": number}, **changes}


def asked(**query: Any) -> Any:
    return query_param_matcher({name: str(value) for name, value in query.items()})


def sent() -> Any:
    """The JSON of the last request."""
    return json.loads(responses.calls[-1].request.body or "null")


@responses.activate
def test_a_page_as_it_is_now_is_asked_for_with_the_token_alone() -> None:
    responses.get(CONTENT, json=PAGE_JSON, match=[asked(expand=WHOLE)])
    assert data_center_at(SITE).read("77") == PAGE
    assert responses.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"


@responses.activate
def test_a_site_below_a_path_is_called_and_shown_there() -> None:
    responses.get(f"{SITE}/confluence/rest/api/content/77", json=PAGE_JSON)
    assert data_center_at(f"{SITE}/confluence").read("77").url == f"{SITE}/confluence/spaces/OKR/pages/77/OKRs"


@pytest.mark.parametrize("webui", ["//evil.example/x", "https://evil.example/x", "javascript:alert(1)", ""])
@responses.activate
def test_the_address_of_a_page_is_always_on_its_own_site(webui: str) -> None:
    responses.get(CONTENT, json={**PAGE_JSON, "_links": {"webui": webui}})
    assert data_center_at(SITE).read("77").url == f"{SITE}/pages/viewpage.action?pageId=77"


@pytest.mark.parametrize(
    "answer",
    [
        without("type"),
        without("status"),
        without("space"),
        without("version"),
        without("body"),
        without("number", "version"),
        without("storage", "body"),
        {**PAGE_JSON, "version": {"number": "4"}},
        {**PAGE_JSON, "body": {"storage": {"value": None}}},
    ],
)
@responses.activate
def test_a_page_that_is_not_whole_is_none(answer: object) -> None:
    responses.get(CONTENT, json=answer)
    with pytest.raises(Unavailable, match="not complete"):
        data_center_at(SITE).read("77")


@responses.activate
def test_a_blog_post_is_no_page() -> None:
    responses.get(CONTENT, json={**PAGE_JSON, "type": "blogpost"})
    with pytest.raises(Gone, match="not a page"):
        data_center_at(SITE).read("77")


@responses.activate
def test_a_version_made_by_nobody_has_no_author() -> None:
    version = {"number": 4, "by": {"type": "anonymous", "displayName": "Anonymous"}}
    responses.get(CONTENT, json={**PAGE_JSON, "version": version})
    page = data_center_at(SITE).read("77")
    assert (page.author_id, page.at, page.message) == ("", None, "")


@responses.activate
def test_the_open_draft_or_else_the_page() -> None:
    draft = asked(expand=WHOLE, status="draft")
    responses.get(CONTENT, json=at_version(1, id="4242", status="draft"), match=[draft])
    found = data_center_at(SITE).read_draft("77")
    assert (found.status, found.page_id) == ("draft", "77")
    responses.replace("GET", CONTENT, status=404, json=NOT_THERE, match=[draft])
    responses.get(CONTENT, json=PAGE_JSON, match=[asked(expand=WHOLE)])
    assert data_center_at(SITE).read_draft("77").status == "current"
    responses.replace("GET", CONTENT, status=503, match=[draft])
    with pytest.raises(Unavailable):
        data_center_at(SITE).read_draft("77")


class TestOldVersion:
    """The page as it was at one version."""

    @responses.activate
    def test_is_asked_for_as_a_historical_one(self) -> None:
        old = at_version(3, id="9999", status="historical")
        responses.get(CONTENT, json=old, match=[asked(expand=WHOLE, status="historical", version=3)])
        found = data_center_at(SITE).read_version("77", 3)
        assert (found.version, found.page_id, found.status) == (3, "77", "historical")

    @responses.activate
    def test_the_present_one_may_not_be_a_historical_one(self) -> None:
        responses.get(CONTENT, status=404, json=NOT_THERE, match=[asked(expand=WHOLE, status="historical", version=4)])
        responses.get(CONTENT, json=PAGE_JSON, match=[asked(expand=WHOLE)])
        assert data_center_at(SITE).read_version("77", 4) == PAGE

    @responses.activate
    def test_one_that_was_deleted_is_gone(self) -> None:
        responses.get(CONTENT, status=404, json=NOT_THERE, match=[asked(expand=WHOLE, status="historical", version=2)])
        responses.get(CONTENT, json=PAGE_JSON, match=[asked(expand=WHOLE)])
        with pytest.raises(Gone, match="No content found"):
            data_center_at(SITE).read_version("77", 2)

    @responses.activate
    def test_another_one_than_asked_for_is_none(self) -> None:
        responses.get(CONTENT, json=PAGE_JSON)
        with pytest.raises(Unavailable, match="Version 3"):
            data_center_at(SITE).read_version("77", 3)


class TestWriting:
    """Always a minor edit, at exactly the next version."""

    @responses.activate
    def test_is_one_call_that_mails_nobody(self) -> None:
        responses.put(CONTENT, json=at_version(5))
        counted = Counted()
        page = replace(PAGE, title="Renamed by a person")
        assert data_center_at(SITE, counted=counted).write(page, "<p>Ä ]]&gt;</p>", "PAY-412 7 of 12 done") == 5
        assert sent() == {
            "id": "77",
            "type": "page",
            "status": "current",
            "title": "Renamed by a person",
            "body": {"storage": {"representation": "storage", "value": "<p>Ä ]]&gt;</p>"}},
            "version": {"number": 5, "message": "PAY-412 7 of 12 done", "minorEdit": True},
        }
        assert counted.calls == [("PUT", "/rest/api/content/{}", 200)]

    @pytest.mark.parametrize("answer", [{"version": {"number": 4}}, {"version": {"number": 6}}, {"version": {}}, {}])
    @responses.activate
    def test_an_answer_that_fits_not_is_unknown(self, answer: object) -> None:
        responses.put(CONTENT, json=answer)
        with pytest.raises(Unavailable):
            data_center_at(SITE).write(PAGE, "<p/>", "")

    @pytest.mark.parametrize("status", ["draft", "trashed", "historical"])
    @responses.activate
    def test_only_a_published_page_is_written(self, status: str) -> None:
        with pytest.raises(Rejected, match=status):
            data_center_at(SITE).write(replace(PAGE, status=status), "<p/>", "")
        assert len(responses.calls) == 0


def version_rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"number": n, "by": ROSA, "when": "2026-11-22T10:40:02.123+01:00", "message": f"m{n}"} for n in numbers]


EXPERIMENTAL = f"{SITE}/rest/experimental/content/77/version"
STABLE = f"{SITE}/rest/api/content/77/version"


class TestVersions:
    """The versions since one that we know."""

    @responses.activate
    def test_are_walked_no_further_than_needed(self) -> None:
        more = {"_links": {"next": "https://evil.example/rest/experimental?start=1000"}}
        responses.get(EXPERIMENTAL, json={"results": version_rows(9, 8), **more}, match=[asked(start=0, limit=250)])
        second = asked(start=2, limit=250)
        responses.get(EXPERIMENTAL, json={"results": version_rows(7, 6, 5), **more}, match=[second])
        found = data_center_at(SITE).versions("77", after=6)
        assert [one.number for one in found] == [7, 8, 9]
        assert found[0] == PageVersion(7, "ff80", datetime(2026, 11, 22, 9, 40, 2, 123000, UTC), "m7")
        assert len(responses.calls) == 2

    @pytest.mark.parametrize("answer", [NOT_THERE, NO_SUCH_ADDRESS])
    @responses.activate
    def test_a_release_without_the_first_address_is_asked_at_the_other(self, answer: object) -> None:
        responses.get(EXPERIMENTAL, status=404, json=answer)
        responses.get(STABLE, json={"results": version_rows(7)})
        assert [one.number for one in data_center_at(SITE).versions("77", after=6)] == [7]

    @responses.activate
    def test_a_page_that_is_gone_is_gone_although_the_other_address_is_not_there(self) -> None:
        responses.get(EXPERIMENTAL, status=404, json=NOT_THERE)
        responses.get(STABLE, status=404, json=NO_SUCH_ADDRESS)
        with pytest.raises(Gone, match="No content found"):
            data_center_at(SITE).versions("77", after=6)

    @responses.activate
    def test_a_list_that_never_ends_is_given_up(self) -> None:
        answer = {"results": version_rows(9), "_links": {"next": "/more"}}
        responses.get(EXPERIMENTAL, json=answer)
        responses.get(STABLE, json=answer)
        with pytest.raises(Unavailable, match="does not come to an end"):
            data_center_at(SITE).versions("77", after=6)
        assert len(responses.calls) == 80

    @responses.activate
    def test_a_list_that_promises_more_and_gives_nothing_is_given_up_at_once(self) -> None:
        responses.get(f"{SITE}/rest/api/space", json={"results": [], "_links": {"next": "/more"}})
        with pytest.raises(Unavailable, match="does not come to an end"):
            data_center_at(SITE).spaces()
        assert len(responses.calls) == 1


@responses.activate
def test_present_versions_are_asked_250_at_a_time() -> None:
    responses.get(f"{SITE}/rest/api/content/search", json={"results": [{"id": "3", "version": {"number": 8}}]})
    assert data_center_at(SITE).present_versions([str(n) for n in range(1, 252)]) == {"3": 8}
    queries = [call.request.params for call in responses.calls]  # type: ignore[attr-defined]
    assert [len(one["cql"].split(",")) for one in queries] == [250, 1]
    assert queries[1] == {"cql": "id in (251)", "expand": "version", "start": "0", "limit": "250"}
    assert data_center_at(SITE).present_versions([]) == {}


@responses.activate
def test_accounts_are_asked_one_by_one_and_unknown_ones_left_out() -> None:
    users = f"{SITE}/rest/api/user"
    responses.get(users, json=ROSA, match=[asked(key="ff80")])
    responses.get(users, status=404, json=NOT_THERE, match=[asked(key="gone")])
    responses.get(users, json={"type": "unknown", "userKey": "left"}, match=[asked(key="left")])
    assert data_center_at(SITE).accounts(["ff80", "gone", "left"]) == (
        SiteAccount("ff80", "Rosa Klee", "person"),
        SiteAccount("left", "", "unknown"),
    )


@responses.activate
def test_who_we_are_and_that_we_are_somebody() -> None:
    url = f"{SITE}/rest/api/user/current"
    responses.get(url, json=ROSA)
    assert data_center_at(SITE).current_user() == SiteUser("ff80", "rosa", "Rosa Klee")
    responses.replace("GET", url, json={"type": "anonymous", "displayName": "Anonymous"})
    with pytest.raises(Unauthorized, match="not signed in"):
        data_center_at(SITE).current_user()


@pytest.mark.parametrize(
    ("answer", "may"),
    [
        ({"operations": [{"operation": "read", "targetType": "page"}]}, False),
        ({"operations": [{"operation": "update", "targetType": "page"}]}, True),
        ({"operations": [{"operation": "update", "targetType": "space"}]}, False),
        ({"operations": []}, False),
        ({}, True),
    ],
)
@responses.activate
def test_whether_the_account_may_edit(answer: dict[str, Any], may: bool) -> None:
    responses.get(CONTENT, json={"id": "77", "type": "page", **answer}, match=[asked(expand="operations")])
    assert data_center_at(SITE).may_edit("77") is may


@responses.activate
def test_the_spaces_that_the_account_sees() -> None:
    responses.get(f"{SITE}/rest/api/space", json={"results": [{"id": 98305, "key": "OKR", "name": "OKRs"}]})
    assert data_center_at(SITE).spaces() == (Space("98305", "OKR", "OKRs"),)


HOOK: dict[str, Any] = {
    "id": 5, "name": "OKR", "url": "https://okr.example/x", "active": True, "events": list(WEBHOOK_EVENTS),
    "configuration": {"secret": "s"},
}  # fmt: skip


class TestWebhooks:
    """Registered with a secret, for the whole site."""

    @responses.activate
    def test_one_is_registered(self) -> None:
        responses.post(f"{SITE}/rest/api/webhooks", status=201, json=HOOK)
        made = data_center_at(SITE).register_webhook("OKR", "https://okr.example/x", WEBHOOK_EVENTS, "hook-secret")
        assert made == Webhook("5", "OKR", "https://okr.example/x", WEBHOOK_EVENTS, True, True)
        assert sent() == {
            "name": "OKR",
            "url": "https://okr.example/x",
            "events": ["page_updated", "page_restored", "page_trashed", "page_removed"],
            "active": True,
            "configuration": {"secret": "hook-secret"},
        }

    @pytest.mark.parametrize("name", ["values", "results"])
    @responses.activate
    def test_those_that_are_there(self, name: str) -> None:
        unsigned = {**HOOK, "active": False, "configuration": {}}
        responses.get(f"{SITE}/rest/api/webhooks", json={name: [unsigned], "isLastPage": True})
        (found,) = data_center_at(SITE).webhooks()
        assert (found.enabled, found.is_signed) == (False, False)
