"""What stands outside our table stays byte for byte, whatever it is, and a person's edit is never lost."""

from __future__ import annotations

import pytest

from mapping.page_region import find_regions
from tests.integration.hooked import HookedSites, once
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage, written
from tests.site.confluence_person import WikiPerson
from tests.site.roster import PEOPLE

AWKWARD = {
    "cdata": '<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:plain-text-body><![CDATA[<p>&nbsp;</p> ]] >'
    " a < b]]></ac:plain-text-body></ac:structured-macro>",
    "entities": "<p>&nbsp;&uuml;&rarr;&#8226;&amp;lt; &lt;T&gt; 💥 e\u0301 \u200f שלום</p>",
    "layout": '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>left</p></ac:layout-cell>'
    "<ac:layout-cell><p>right</p></ac:layout-cell></ac:layout-section></ac:layout>",
    "tasks": "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status>"
    "<ac:task-body><span>Ask Ana</span></ac:task-body></ac:task></ac:task-list>",
    "nested": '<ac:structured-macro ac:name="panel"><ac:rich-text-body><ac:structured-macro ac:name="details">'
    '<ac:parameter ac:name="id">another</ac:parameter><ac:rich-text-body><table><tbody><tr><th>Key result</th>'
    "<td>Now</td></tr></tbody></table></ac:rich-text-body></ac:structured-macro></ac:rich-text-body>"
    "</ac:structured-macro>",
    "comment": '<p><ac:inline-comment-marker ac:ref="0b8e1c52-7d3a-4c7e-9a51-1b2f6d1f0a11">Said'
    "</ac:inline-comment-marker> text</p>",
    "own table": '<table data-table-width="760"><tbody><tr><th>Key result</th><th>Now</th></tr><tr><td>x</td><td />'
    "</tr></tbody></table>",
}


@pytest.mark.parametrize("name", AWKWARD)
def test_bytes_outside_the_table_are_the_same_after_two_writes(okr_line: Line, name: str) -> None:
    page = written(okr_line, AWKWARD[name] + "<p>Last.</p>")
    before = page.site.confluence("GET", f"/pages/{page.page_id}?version=1&body-format=storage").json()
    page.finish()
    page.line.next_poll()
    assert page.our_versions() == 2
    assert outside(page) == before["body"]["storage"]["value"]


def test_an_edit_between_our_read_and_our_write_stays(page: OkrPage) -> None:
    """Both are there, and ours was built on theirs."""
    page.finish()
    sites = HookedSites(page.line.on.sites, before_write=once(lambda: page.type_below("<p>Mine.</p>")))
    page.line.next_poll(sites=sites)
    assert page.body().endswith("<p>Mine.</p>")
    assert page.wrong() == []
    assert sites.pages is not None
    assert [read.version for read, _ in sites.pages.sent] == [2, 3]
    assert [version["authorId"] == PEOPLE[0].account_id for version in page.versions()] == [True, False, True, False]


def test_every_version_of_ours_follows_exactly_the_one_that_was_read(page: OkrPage) -> None:
    sites = HookedSites(page.line.on.sites)
    for number in (1, 2):
        page.type_below(f"<p>Edit {number}.</p>")
        page.finish(number)
        page.line.next_poll(sites=sites)
    assert sites.pages is not None
    numbers = [version["number"] for version in page.versions() if version["message"].startswith(page.first)]
    assert [read.version + 1 for read, _ in sites.pages.sent] == numbers
    assert "<p>Edit 1.</p><p>Edit 2.</p>" in page.body()


def test_title_and_place_stay_as_people_set_them(page: OkrPage) -> None:
    before = page.site.page(page.page_id)
    page.site.confluence(
        "PUT", f"/pages/{page.page_id}/title", json={"status": "current", "title": f"New {page.first}"}
    )
    page.finish()
    page.line.next_poll()
    after = page.site.page(page.page_id)
    assert (after["title"], after["parentId"]) == (f"New {page.first}", before["parentId"])
    assert page.wrong() == []
    assert page.table.page_title == f"New {page.first}"


def test_a_comment_on_our_own_cell_stays(page: OkrPage) -> None:
    WikiPerson(page.site.url, PEOPLE[1]).comment(page.page_id, "Median checkout time")
    marker = page.body().partition('ac:inline-comment-marker ac:ref="')[2][:36]
    page.finish()
    page.line.next_poll()
    assert page.wrong() == []
    assert marker in page.body()


def test_an_editor_that_rewrites_our_markup_is_no_reason_to_write(page: OkrPage) -> None:
    assert WikiPerson(page.site.url, PEOPLE[1]).publish(page.page_id, lambda text: text + "<p>New.</p>") == 200
    page.line.next_poll()
    assert page.our_versions() == 1
    assert page.table.findings == ()
    page.finish()
    page.line.next_poll()
    assert page.wrong() == []
    assert page.our_versions() == 2
    assert "New.</p>" in page.body()


def outside(page: OkrPage) -> str:
    """The page's body without our table."""
    body = page.body().encode()
    region = find_regions(page.body(), page.table.region_id)[0]
    return (body[: region.start] + body[region.end :]).decode()
