"""Accepted events once more: what they name is due to be read again. What they said is not believed this time either,
so that an event may be replayed as often as wanted, in any order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from connector.crypto import SecretBox, WrongKey
from connector.store import connections
from connector.store.activity import record_activity
from connector.store.connections import Connection
from connector.store.deliveries import Delivery
from connector.store.delivery_list import find_deliveries
from sync.ports import Resources
from webhooks.event_names import Handling
from webhooks.news import News, mark_news, news_kept, news_of_confluence, news_of_jira
from webhooks.payload import UnreadableEvent

UNDERSTAND = {"jira": news_of_jira, "confluence": news_of_confluence}
NAMES_SOMETHING = frozenset({Handling.READ_AGAIN, Handling.READ_EVERYTHING})


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many events were replayed, and what they made due: issues, pages, whole sites. ``empty``: those that name
    nothing that is read."""

    events: int
    issues: int
    pages: int
    sites: int
    empty: int


def replay(on: Resources, workspace_id: int, numbers: Collection[int], who: str) -> Replayed:
    """Mark as due what these events name, also where it was set aside. Numbers that are not kept are passed over."""
    now = on.clock.now()
    with on.database.write() as conn:
        known = {each.id: each for each in connections.load_connections(conn, workspace_id)}
        found = [
            (known[delivery.connection_id], _news(on.secrets, known[delivery.connection_id], delivery))
            for delivery in find_deliveries(conn, workspace_id, numbers)
        ]
        for connection, news in found:
            mark_news(conn, connection, news, now, retry=True)
        if found:
            text = f"asked to read again what {len(found)} of the accepted events name"
            record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return _counted(found)


def body_of(secrets: SecretBox, delivery: Delivery) -> str:
    """What is kept of the contents; empty where nothing is. Raises WrongKey."""
    return secrets.open(delivery.body) if delivery.body is not None else ""


def _news(secrets: SecretBox, connection: Connection, delivery: Delivery) -> News:
    """Contents are kept of an event that nobody understood: this version may."""
    kept = news_kept(delivery, connection.product)
    if delivery.body is None:
        return kept
    try:
        return UNDERSTAND[connection.product](body_of(secrets, delivery).encode())
    except (UnreadableEvent, WrongKey):
        return kept  # only its beginning was kept, or under a key that is no more


def _counted(found: list[tuple[Connection, News]]) -> Replayed:
    return Replayed(
        events=len(found),
        issues=len({(connection.id, issue_id) for connection, news in found for issue_id in news.issue_ids}),
        pages=len({(connection.id, news.page_id) for connection, news in found if news.page_id}),
        sites=len({connection.id for connection, news in found if news.handling is Handling.READ_EVERYTHING}),
        empty=sum(news.handling not in NAMES_SOMETHING for _, news in found),
    )
