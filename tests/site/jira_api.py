"""Jira's REST API, registered."""

from flask import Flask, Response

from tests.site import (
    jira_about,
    jira_archive,
    jira_bulk,
    jira_issues,
    jira_links,
    jira_search_api,
    jira_webhook_api,
)
from tests.site.jira_call import Jira
from tests.site.jira_call import register as register_routes


def register(app: Flask, jira: Jira) -> None:
    """Add all of Jira's routes."""
    for part in (jira_about, jira_search_api, jira_issues, jira_links, jira_archive, jira_bulk):
        register_routes(app, jira, part.ROUTES)

    @app.get('/rest/api/<any("2","3"):version>/serverInfo')
    def server_info(version: str) -> Response:
        with jira.store.lock:
            return jira_about.server_info(jira.store, jira.accounts)

    jira_webhook_api.register(app, jira.store, jira.accounts, jira.search)
