"""The doors for the events of Jira and of Confluence Data Center, and what an event of each makes due."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request
from sqlalchemy import Connection as Transaction

from connector.store.connections import Connection
from connector.store.tables_in_page import tables_in_page
from connector.store.work import mark_due
from sync.ports import Resources
from webhooks.confluence_events import parse_page_event
from webhooks.door import Door, News
from webhooks.event_names import Handling
from webhooks.events import parse_event

LARGEST_NUMBER = 2**63 - 1
EVENT_URGENCY = 2
JIRAS_IDENTIFIER = "X-Atlassian-Webhook-Identifier"

_CONNECTION = f"<int(max={LARGEST_NUMBER}):connection_id>"


def make_receiver(on: Resources) -> Blueprint:
    """The routes for events. They carry a signature instead of a session, so form protection must leave them out."""
    routes = Blueprint("webhooks", __name__, url_prefix="/webhooks")
    jira = Door(on, "jira", _news_of_jira, JIRAS_IDENTIFIER)
    confluence = Door(on, "confluence", _news_of_confluence)

    @routes.post(f"/jira/{_CONNECTION}")
    def receive_from_jira(connection_id: int) -> Response:
        return jira.receive(connection_id, request)

    @routes.post(f"/confluence/{_CONNECTION}")
    def receive_from_confluence(connection_id: int) -> Response:
        return confluence.receive(connection_id, request)

    return routes


def _news_of_jira(body: bytes) -> News:
    event = parse_event(body)

    def mark(conn: Transaction, connection: Connection, now: datetime) -> None:
        targets = [f"{connection.id}:{issue_id}" for issue_id in event.issue_ids]
        mark_due(conn, connection.workspace_id, "issue", targets, now, urgency=EVENT_URGENCY)
        if event.handling is Handling.READ_EVERYTHING:
            mark_due(conn, connection.workspace_id, "full_check", [str(connection.id)], now)

    return News(event.name, event.issue_ids, mark)


def _news_of_confluence(body: bytes) -> News:
    """The tables in the page are visited again; what stands there is found out then."""
    event = parse_page_event(body)

    def mark(conn: Transaction, connection: Connection, now: datetime) -> None:
        tables = tables_in_page(conn, connection.workspace_id, connection.id, event.page_id)
        mark_due(conn, connection.workspace_id, "table", map(str, tables), now, urgency=EVENT_URGENCY)

    return News(event.name, (), mark)
