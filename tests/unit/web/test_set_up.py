"""The first set-up, walked through without JavaScript: what each step shows, refuses, keeps and does."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from connector.store import connection_state
from connector.store.engine import Database
from connector.store.schema import page_table
from tests.clock import FakeClock
from tests.unit.commands.outside import TOKEN, FakeOutside
from tests.unit.commands.stand_in import EMAIL, OKRS, SECRET, SITE, Stand, stand
from tests.unit.web import made_up
from tests.unit.web.reading import heading, main
from tests.unit.web.surroundings import CountingBell, Visitor
from web.app import create_app
from web.looks import MOST_IN_A_MINUTE, keep_looks

TYPED = {"site": SITE, "email": EMAIL, "token": TOKEN, "products": "jira"}
DRAFT = {
    "sentence": "x", "objective": "Paying feels instant", "key_result": "Checkout", "baseline": "38", "target": "20",
    "unit": "s", "owner": "Ana", "issue": "PAY-412", "bound": "",
}  # fmt: skip


@dataclass
class Place:
    """A service that nothing is connected to, its admin, and what stands outside."""

    service: Stand
    rosa: Visitor
    outside: FakeOutside

    def connect(self) -> None:
        self.service.connected("jira")
        self.service.connected("confluence")


@pytest.fixture
def place(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Place:
    service = stand(sqlite_database, clock, tmp_path)
    outside = FakeOutside(service.jira, service.confluence)
    app = create_app(service.on)
    keep_looks(app, outside.outside)
    client: FlaskClient = app.test_client()
    client.environ_base["HTTP_HOST"] = "127.0.0.1:8400"
    rosa = Visitor(client, CountingBell())
    rosa.is_let_in(made_up.add_owner(sqlite_database, clock.now()), clock.now())
    return Place(service, rosa, outside)


def test_it_leads_to_the_first_open_step(place: Place) -> None:
    assert place.rosa.get("/set-up").location == "/set-up/site"
    place.connect()
    assert place.rosa.get("/set-up").location == "/set-up/events"


# ---- 1. a site


def test_what_the_account_can_do_is_shown_before_anything_is_kept(place: Place) -> None:
    page = place.rosa.post("/set-up/site/look", TYPED, page="/set-up/site").text
    said = main(page)
    assert "Found: an Atlassian Cloud site." in said
    assert "See about 2 issues that changed in the last 90 days, in PAY" in said
    assert "Cannot administer Jira Good: it does not need to." in said
    assert TOKEN not in page, "a token is never shown again"
    assert place.service.connections() == ()


def test_an_address_where_nothing_answers_stands_beside_its_field(place: Place) -> None:
    answer = place.rosa.post("/set-up/site/look", {**TYPED, "site": "https://nowhere.example"}, page="/set-up/site")
    assert answer.status_code == 422
    assert 'value="https://nowhere.example"' in answer.text
    assert "answers at https://nowhere.example" in answer.text


def test_asking_by_typing_is_bounded_for_each_person(place: Place) -> None:
    token = place.rosa.token("/set-up/site")
    typed = {"site": SITE, "csrf_token": token}
    for _ in range(MOST_IN_A_MINUTE):
        assert place.rosa.client.post("/set-up/site/look", data=typed).status_code == 200
    refused = place.rosa.client.post("/set-up/site/look", data=typed)
    assert (refused.status_code, len(place.outside.asked)) == (422, MOST_IN_A_MINUTE)
    assert "Wait a moment" in refused.text
    place.service.clock.advance(seconds=61)
    assert place.rosa.client.post("/set-up/site/look", data=typed).status_code == 200


def test_connecting_leads_on_to_the_events(place: Place) -> None:
    answer = place.rosa.post("/set-up/site", TYPED)
    assert (answer.status_code, answer.location) == (303, "/set-up/events")
    assert [each.product for each in place.service.connections()] == ["jira"]
    assert "is connected, as OKR sync" in main(place.rosa.get("/set-up/events").text)
    assert heading(place.rosa.get("/set-up/site").text) == "Your site is connected"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"site": ""}, "Write the address of your site"),
        ({"site": "x" * 401}, "401 characters long"),
        ({"token": ""}, "Paste the token"),
        ({"email": "nobody"}, "is no e-mail address"),
        ({"products": ""}, "Tick at least one"),
        ({"token": "another-token-that-is-long"}, "accepts neither"),
    ],
)
def test_what_cannot_be_connected_is_kept_in_the_form(place: Place, changes: dict[str, str], words: str) -> None:
    answer = place.rosa.post("/set-up/site", {**TYPED, **changes})
    assert answer.status_code == 422
    assert words in main(answer.text)
    assert TOKEN not in answer.text
    assert place.service.connections() == ()


# ---- 2. events


def test_the_first_event_is_waited_for_and_told(place: Place) -> None:
    place.connect()
    page = place.rosa.get("/set-up/events").text
    assert "Waiting for the first event" in main(page)
    assert 'data-refresh="2"' in page
    assert SECRET not in page
    with place.service.on.database.write() as conn:
        connection_state.record_event(conn, place.service.workspace_id, 1, place.service.clock.now())
    page = place.rosa.get("/set-up/events").text
    assert heading(page) == "Changes arrive within seconds"
    assert "Event received, signature checked" in main(page)


def test_the_secret_is_shown_on_demand_only(place: Place) -> None:
    place.connect()
    answer = place.rosa.post("/set-up/events/1/secret", page="/set-up/events")
    assert SECRET in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'data-refresh="0"' in answer.text, "nothing moves while somebody copies it"
    assert SECRET not in place.rosa.get("/set-up/events").text
    assert place.rosa.post("/set-up/events/77/secret", page="/set-up/events").status_code == 404


def test_a_webhook_that_may_not_be_set_up_says_why(place: Place) -> None:
    place.connect()
    answer = place.rosa.post("/set-up/events/register", {"site": SITE}, page="/set-up/events")
    assert answer.status_code == 422
    assert "cannot be reached from outside" in main(answer.text)


def test_events_can_wait(place: Place) -> None:
    place.connect()
    assert place.rosa.post("/set-up/leave-out/events", page="/set-up/events").location == "/set-up/okrs"
    assert "left for later" in main(place.rosa.get("/set-up/okrs").text)
    assert place.rosa.post("/set-up/leave-out/site", page="/set-up/events").status_code == 404


# ---- 3. OKRs


def test_a_sentence_becomes_a_draft(place: Place) -> None:
    place.connect()
    typed = {"sentence": "Paying feels instant: checkout takes 20 s instead of 38 s", "issue": "PAY-412"}
    page = place.rosa.post("/set-up/okrs/draft/look", typed, page="/set-up/okrs/draft").text
    assert heading(page) == "What will be different when PAY-412 is done?"
    for name, value in (("objective", "Paying feels instant"), ("baseline", "38"), ("target", "20"), ("unit", "s")):
        assert f'name="{name}" type="text" value="{value}"' in page


def test_what_somebody_corrected_stays_while_they_type_on(place: Place) -> None:
    typed = {
        "sentence": "Checkout falls from 38 to 20 s", "was_target": "25", "target": "25", "was_baseline": "40",
        "baseline": "39", "was_objective": "Old", "objective": "Mine",
    }  # fmt: skip
    page = place.rosa.post("/set-up/okrs/draft/look", typed, page="/set-up/okrs/draft").text
    assert 'name="target" type="text" value="20"' in page, "as drafted before: it follows the sentence"
    assert 'name="baseline" type="text" value="39"' in page, "corrected: it stays"
    assert 'name="objective" type="text" value="Mine"' in page


def test_a_key_result_far_too_long_is_said_beside_its_field(place: Place) -> None:
    for address in ("/set-up/okrs/draft/look", "/set-up/okrs/draft"):
        answer = place.rosa.post(address, {"key_result": "x" * 5000}, page="/set-up/okrs/draft")
        assert answer.status_code in {200, 422}


def test_a_coach_asks_for_what_is_missing(place: Place) -> None:
    page = place.rosa.post("/set-up/okrs/draft/look", {"sentence": "Release it"}, page="/set-up/okrs/draft").text
    assert "By which figure would one notice it?" in main(page)
    assert "This reads like a task." in main(page)


def test_the_draft_is_saved_and_the_epic_linked(place: Place) -> None:
    place.connect()
    answer = place.rosa.post("/set-up/okrs/draft", DRAFT)
    assert (answer.status_code, answer.location) == (303, "/set-up/page"), "its epic is linked with it"
    again = place.rosa.post("/set-up/okrs/draft", DRAFT)
    assert again.status_code == 303
    assert place.service.rows("SELECT key, title FROM objective") == [("PAY-O1", "Paying feels instant")]
    assert len(place.service.rows("SELECT id FROM initiative")) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"objective": ""}, "Say in one sentence"),
        ({"objective": "x" * 301}, "301 characters long"),
        ({"key_result": " "}, "Say what is measured"),
        ({"baseline": "lots"}, "Write a plain number"),
        ({"target": "9" * 40}, "Write a plain number"),
        ({"target": "1,234"}, "can be read in two ways"),
        ({"target": ""}, "Which figure would be a success?"),
        ({"target": "38"}, "where it stands already"),
        ({"cycle": "1999-q1"}, "no such cycle"),
        ({"issue": "NO-1"}, "NO-1"),
    ],
)
def test_a_draft_that_cannot_be_is_kept_in_the_form(place: Place, changes: dict[str, str], words: str) -> None:
    place.connect()
    answer = place.rosa.post("/set-up/okrs/draft", {**DRAFT, **changes})
    assert answer.status_code == 422
    assert words in main(answer.text)
    assert place.service.rows("SELECT count(*) FROM objective") == [(0,)]


def test_markup_in_a_draft_is_text(place: Place) -> None:
    page = place.rosa.post("/set-up/okrs/draft/look", {"sentence": "<script>x</script>"}, page="/set-up/okrs/draft")
    assert "<script>x" not in page.text


def test_a_file_is_taken_over_or_refused_line_by_line(place: Place) -> None:
    place.connect()
    wrong = place.rosa.post("/set-up/okrs/file", {"text": "cycle: {key: X}\nobjectives: []"})
    assert wrong.status_code == 422
    assert "line 1" in main(wrong.text)
    assert "cycle: {key: X}" in wrong.text
    assert place.rosa.post("/set-up/okrs/file", {"text": ""}).status_code == 422
    token = place.rosa.token("/set-up/okrs/file")
    upload = {"csrf_token": token, "file": (BytesIO(OKRS.encode()), "okrs.yaml")}
    assert place.rosa.client.post("/set-up/okrs/file", data=upload).location == "/set-up/page"
    binary = {"csrf_token": token, "file": (BytesIO(b"\xff\xfe\x00"), "okrs.yaml")}
    assert "not text in UTF-8" in place.rosa.client.post("/set-up/okrs/file", data=binary).text


# ---- 4. an epic


def test_an_epic_is_found_and_linked(place: Place) -> None:
    place.connect()
    place.rosa.post("/set-up/okrs/file", {"text": OKRS})
    page = place.rosa.get("/set-up/epic?text=PAY-431").text
    assert f'value="{SITE} PAY-431"' in page
    answer = place.rosa.post("/set-up/epic", {"epic": f"{SITE} PAY-431", "key_result": "PAY-KR1"})
    assert answer.status_code == 303
    assert len(place.service.rows("SELECT id FROM initiative WHERE key_result_key = 'PAY-KR1'")) == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choose an epic"),
        ({"epic": "https://other.example PAY-431", "key_result": "PAY-KR1"}, "is not connected"),
        ({"epic": f"{SITE} PAY-431", "key_result": "NO-KR1"}, "There is no key result NO-KR1"),
        ({"epic": f"{SITE} <b>", "key_result": "PAY-KR1"}, "is no issue key"),
    ],
)
def test_an_epic_that_cannot_be_linked_is_said(place: Place, typed: dict[str, str], words: str) -> None:
    place.connect()
    place.rosa.post("/set-up/okrs/file", {"text": OKRS})
    answer = place.rosa.post("/set-up/epic", {"text": "PAY-431", **typed})
    assert (answer.status_code, words in main(answer.text)) == (422, True)


# ---- 5. the page


def test_the_table_is_shown_before_it_is_written(place: Place) -> None:
    place.connect()
    place.rosa.post("/set-up/okrs/file", {"text": OKRS})
    typed = {"page": "4711", "cycle": "2026-q4", "language": "de"}
    page = place.rosa.post("/set-up/page/look", typed, page="/set-up/page").text
    assert "Found: OKRs Q4 2026, version 3. No one is editing it." in main(page)
    assert '<div class="preview">' in page
    assert 'lang="de"' in page
    assert place.service.rows("SELECT count(*) FROM page_table") == [(0,)], "nothing is kept yet"
    for _ in range(2):
        assert place.rosa.post("/set-up/page", typed).location == "/set-up/done"
    assert place.service.rows("SELECT count(*) FROM page_table") == [(1,)]
    page = place.rosa.get("/set-up/done").text
    assert heading(page) == "You are set up", "no event came yet, and none is needed"
    assert "This can follow at any time: Hear about changes" in main(page)
    assert "To the OKRs" in main(page)
    assert "Go on" not in main(page)
    with place.service.on.database.write() as conn:
        conn.execute(update(page_table).values(written_version=3, state="no_page"))
    page = place.rosa.get("/set-up/done").text
    assert 'class="icon red"' in page.partition('data-live="table-')[2].partition("</li>")[0]


def test_a_page_that_is_not_there_stands_beside_its_field(place: Place) -> None:
    place.connect()
    place.rosa.post("/set-up/okrs/file", {"text": OKRS})
    for page, words in (("", "Paste the address"), ("999", "There is no page 999"), ("x" * 601, "601 characters")):
        answer = place.rosa.post("/set-up/page", {"page": page, "cycle": "2026-q4"})
        assert answer.status_code == 422
        assert words in main(answer.text)


# ---- sites


def test_the_list_of_sites_and_taking_one_away(place: Place) -> None:
    assert heading(place.rosa.get("/settings/sites").text) == "No site is connected yet"
    place.connect()
    place.rosa.post("/set-up/okrs/file", {"text": OKRS})
    assert heading(place.rosa.get("/settings/sites").text) == "All sites answer"
    asked = place.rosa.get("/settings/sites/1/remove").text
    assert "Remove it with 2 links" in asked
    refused = place.rosa.post("/settings/sites/1/remove", {"links": "1", "tables": "0"})
    assert (refused.status_code, "Look once more" in refused.text) == (422, True)
    gone = place.rosa.post("/settings/sites/1/remove", {"links": "2", "tables": "0"})
    assert gone.location == "/settings/sites"
    assert place.rosa.get("/settings/sites/1/remove").status_code == 404
    assert place.rosa.get(f"/settings/sites/{2**62}/webhook").status_code == 404


def test_new_credentials_for_a_site_that_is_there(place: Place) -> None:
    place.connect()
    form = place.rosa.get("/settings/sites/new?renew=1").text
    assert f'value="{SITE}"' in form
    assert place.rosa.get("/settings/sites/new?renew=x").status_code == 200
    answer = place.rosa.post("/settings/sites/new", TYPED)
    assert answer.location == "/settings/sites"
    assert "has new credentials" in main(place.rosa.get("/settings/sites").text)
    assert place.service.on.secrets.open(place.service.connections()[0].credentials) == TOKEN


def test_a_dry_run_reports_everything_and_writes_nothing(place: Place) -> None:
    place.connect()
    place.rosa.post("/set-up/okrs/file", {"text": OKRS})
    place.rosa.post("/set-up/page", {"page": "4711", "cycle": "2026-q4", "language": "en"})
    before = place.service.log()
    place.service.jira.calls.clear()
    assert place.rosa.get("/set-up/dry-run").status_code == 200
    assert place.service.jira.calls == [], "only when it is asked for"
    page = main(place.rosa.post("/set-up/dry-run").text)
    assert f"Jira {SITE}" in page
    assert "The table would be put into the page." in page
    assert place.service.log() == before
