"""A person's acts at a running site, as other tests use them."""

from collections.abc import Iterator

import pytest

from tests.site.confluence_person import WikiPerson
from tests.site.roster import PEOPLE, SYNC
from tests.site.running import Site, start_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with start_site(tmp_path_factory.mktemp("site"), world="generated:1x1") as running:
        yield running


@pytest.fixture
def page_id(site: Site, request: pytest.FixtureRequest) -> str:
    return site.create_page("OKR", f"Page of {request.node.name}", "<p>Words &uuml; <em>here</em></p>")


def test_a_person_publishes_what_the_editor_makes_of_it(site: Site, page_id: str) -> None:
    mei = WikiPerson(site.url, PEOPLE[3])
    assert mei.publish(page_id, lambda text: text.replace("here", "there & <b>now</b>".replace("&", "&amp;"))) == 200
    assert "<em>there &amp; <strong>now</strong></em></p>" in site.body(page_id)
    assert "local-id" in site.body(page_id)
    assert site.page(page_id)["version"]["authorId"] == PEOPLE[3].account_id


def test_who_was_slower_is_told_so(site: Site, page_id: str) -> None:
    def slowly(text: str) -> str:
        site.edit_page(page_id, lambda _: "<p>faster</p>", by=SYNC)
        return text + "<p>slower</p>"

    assert WikiPerson(site.url, PEOPLE[3]).publish(page_id, slowly) == 409
    assert site.body(page_id) == "<p>faster</p>"


def test_a_draft_changes_no_version(site: Site, page_id: str) -> None:
    ana = WikiPerson(site.url, PEOPLE[1])
    ana.keep_draft(page_id, lambda text: text + "<p>typing</p>")
    assert "typing" not in site.body(page_id)
    draft = site.confluence("GET", f"/pages/{page_id}?get-draft=true&body-format=storage").json()
    assert "typing" in draft["body"]["storage"]["value"]
    ana.discard_draft(page_id)
    draft = site.confluence("GET", f"/pages/{page_id}?get-draft=true&body-format=storage").json()
    assert draft["body"]["storage"]["value"] == site.body(page_id)


def test_a_comment_stands_in_the_body_of_the_same_version(site: Site, page_id: str) -> None:
    WikiPerson(site.url, PEOPLE[1]).comment(page_id, "here")
    assert "<em><ac:inline-comment-marker" in site.body(page_id)
    assert site.page(page_id)["version"]["number"] == 1
    with pytest.raises(AssertionError, match="refused"):
        WikiPerson(site.url, PEOPLE[1]).comment(page_id, "nowhere")


def test_everything_is_there_after_a_kill(site: Site, page_id: str) -> None:
    WikiPerson(site.url, PEOPLE[1]).act(page_id, "archive")
    before = site.page(page_id)
    site.kill()
    site.restart()
    assert site.page(page_id) == before
    assert before["status"] == "archived"
