"""The doors for the events of Jira and of Confluence Data Center."""

from __future__ import annotations

from flask import Blueprint, Response, request

from sync.ports import Resources
from webhooks.door import Door
from webhooks.news import news_of_confluence, news_of_jira

LARGEST_NUMBER = 2**63 - 1
JIRAS_IDENTIFIER = "X-Atlassian-Webhook-Identifier"

_CONNECTION = f"<int(max={LARGEST_NUMBER}):connection_id>"


def make_receiver(on: Resources) -> Blueprint:
    """The routes for events. They carry a signature instead of a session, so form protection must leave them out."""
    routes = Blueprint("webhooks", __name__, url_prefix="/webhooks")
    jira = Door(on, "jira", news_of_jira, JIRAS_IDENTIFIER)
    confluence = Door(on, "confluence", news_of_confluence)

    @routes.post(f"/jira/{_CONNECTION}")
    def receive_from_jira(connection_id: int) -> Response:
        return jira.receive(connection_id, request)

    @routes.post(f"/confluence/{_CONNECTION}")
    def receive_from_confluence(connection_id: int) -> Response:
        return confluence.receive(connection_id, request)

    return routes
