"""What becomes of an open draft when the page under it is written."""

import pytest

from tests.site import roster
from tests.site.draft_merge import merged
from tests.unit.site.confluence_world import SampleWiki

ROWS = "<tr><td><p>a</p></td><td><p>1</p></td></tr><tr><td><p>b</p></td><td><p>2</p></td></tr>"
BEFORE = f"<p>top</p><table><tbody>{ROWS}</tbody></table><p>end</p>"


@pytest.mark.parametrize(
    ("draft", "written", "result"),
    [
        (BEFORE, BEFORE.replace("1", "9"), BEFORE.replace("1", "9")),
        (BEFORE.replace("top", "TOP"), BEFORE.replace("1", "9"), BEFORE.replace("1", "9").replace("top", "TOP")),
        (BEFORE.replace("2", "22"), BEFORE.replace("1", "9"), BEFORE.replace("1", "9").replace("2", "22")),
        (BEFORE.replace("1", "11"), BEFORE.replace("1", "9"), BEFORE.replace("1", "9")),
        ("<p>new</p>" + BEFORE, BEFORE.replace("end", "END"), "<p>new</p>" + BEFORE.replace("end", "END")),
        (BEFORE.replace("<p>end</p>", ""), BEFORE.replace("1", "9"), BEFORE.replace("1", "9")[:-10]),
        (BEFORE + "<p>mine</p>", BEFORE + "<p>theirs</p>", BEFORE + "<p>mine</p><p>theirs</p>"),
    ],
)
def test_changes_that_do_not_meet_are_both_kept(draft: str, written: str, result: str) -> None:
    assert merged(BEFORE, draft, written) == result


def test_ids_that_saving_gives_are_no_changes() -> None:
    draft = BEFORE.replace("<p>", '<p local-id="0">')
    assert merged(BEFORE, draft, BEFORE.replace("1", "9")) == BEFORE.replace("1", "9")


@pytest.mark.parametrize(("setting", "kept"), [("override", False), ("merge", True)])
def test_a_site_is_told_what_a_write_does_to_the_draft(setting: str, kept: bool) -> None:
    wiki = SampleWiki()
    page_id = wiki.page_id()
    assert wiki.client.post("/_site/drafts", json={"on_rest_write": "explode"}).status_code == 400
    assert wiki.client.post("/_site/drafts", json={"on_rest_write": setting}).status_code == 204
    body = wiki.page(page_id)["body"]["storage"]["value"]
    wiki.put(page_id, body + "<p>typing</p>", 1, roster.PEOPLE[1], status="draft")
    assert wiki.put(page_id, body.replace("Three teams", "Four teams"), 4).status_code == 200
    draft = wiki.call("GET", f"/pages/{page_id}?get-draft=true&body-format=storage").get_json()
    text = draft["body"]["storage"]["value"]
    assert "Four teams" in text
    assert ("typing" in text) is kept
