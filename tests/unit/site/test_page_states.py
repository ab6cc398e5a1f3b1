"""What happens to a page as a whole, and what the interface says about it."""

import pytest
from werkzeug.test import TestResponse

from tests.site import roster
from tests.unit.site.confluence_world import SampleWiki


@pytest.fixture
def wiki() -> SampleWiki:
    return SampleWiki()


PAGE = "65542"  # OKRs Q4 2026, the third page of the sample


def _act(wiki: SampleWiki, act: str, **form: str) -> TestResponse:
    return wiki.client.post(f"/wiki/spaces/OKR/acts/{PAGE}/{act}", data=form, follow_redirects=True)


def test_a_page_that_moves_keeps_its_id_and_versions(wiki: SampleWiki) -> None:
    before = wiki.page(PAGE)
    shown = _act(wiki, "move", space="OKR")
    assert "is in this space already" in shown.text
    moved = wiki.client.post(f"/wiki/spaces/OKR/acts/{PAGE}/move", data={"space": "ENG"}, follow_redirects=True)
    assert moved.status_code == 200
    assert f"/wiki/spaces/ENG/pages/{PAGE}/" in moved.request.path
    after = wiki.page(PAGE)
    assert after["spaceId"] != before["spaceId"]
    assert (after["version"], after["body"]) == (before["version"], before["body"])


def test_who_sees_only_one_space_loses_a_page_that_moves(wiki: SampleWiki) -> None:
    wiki.accounts.change(roster.SYNC.account_id, may_see_spaces=("OKR",))
    assert wiki.page(PAGE)["title"] == "OKRs Q4 2026"
    wiki.client.post(f"/wiki/spaces/OKR/acts/{PAGE}/move", data={"space": "ENG"})
    assert wiki.call("GET", f"/pages/{PAGE}").status_code == 404


def test_permission_lost_between_reading_and_writing_changes_nothing(wiki: SampleWiki) -> None:
    body = wiki.page(PAGE)["body"]["storage"]["value"]
    _act(wiki, "restrict")
    assert wiki.put(PAGE, body + "<p>x</p>", 4).status_code == 403
    _act(wiki, "restrict", viewing="yes")
    assert wiki.put(PAGE, body + "<p>x</p>", 4).status_code == 404
    _act(wiki, "open")
    assert wiki.page(PAGE)["version"]["number"] == 3


def test_a_page_in_the_trash_can_be_forgotten_for_good(wiki: SampleWiki) -> None:
    assert "Only a page in the trash" in _act(wiki, "purge").text
    _act(wiki, "delete")
    assert wiki.client.post(f"/wiki/spaces/OKR/acts/{PAGE}/purge").status_code == 303
    for query in ("", "?status=trashed", "?status=archived"):
        assert wiki.call("GET", f"/pages/{PAGE}{query}").status_code == 404
    assert wiki.call("DELETE", f"/pages/{PAGE}?purge=true").status_code == 404


def test_a_page_becomes_a_live_doc_without_a_version(wiki: SampleWiki) -> None:
    _act(wiki, "make-live")
    page = wiki.page(PAGE)
    assert (page["subtype"], page["version"]["number"]) == ("live", 3)


def test_listeners_hear_what_happens(wiki: SampleWiki) -> None:
    heard: list[str] = []
    wiki.store.page_listeners.append(lambda event: heard.append(event.kind))
    for act in ("delete", "restore", "archive", "restore"):
        _act(wiki, act)
    _act(wiki, "restore-version", number="1")
    assert heard == ["page_trashed", "page_restored", "page_restored", "page_updated"]
