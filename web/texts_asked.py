"""Who may ask Jira about the texts of issues: by what is found, somebody could guess a title that is not shown here."""

from __future__ import annotations

from mapping.epic_query import asks_about_texts
from mapping.interchange import Refused, parse_okrs
from web.language import gettext
from web.pages import person


def may_ask_about_texts() -> bool:
    """Admins choose which titles are shown, so they may; everybody else finds words only where titles are shown."""
    return person().role == "admin"


def why_not_asked(jql: str) -> str:
    """Why this person's query is not sent to Jira; empty where it may be."""
    return "" if may_ask_about_texts() or not asks_about_texts(jql) else too_much_asked()


def why_not_taken(yaml: str) -> str:
    """Why OKRs that this person wrote as a file are not taken over: a query in them looks into texts. Empty where they
    may be, and where they cannot be read, of which whoever takes them over tells more."""
    try:
        queries = [each.jql.jql for each in parse_okrs(yaml).key_results if each.jql is not None]
    except Refused:
        return ""
    return next(filter(None, map(why_not_asked, queries)), "")


def too_much_asked() -> str:
    return gettext(
        "A query with “~”, by a saved filter or in the order of a text looks into texts that not everybody here may "
        "see, so only an admin may use it. Ask by project, label or status, or ask an admin."
    )
