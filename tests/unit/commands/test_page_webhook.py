"""Letting Confluence Data Center tell what happens to pages; what doctor says about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.confluence_data_center import WEBHOOK_EVENTS
from connector.errors import Forbidden, OutsideError, Unauthorized
from connector.store.connection_state import count_rejected, record_event
from connector.store.connections import Connection
from sync import commands
from sync.commands import NotPossible, TableWish
from sync.doctor_sites import examine_site
from sync.finding import Finding
from tests.unit.commands.data_center_stand_in import WIKI, FakeDataCenter, with_data_center
from tests.unit.commands.stand_in import OKRS, SECRET, SITE, Stand, page
from webhooks.confluence_events import LOOK_AGAIN

INSIDE = "http://okr.inside.example:8400"
ADDRESS = f"{INSIDE}/webhooks/confluence/3"


@pytest.fixture
def site(connected: Stand) -> tuple[Stand, FakeDataCenter, Connection]:
    """A Data Center (connection 3) beside Jira and Confluence Cloud; the service has a name inside the company."""
    wiki, connection = with_data_center(connected)
    settings = connected.on.settings.model_copy(update={"base_url": INSIDE})
    return replace(connected, on=replace(connected.on, settings=settings)), wiki, connection


Site = tuple[Stand, FakeDataCenter, Connection]


def test_whatever_is_asked_of_a_webhook_is_taken_in() -> None:
    assert set(WEBHOOK_EVENTS) <= LOOK_AGAIN


def test_the_instructions_name_address_secret_and_events(site: Site) -> None:
    service, _, _ = site
    text = commands.webhook_instructions(service.on, service.workspace_id, WIKI)
    for part in (ADDRESS, SECRET, f"{WIKI}/admin", "Page: updated, restored, trashed, removed"):
        assert part in text
    assert "/webhooks/jira/1" not in text


def test_without_a_site_named_all_that_can_tell_are_shown_and_cloud_cannot(site: Site) -> None:
    service, _, _ = site
    text = commands.webhook_instructions(service.on, service.workspace_id)
    assert "/webhooks/jira/1" in text
    assert "/webhooks/confluence/3" in text
    assert "/webhooks/confluence/2" not in text


def test_a_confluence_in_the_cloud_alone_cannot_tell(service: Stand) -> None:
    service.connected("confluence")
    with pytest.raises(NotPossible, match="Confluence Cloud is asked instead"):
        commands.webhook_instructions(service.on, service.workspace_id)


def test_a_server_inside_the_company_reaches_a_service_inside_the_company(site: Site) -> None:
    service, wiki, _ = site
    for _ in range(2):
        report = commands.register_webhook(service.on, service.workspace_id, "Rosa", WIKI)
    assert (report.site_url, report.address, report.replaced) == (WIKI, ADDRESS, 1)
    assert [(hook.url, hook.events, hook.is_signed) for hook in wiki.hooks] == [(ADDRESS, WEBHOOK_EVENTS, True)]
    assert service.connections()[2].webhook_id == wiki.hooks[0].webhook_id
    assert service.log()[-1] == f"Rosa: set up the webhook in {WIKI}"


def test_a_service_that_only_this_machine_reaches_is_said(connected: Stand) -> None:
    with_data_center(connected)
    with pytest.raises(NotPossible, match="Confluence's server reaches this service"):
        commands.register_webhook(connected.on, connected.workspace_id, "Rosa", WIKI)


def test_which_site_is_meant_has_to_be_said_where_several_can_tell(site: Site) -> None:
    service, _, _ = site
    with pytest.raises(NotPossible, match=f"{SITE}, {WIKI}. Say which one is meant"):
        commands.register_webhook(service.on, service.workspace_id, "Rosa")
    with pytest.raises(NotPossible, match="is not connected, or cannot tell"):
        commands.register_webhook(service.on, service.workspace_id, "Rosa", "https://else.example")


@pytest.mark.parametrize("error", [Forbidden("403"), Unauthorized("401")])
def test_another_account_gets_the_instructions(site: Site, error: OutsideError) -> None:
    service, wiki, _ = site
    wiki.trouble["webhooks"] = error
    with pytest.raises(NotPossible, match=r"(?s)may not set up webhooks.*Secret"):
        commands.register_webhook(service.on, service.workspace_id, "Rosa", WIKI)
    assert wiki.hooks == []


class TestDoctor:
    """What doctor says of a Data Center."""

    def test_it_answers_as_whom(self, site: Site) -> None:
        found = findings(site)[f"Confluence {WIKI}"]
        assert found.text == "Answers as okr-sync, with a personal token; sees 2 spaces."

    def test_how_its_webhook_stands(self, site: Site) -> None:
        service, wiki, _ = site
        text = "None has arrived yet, and no webhook in Confluence sends to"
        assert findings(site)["Events of Confluence"].text.startswith(text)
        commands.register_webhook(service.on, service.workspace_id, "Rosa", WIKI)
        assert "; changes are seen when Confluence is asked" in findings(site)["Events of Confluence"].text
        wiki.hooks = [replace(wiki.hooks[0], enabled=False)]
        assert "switched off in Confluence" in findings(site)["Events of Confluence"].text

    def test_what_arrived_and_what_was_refused(self, site: Site) -> None:
        service, _, connection = site
        with service.on.database.write() as conn:
            record_event(conn, service.workspace_id, connection.id, service.clock.now())
            count_rejected(conn, service.workspace_id, connection.id)
        assert findings(site)["Events of Confluence"].text.startswith("They arrive")
        assert "your Confluence, its webhook" in findings(site)["Refused events of Confluence"].do

    def test_a_confluence_in_the_cloud_has_no_events(self, site: Site) -> None:
        service, _, _ = site
        names = [finding.name for finding in examine_site(service.on, service.connections()[1])]
        assert names == [f"Confluence {SITE}", "Asking Confluence"]


def findings(site: Site) -> dict[str, Finding]:
    service, _, connection = site
    present = next(each for each in service.connections() if each.id == connection.id)
    return {finding.name: finding for finding in examine_site(service.on, present)}


def test_a_table_finds_its_page_below_the_path_of_its_site(site: Site) -> None:
    service, wiki, connection = site
    wiki.pages["4711"] = page(url=f"{WIKI}/pages/viewpage.action?pageId=4711")
    commands.import_okrs(service.on, service.workspace_id, OKRS, "Rosa")
    wish = TableWish(f"{WIKI}/pages/viewpage.action?pageId=4711", "2026-q4")
    commands.add_table(service.on, service.workspace_id, wish, who="Rosa")
    assert service.rows("SELECT connection_id FROM page_table") == [(connection.id,)]
