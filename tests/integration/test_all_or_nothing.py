"""A mark is cleared with what it was for, in one transaction: what could not be kept stays due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.integration.line import Line
from tests.integration.okr_page import OkrPage


@contextmanager
def nothing_kept_in(line: Line, table: str) -> Iterator[None]:
    """The database takes no row of this table, as if it broke off right there."""
    changes = ("INSERT", "UPDATE")
    with line.on.database.write() as conn:
        for change in changes:
            refused = f"BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, 'broken off'); END"
            conn.exec_driver_sql(f"CREATE TRIGGER no_{change} {refused}")
    yield
    with line.on.database.write() as conn:
        for change in changes:
            conn.exec_driver_sql(f"DROP TRIGGER no_{change}")


def test_a_figure_that_could_not_be_kept_is_counted_again(page: OkrPage) -> None:
    page.finish()
    with nothing_kept_in(page.line, "completion"):
        page.line.next_poll()
    assert page.wrong() != []
    page.line.after(minutes=2)
    assert page.wrong() == []
