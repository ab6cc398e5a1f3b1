"""What an event says, whichever product sent it, and what it makes due. The event itself is only a hint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store.connections import Connection
from connector.store.deliveries import Delivery
from connector.store.tables_in_page import tables_in_page
from connector.store.work import mark_due
from webhooks.confluence_events import handling_of_page_event, parse_page_event
from webhooks.event_names import Handling, handling_of
from webhooks.events import parse_event

EVENT_URGENCY = 2


@dataclass(frozen=True, slots=True)
class News:
    """An event by its name, what is done about it, and what it names: issues, or a page (empty: none)."""

    event: str
    handling: Handling
    issue_ids: tuple[str, ...] = ()
    page_id: str = ""


def news_of_jira(body: bytes) -> News:
    """Raises UnreadableEvent."""
    event = parse_event(body)
    return News(event.name, event.handling, event.issue_ids)


def news_of_confluence(body: bytes) -> News:
    """Raises UnreadableEvent."""
    event = parse_page_event(body)
    return News(event.name, handling_of_page_event(event.name), page_id=event.page_id)


def news_kept(delivery: Delivery, product: str) -> News:
    """What was kept of an event, under the rules of today: its kind may have become one that we know."""
    handling = handling_of(delivery.event) if product == "jira" else handling_of_page_event(delivery.event)
    return News(delivery.event, handling, delivery.issue_ids, delivery.page_id)


def mark_news(conn: Transaction, connection: Connection, news: News, now: datetime, *, retry: bool = False) -> None:
    """Everything that the event names is due to be read again. ``retry``: also what was set aside."""
    workspace_id = connection.workspace_id
    targets = [f"{connection.id}:{issue_id}" for issue_id in news.issue_ids]
    mark_due(conn, workspace_id, "issue", targets, now, urgency=EVENT_URGENCY, retry=retry)
    if news.handling is Handling.READ_EVERYTHING:
        mark_due(conn, workspace_id, "full_check", [str(connection.id)], now, retry=retry)
    if news.page_id:
        # The tables in the page are visited again; what stands there is found out then.
        tables = tables_in_page(conn, workspace_id, connection.id, news.page_id)
        mark_due(conn, workspace_id, "table", map(str, tables), now, urgency=EVENT_URGENCY, retry=retry)
