"""Who may ask Jira about the texts of issues: by what is found, somebody could guess a title that is not shown here."""

from __future__ import annotations

from mapping.epic_query import asks_about_texts
from web.language import gettext
from web.pages import person


def may_ask_about_texts() -> bool:
    """Admins choose which titles are shown, so they may; everybody else finds words only where titles are shown."""
    return person().role == "admin"


def why_not_asked(jql: str) -> str:
    """Why this person's query is not sent to Jira; empty where it may be."""
    return "" if may_ask_about_texts() or not asks_about_texts(jql) else too_much_asked()


def too_much_asked() -> str:
    return gettext(
        "A query with “~” looks into texts that not everybody here may see, so only an admin may use it. "
        "Ask by project, label or status, or ask an admin."
    )
