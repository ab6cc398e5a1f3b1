"""The wiki in a browser."""

import re

import pytest
from werkzeug.test import TestResponse

from tests.site import roster
from tests.site.accounts import PERSON_COOKIE
from tests.unit.site.confluence_world import SampleWiki


@pytest.fixture
def wiki() -> SampleWiki:
    return SampleWiki()


def _edit(wiki: SampleWiki, body: str, version: int, button: str = "publish") -> TestResponse:
    address = f"/wiki/spaces/OKR/pages/edit-v2/{wiki.page_id()}"
    form = {"title": "OKRs Q4 2026", "body": body, "version": str(version), "button": button}
    return wiki.client.post(address, data=form)


def _act(wiki: SampleWiki, act: str, **form: str) -> TestResponse:
    return wiki.client.post(f"/wiki/spaces/OKR/acts/{wiki.page_id()}/{act}", data=form, follow_redirects=True)


def _is(wiki: SampleWiki, number: int) -> None:
    wiki.client.set_cookie(PERSON_COOKIE, roster.PEOPLE[number].account_id)


def test_a_page_is_shown_with_its_author_and_leads_to_its_history(wiki: SampleWiki) -> None:
    shown = wiki.client.get(f"/wiki/spaces/OKR/pages/{wiki.page_id()}/OKRs+Q4+2026").text
    assert "Owned by Rosa Klein" in shown
    assert "by Rosa Klein: Notes of 17 Nov · version 3" in shown
    assert '<div class="cf"><p>Three teams' in shown
    assert ">Decisions &amp; definitions</a>" in shown
    history = wiki.client.get(f"/wiki/spaces/OKR/history/{wiki.page_id()}").text
    assert re.findall(r">(\d)</a></td>", history) == ["3", "2", "1"]
    old = wiki.client.get(f"/wiki/spaces/OKR/history/{wiki.page_id()}/2").text
    assert "This is version 2 of 3" in old
    assert "Black Friday" not in old


def test_publishing_makes_a_version_by_the_person_as_the_editor_writes_it(wiki: SampleWiki) -> None:
    _is(wiki, 3)
    assert _edit(wiki, "<table><tbody><tr><td>29</td></tr></tbody></table>", 3).status_code == 303
    page = wiki.page(wiki.page_id())
    assert page["version"]["authorId"] == roster.PEOPLE[3].account_id
    assert page["version"]["number"] == 4
    assert re.search(r'<td ac:local-id="\w+"><p local-id="\w+">29</p></td>', page["body"]["storage"]["value"])


def test_who_was_slower_keeps_the_text_and_sees_the_other_one(wiki: SampleWiki) -> None:
    wiki.put(wiki.page_id(), "<p>by the service</p>", 4)
    answer = _edit(wiki, "<p>typed &amp; kept</p>", 3)
    assert answer.status_code == 409
    assert "OKR sync published version 4 while you were writing" in answer.text
    assert "&lt;p&gt;typed &amp;amp; kept&lt;/p&gt;" in answer.text
    assert "&lt;p&gt;by the service&lt;/p&gt;" in answer.text
    assert 'name="version" value="4"' in answer.text
    assert wiki.page(wiki.page_id())["version"]["number"] == 4


def test_text_that_is_not_well_formed_is_kept_in_the_box(wiki: SampleWiki) -> None:
    answer = _edit(wiki, "<p>typed", 3)
    assert answer.status_code == 400
    assert "This was not published" in answer.text
    assert "&lt;p&gt;typed" in answer.text


def test_a_draft_is_shared_and_gone_after_publishing(wiki: SampleWiki) -> None:
    _is(wiki, 1)
    _edit(wiki, "<p>typed by Ana</p>", 3, button="draft")
    _is(wiki, 2)
    address = f"/wiki/spaces/OKR/pages/{wiki.page_id()}"
    assert "Ana Duarte has typed something here" in wiki.client.get(address).text
    assert "typed by Ana" in wiki.client.get(f"/wiki/spaces/OKR/pages/edit-v2/{wiki.page_id()}").text
    _edit(wiki, "<p>typed by both</p>", 3)
    assert "has typed something" not in wiki.client.get(address).text
    assert "typed by both" in wiki.page(wiki.page_id())["body"]["storage"]["value"]


