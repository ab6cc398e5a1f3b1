"""Nothing of one workspace reaches another: neither rows nor pages. Calls are judged as they are made."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from connector.store.schema import metadata
from tests.simulation.history import History


def judge_isolation(history: History) -> Iterator[str]:
    """One line for each row or page in which something of another workspace stands."""
    own = {place.home.workspace_id: {place.home.jira_id, place.home.confluence_id} for place in history.places}
    with history.on.database.read() as conn:
        for table in metadata.sorted_tables:
            if {"workspace_id", "connection_id"} <= set(table.c.keys()):
                pairs = select(table.c.workspace_id, table.c.connection_id).distinct()
                for row in conn.execute(pairs):
                    if row.connection_id is not None and row.connection_id not in own.get(row.workspace_id, ()):
                        yield f"6: {table.name} has a row of workspace {row.workspace_id} and another's connection"
    for place in history.places:
        for other in history.places:
            if other is not place and f"{other.site.name}/browse" in place.play.wiki.body:
                yield f"6: the page of {place.site.name} names an issue of {other.site.name}"
