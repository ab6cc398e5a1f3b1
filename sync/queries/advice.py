"""What to advise about a table that is very long."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.settings import Settings
from connector.store.tables import PageTable
from mapping.sentences import Explained
from mapping.table import too_long
from sync.composing import table_spec
from sync.figures import load_cycle_figure
from sync.ports import Resources


def advise(on: Resources, table: PageTable) -> Explained | None:
    """As ``load_advice``, now."""
    with on.database.read() as conn:
        return load_advice(conn, table.workspace_id, table, on.settings, on.clock.now())


def load_advice(
    conn: Transaction, workspace_id: int, table: PageTable, settings: Settings, at: datetime
) -> Explained | None:
    """In plain words; None where the table reads well. Raises UnknownOkr where its cycle is gone."""
    spec = table_spec(table, settings)
    figure = load_cycle_figure(
        conn,
        workspace_id,
        table.cycle_key,
        teams=table.teams,
        objective_keys=table.objective_keys,
        figures_only=True,
        at=at,
        thresholds=spec.thresholds,
    )
    return too_long(figure, spec)