def test_a_comment_marks_the_words_without_a_new_version(wiki: SampleWiki) -> None:
    _act(wiki, "comment", words="sponsors are welcome")
    page = wiki.page(wiki.page_id())
    assert page["version"]["number"] == 3
    marker = r'<ac:inline-comment-marker ac:ref="[\w-]{36}">sponsors are welcome</ac:inline-comment-marker>'
    assert re.search(marker, page["body"]["storage"]["value"])
    for words in ("percentile_cont", "checkout time"):
        assert "do not stand in one piece" in _act(wiki, "comment", words=words).text
    assert "do not stand in one piece" in _act(wiki, "comment", words="nowhere at all").text


def test_an_old_version_is_published_again_as_a_new_one(wiki: SampleWiki) -> None:
    first = wiki.store.all("page_versions")[f"{wiki.page_id()}/1"]["body"]
    _act(wiki, "restore-version", number="1")
    page = wiki.page(wiki.page_id())
    assert page["version"]["number"] == 4
    assert page["body"]["storage"]["value"] == first


def test_a_copy_has_macro_ids_of_its_own(wiki: SampleWiki) -> None:
    _act(wiki, "copy")
    ids = [set(re.findall('macro-id="([^"]*)"', wiki.page(wiki.page_id(title))["body"]["storage"]["value"]))
           for title in ("OKRs Q4 2026", "Copy of OKRs Q4 2026")]  # fmt: skip
    assert all(ids)
    assert not ids[0] & ids[1]


def test_archive_delete_and_restore(wiki: SampleWiki) -> None:
    page_id = wiki.page_id()
    _act(wiki, "archive")
    assert wiki.page(page_id)["status"] == "archived"
    _act(wiki, "restore")
    assert "This page is in the trash" in _act(wiki, "delete").text
    assert wiki.call("GET", f"/pages/{page_id}").status_code == 404
    _act(wiki, "restore")
    assert wiki.page(page_id)["version"]["number"] == 3


def test_only_i_may_edit_and_everybody_again(wiki: SampleWiki) -> None:
    _act(wiki, "restrict")
    assert wiki.put(wiki.page_id(), "<p>x</p>", 4).status_code == 403
    _act(wiki, "open")
    assert wiki.put(wiki.page_id(), "<p>x</p>", 4).status_code == 200
    _act(wiki, "restrict")
    _is(wiki, 4)
    assert _act(wiki, "delete").status_code == 403
    assert wiki.client.get(f"/wiki/spaces/OKR/pages/edit-v2/{wiki.page_id()}").status_code == 403
    _is(wiki, 0)
    _act(wiki, "restrict", viewing="yes")
    _is(wiki, 4)
    assert wiki.client.get(f"/wiki/spaces/OKR/pages/{wiki.page_id()}").status_code == 404


def test_a_page_that_is_watched_tells_when_it_changed(wiki: SampleWiki) -> None:
    address = f"/_site/version?of=page/{wiki.page_id()}"
    before = wiki.client.get(address).get_json()
    assert wiki.client.get(address).get_json() == before
    wiki.put(wiki.page_id(), "<p>x</p>", 4)
    assert wiki.client.get(address).get_json() != before


@pytest.mark.parametrize("address", ["/wiki/spaces/NONE", "/wiki/spaces/OKR/pages/1", "/wiki/spaces/OKR/pages/1/x"])
def test_what_is_not_there_is_said_in_plain_words(wiki: SampleWiki, address: str) -> None:
    answer = wiki.client.get(address)
    assert answer.status_code == 404
    assert "There is no such page for you" in answer.text


def test_a_page_is_shown_in_its_own_space_only(wiki: SampleWiki) -> None:
    assert wiki.client.get(f"/wiki/spaces/ENG/pages/{wiki.page_id()}").status_code == 404


def test_spaces_and_their_pages_are_listed(wiki: SampleWiki) -> None:
    assert "/wiki/spaces/ENG" in wiki.client.get("/wiki").text
    listed = wiki.client.get("/wiki/spaces/OKR").text
    assert "OKRs Q4 2026" in listed
    assert "On-call handbook" not in listed
    by_id = wiki.client.get(f"/wiki/pages/viewpage.action?pageId={wiki.page_id()}")
    assert by_id.location.endswith(f"/wiki/spaces/OKR/pages/{wiki.page_id()}/OKRs+Q4+2026")
