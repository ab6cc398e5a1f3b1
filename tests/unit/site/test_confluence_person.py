"""A person's acts at a running site, as other tests use them."""

import re
from collections.abc import Iterator

import pytest

from tests.site.confluence_person import WikiPerson
from tests.site.roster import OTHER_ANA, PEOPLE, SYNC, TIDY_BOT
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


KEY = "okr-pay"
TABLE = (
    f'<ac:structured-macro ac:name="details"><ac:parameter ac:name="id">{KEY}</ac:parameter><ac:rich-text-body>'
    "<table><tbody><tr><th><p>Key result</p></th><th><p>Now</p></th></tr>"
    "<tr><td><p>b-row</p></td><td><p>29</p></td></tr><tr><td><p>a-row</p></td><td><p>7</p></td></tr>"
    "</tbody></table></ac:rich-text-body></ac:structured-macro>"
)


@pytest.fixture
def with_table(site: Site, page_id: str) -> str:
    site.edit_page(page_id, lambda body: body + TABLE)
    return page_id


def test_a_copied_table_has_a_macro_id_of_its_own(site: Site, with_table: str) -> None:
    WikiPerson(site.url, PEOPLE[1]).copy_table(with_table, KEY)
    body = site.body(with_table)
    assert body.count(f">{KEY}<") == 2
    assert len(set(re.findall('macro-id="([^"]*)"', body))) == 2


def test_rows_are_sorted_doubled_and_typed_into(site: Site, with_table: str) -> None:
    ana = WikiPerson(site.url, OTHER_ANA)
    ana.sort_rows(with_table, KEY, 0)
    assert site.body(with_table).index("a-row") < site.body(with_table).index("b-row")
    ana.double_row(with_table, KEY, "a-row")
    assert site.body(with_table).count("a-row") == 2
    ana.type_in_cell(with_table, KEY, "b-row", 1, "3 < 4")
    ana.rename_header(with_table, KEY, 1, "Ist")
    body = site.body(with_table)
    assert "3 &lt; 4" in body
    assert ">29<" not in body
    assert ">Ist</p></th>" in body
    assert site.page(with_table)["version"]["authorId"] == OTHER_ANA.account_id


def test_a_page_is_copied_and_an_old_version_comes_back(site: Site, with_table: str) -> None:
    ana = WikiPerson(site.url, PEOPLE[1])
    copy = ana.copy_page(with_table)
    assert copy != with_table
    assert KEY in site.body(copy)
    ana.restore_version(with_table, 1)
    assert KEY not in site.body(with_table)
    assert site.versions(with_table)[0]["message"] == "Reverted from v. 1"


def test_an_old_version_has_the_comments_that_came_before_the_next_one(site: Site, page_id: str) -> None:
    WikiPerson(site.url, PEOPLE[1]).comment(page_id, "here")
    site.edit_page(page_id, lambda _: "<p>all new</p>", by=TIDY_BOT)
    query = {"version": "1", "body-format": "storage"}
    old = site.confluence("GET", f"/pages/{page_id}", params=query).json()
    assert "ac:inline-comment-marker" in old["body"]["storage"]["value"]
    assert old["version"]["number"] == 1
    assert site.page(page_id)["version"]["authorId"] == TIDY_BOT.account_id
