"""The Data Center client against the stand-in site, which was written from other sources than the client was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.confluence_data_center import WEBHOOK_EVENTS, ConfluenceDataCenterClient
from connector.errors import Conflict, Forbidden, Gone, Unauthorized
from connector.site_answers import SiteAccount
from tests.site.accounts import Account
from tests.site.confluence_person import WikiPerson
from tests.site.roster import JIRA_ADMIN, PEOPLE, SYNC
from tests.site.running import Site, start_site
from tests.unit.connector.recorded_calls import data_center_at

ROSA = PEOPLE[0]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("wiki")
    with start_site(folder, data_center=True) as made:
        yield made


def client(site: Site, account: Account = SYNC) -> ConfluenceDataCenterClient:
    return data_center_at(site.url, account.access_tokens[0])


@pytest.fixture
def page_id(site: Site) -> str:
    return site.create_page("OKR", f"Page {len(site.requests())}", "<p>One.</p>")


def test_a_page_is_written_and_read_at_each_of_its_versions(site: Site, page_id: str) -> None:
    ours = client(site)
    page = ours.read(page_id)
    assert (page.version, page.body, page.status, page.page_id) == (1, "<p>One.</p>", "current", page_id)
    assert ours.write(page, "<p>Two.</p>", "said") == 2
    site.edit_page(page_id, lambda body: body.replace("Two", "Three"), by=ROSA)
    assert [ours.read_version(page_id, number).body for number in (1, 2, 3)] == [
        "<p>One.</p>",
        "<p>Two.</p>",
        "<p>Three.</p>",
    ]
    assert [(each.number, each.message) for each in ours.versions(page_id, after=1)] == [(2, "said"), (3, "")]
    assert ours.accounts([ours.read(page_id).author_id]) == (
        SiteAccount(ours.read(page_id).author_id, ROSA.display_name, "person"),
    )
    assert ours.present_versions([page_id, "999999"]) == {page_id: 3}
    with pytest.raises(Conflict):
        ours.write(page, "<p>Late.</p>", "")
    with pytest.raises(Gone):
        ours.read_version(page_id, 9)


def test_the_draft_of_somebody_who_is_editing(site: Site, page_id: str) -> None:
    ours = client(site)
    assert ours.read_draft(page_id).status == "current"
    WikiPerson(site.url, ROSA).keep_draft(page_id, lambda text: text + "<p>More.</p>")
    draft = ours.read_draft(page_id)
    assert (draft.status, "More." in draft.body) == ("draft", True)


def test_who_we_are_what_we_see_and_may(site: Site, page_id: str) -> None:
    ours = client(site)
    user = ours.current_user()
    assert (user.user_key, user.username, user.display_name) == (SYNC.user_key, SYNC.user_name, SYNC.display_name)
    assert "OKR" in {space.key for space in ours.spaces()}
    assert ours.may_edit(page_id)
    with pytest.raises(Unauthorized):
        data_center_at(site.url, "wrong").current_user()


def test_webhooks_are_for_administrators(site: Site) -> None:
    with pytest.raises(Forbidden):
        client(site).webhooks()
    admin = client(site, JIRA_ADMIN)
    made = admin.register_webhook("OKR", "http://127.0.0.1:1/webhooks/confluence/1", WEBHOOK_EVENTS, "a secret")
    assert (made.enabled, made.is_signed, made.events) == (True, True, WEBHOOK_EVENTS)
    assert admin.webhooks() == (made,)
    admin.delete_webhook(made.webhook_id)
    assert admin.webhooks() == ()
