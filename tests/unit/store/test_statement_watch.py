"""The watch over statements sees what it is there to see."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from connector.store import connections
from connector.store.engine import Database
from connector.store.prepared import prepared
from connector.store.schema import connection
from tests.statement_watch import unowned_tables


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT work.workspace_id, work.id FROM work WHERE work.id = 1",
        "DELETE FROM work WHERE work.id = 1 RETURNING work.workspace_id",
        "UPDATE work SET workspace_id=2 WHERE work.id = 1",
        "INSERT INTO work (kind) VALUES (1) RETURNING workspace_id",
        "SELECT 1 FROM objective JOIN work ON work.id = objective.id WHERE objective.workspace_id = 1",
    ],
)
def test_a_statement_that_means_everybodys_rows_is_noticed(statement: str) -> None:
    assert unowned_tables(statement) == ("work",)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT work.id FROM work WHERE work.workspace_id = 1",
        "DELETE FROM work\nWHERE work.workspace_id = 1",
        "INSERT INTO work (workspace_id, kind) VALUES (1, 2)",
        "SELECT lease.name FROM lease",
        "PRAGMA query_only = ON",
    ],
)
def test_other_statements_are_left_alone(statement: str) -> None:
    assert unowned_tables(statement) == ()


def test_a_function_of_the_store_that_means_everybodys_rows_is_named(
    sqlite_database: Database, every_statement_names_its_workspace: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = prepared(lambda workspace_id, connection_id: select(connection).where(connection.c.id == connection_id))
    monkeypatch.setattr(connections, "_one", forgetful)
    with sqlite_database.read() as conn:
        with pytest.raises(connections.UnknownConnection):
            connections.load_connection(conn, 1, 7)
        connections.find_connection(conn, 7)
        connections.load_connections(conn, 1)
    named = [each.partition(":")[0] for each in every_statement_names_its_workspace]
    every_statement_names_its_workspace.clear()  # it was on purpose
    assert named == ["[('connections', 'load_connection')]"]
