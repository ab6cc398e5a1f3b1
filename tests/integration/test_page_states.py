"""What can stand between a table and its page: said once, waited out without noise, and over when it is over."""

from __future__ import annotations

import json

from connector.store.tables import TableState
from sync.commands import remove_table
from tests.integration.hooked import HookedSites, once
from tests.integration.okr_page import OkrPage
from tests.site.confluence_person import WikiPerson
from tests.site.roster import PEOPLE, SYNC

ANA = PEOPLE[1]


def person(page: OkrPage) -> WikiPerson:
    return WikiPerson(page.site.url, ANA)


def test_taken_out_by_a_person_it_stays_out_until_the_person_puts_it_back(page: OkrPage) -> None:
    page.site.edit_page(page.page_id, lambda _: "<p>No table here.</p>", by=ANA)
    page.finish()
    page.line.next_poll()
    assert page.state() is TableState.REMOVED
    assert page.body() == "<p>No table here.</p>"
    page.finish(2)
    page.line.next_poll()
    assert page.our_versions() == 1
    person(page).act(page.page_id, "restore-version", number="2")
    page.line.next_poll()
    assert page.state() is TableState.CURRENT
    assert page.wrong() == []


def test_asked_for_again_it_is_put_back(page: OkrPage) -> None:
    page.site.edit_page(page.page_id, lambda _: "<p>No table here.</p>", by=ANA)
    page.line.next_poll()
    page.table_id = page.line.add_table(page.page_id, "now")
    page.line.work()
    assert page.wrong() == []
    assert page.body().startswith("<p>No table here.</p>")


def test_of_two_copies_the_first_is_ours_and_the_other_is_reported(page: OkrPage) -> None:
    page.site.edit_page(page.page_id, lambda body: body + body.removeprefix("<p>Before.</p>"), by=ANA)
    page.finish()
    page.line.next_poll()
    assert page.words().count(f"{page.first} 2 of 4 done") == 1
    assert page.words().count(f"{page.first} 1 of 4 done") == 1
    assert page.words().index(f"{page.first} 2 of") < page.words().index(f"{page.first} 1 of")
    assert {"what": "copies", "key": "", "column": "", "text": "1"} in page.table.findings


def test_a_copied_page_is_not_ours(page: OkrPage) -> None:
    person(page).act(page.page_id, "copy")
    page.finish()
    page.line.next_poll()
    copy = page.site.page_called(f"Copy of {page.table.page_title}")
    assert (copy["version"]["number"], page.wrong()) == (1, [])


def test_an_open_draft_is_waited_for_and_nothing_of_it_is_lost(page: OkrPage) -> None:
    ana = person(page)
    ana.keep_draft(page.page_id, lambda body: body + "<p>Half a sentence</p>")
    page.finish()
    page.line.next_poll()
    assert (page.state(), page.our_versions()) == (TableState.HELD, 1)
    ana.discard_draft(page.page_id)
    page.line.after(minutes=6)
    assert (page.state(), page.wrong()) == (TableState.CURRENT, [])


def test_a_published_draft_and_our_table_are_both_there(page: OkrPage) -> None:
    ana = person(page)
    ana.keep_draft(page.page_id, lambda body: body + "<p>Half a sentence</p>")
    page.finish()
    page.line.next_poll()
    assert ana.publish(page.page_id, lambda body: body + "<p>Half a sentence</p>") == 200
    page.line.next_poll()
    assert page.wrong() == []
    assert "Half a sentence" in page.words()


def test_a_draft_in_which_nothing_differs_holds_nobody_up(page: OkrPage) -> None:
    page.site.confluence(
        "PUT",
        f"/pages/{page.page_id}",
        json={
            "id": page.page_id,
            "status": "draft",
            "title": page.table.page_title,
            "body": {"representation": "storage", "value": page.body()},
            "version": {"number": 1},
        },
    )
    page.finish()
    page.line.next_poll()
    assert page.state() in {TableState.CURRENT, TableState.HELD}
    assert "draft" not in page.table.state_detail


def test_what_is_published_while_we_look_is_no_open_draft(page: OkrPage) -> None:
    """Our own write of another table of the page, or a person's: the draft is then what is published, and not open."""
    ana = person(page)

    def publishes() -> None:
        assert ana.publish(page.page_id, lambda body: body + "<p>Good news</p>") == 200

    page.finish()
    page.line.next_poll(sites=HookedSites(page.line.on.sites, before_draft=once(publishes)))
    assert (page.state(), page.wrong()) == (TableState.CURRENT, [])
    assert "Good news" in page.words()


def test_an_act_of_a_person_that_a_draft_held_up_is_still_written_at_once(page: OkrPage) -> None:
    """After it the budget is empty, which must not matter to it."""
    ana = person(page)
    for number in (1, 2, 3):
        page.finish(number)
        page.line.next_poll()
    page.finish(1, page.second)
    page.line.next_poll()
    assert page.table.tokens == 0
    ana.keep_draft(page.page_id, lambda body: body + "<p>Half</p>")
    page.line.import_text(page.okrs.replace("Median checkout", "Mean checkout"), "test")
    page.line.work()
    assert page.state() is TableState.HELD
    ana.discard_draft(page.page_id)
    page.line.after(minutes=6)
    assert "Mean checkout time" in page.words()


def test_a_page_that_became_a_live_doc_is_left_alone(page: OkrPage) -> None:
    scratchpad = page.site.page_called("Scratchpad")
    with page.line.on.database.write() as conn:
        conn.exec_driver_sql(f"UPDATE page_table SET page_id = '{scratchpad['id']}', written_version = 1")
    page.line.mark("table", str(page.table_id))
    page.line.work()
    assert page.state() is TableState.HELD
    assert "live doc" in page.table.state_detail
    assert page.site.page(scratchpad["id"])["version"] == scratchpad["version"]


def test_a_body_that_cannot_be_read_is_left_alone(page: OkrPage) -> None:
    """The stand-in refuses such a body as Confluence does; one that came through all the same is answered here."""
    answer = page.site.confluence("GET", f"/pages/{page.page_id}?body-format=storage").json()
    answer["body"]["storage"]["value"] = "<p>never closed"
    answer["version"]["number"] = 9
    spoilt = {"path": f"/pages/{page.page_id}$", "kind": "status", "status": 200, "method": "GET", "times": None}
    page.site.faults(spoilt | {"body": json.dumps(answer)})
    page.finish()
    page.line.next_poll()
    assert page.state() is TableState.NOT_READABLE
    assert not [call for call in page.site.requests(SYNC) if call["method"] == "PUT"]


def test_a_table_that_was_taken_out_of_our_hands_ends_quietly(page: OkrPage) -> None:
    """Its next visit is due still; nothing else may suffer from that."""
    remove_table(page.line.on, page.line.workspace_id, page.table_id, who="test")
    page.line.mark("table", str(page.table_id))
    assert page.line.work() == 1
    assert (page.line.waiting(), page.line.set_aside()) == ({}, [])
