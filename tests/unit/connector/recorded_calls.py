"""Clients for tests: over a session without guards that tests do not want, remembering what was counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from connector.auth.personal_token import PersonalTokenAuth
from connector.auth.token import TokenAuth
from connector.confluence import ConfluenceClient
from connector.confluence_data_center import ConfluenceDataCenterClient
from connector.http import make_session
from connector.jira import JiraClient

SITE = "https://acme.example"
EMAIL = "okr-sync@acme.example"
TOKEN = "ATATTcanary-7d1f"


@dataclass
class Counted:
    """What ``on_call`` was told."""

    calls: list[tuple[str, str, int]] = field(default_factory=list)

    def __call__(self, method: str, template: str, status: int) -> None:
        self.calls.append((method, template, status))


def never() -> bool:
    """No transaction is open."""
    return False


def jira_at(url: str, email: str = EMAIL, token: str = TOKEN, counted: Counted | None = None) -> JiraClient:
    """A Jira client at ``url``, private addresses allowed."""
    session = make_session(TokenAuth(email, token), [url], allow_private=True, forbidden=never)
    return JiraClient(session, url, counted or Counted())


def confluence_at(url: str, email: str = EMAIL, token: str = TOKEN, counted: Counted | None = None) -> ConfluenceClient:
    """A Confluence client at ``url``, private addresses allowed."""
    session = make_session(TokenAuth(email, token), [url], allow_private=True, forbidden=never)
    return ConfluenceClient(session, url, SITE, counted or Counted())


def data_center_at(url: str, token: str = TOKEN, counted: Counted | None = None) -> ConfluenceDataCenterClient:
    """A Confluence Data Center client at ``url``, private addresses allowed."""
    session = make_session(PersonalTokenAuth(token), [url], allow_private=True, forbidden=never)
    return ConfluenceDataCenterClient(session, url, counted or Counted())
