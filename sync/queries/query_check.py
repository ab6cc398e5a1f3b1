"""Whether Jira answers a query, and with how many issues: asked while somebody writes it."""

from __future__ import annotations

from dataclasses import dataclass

from connector.errors import OutsideError, Rejected
from connector.http import at_most
from connector.store import connections
from sync.ports import Resources

SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class QueryCheck:
    """``found`` is None where Jira did not say; ``trouble`` then says why, ``is_refused`` that the query is wrong."""

    site: str
    found: int | None = None
    trouble: str = ""
    is_refused: bool = False


def check_query(on: Resources, workspace_id: int, jql: str) -> QueryCheck | None:
    """Asks the Jira that values are taken from, once. None where no Jira is connected."""
    with on.database.read() as conn:
        sites = connections.load_connections(conn, workspace_id, "jira")
    if not sites:
        return None
    site = min(sites, key=lambda each: each.id)
    try:
        with at_most(SECONDS):
            return QueryCheck(site.site_url, on.sites.jira(site).count(jql))
    except Rejected as error:
        return QueryCheck(site.site_url, trouble=error.said or str(error), is_refused=True)
    except OutsideError as error:
        return QueryCheck(site.site_url, trouble=str(error))
