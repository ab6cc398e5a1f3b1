"""Opening one table to do something about it: it must be there, and whoever asks must be allowed to edit its teams."""

from __future__ import annotations

from flask import abort

from connector.store.tables import PageTable
from sync.queries.table import load_chosen
from web.pages import person, resources
from web.rights import only_for_table


def open_table(table_id: int) -> PageTable:
    """The table, for somebody who may change it; else the request ends here. One that shows all teams is for those who
    may edit all teams."""
    table = load_chosen(resources(), person().workspace_id, table_id)
    if table is None:
        abort(404)
    only_for_table(table_id)
    return table
