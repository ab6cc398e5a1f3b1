"""Two workspaces with equal issue ids, keys of key results and page ids do not touch each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from connector.store import schema
from tests.integration.line import Line
from tests.integration.okr_page import written
from tests.site.running import Site, start_site


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    """Two sites of the same world: the same ids and keys mean other things at each."""
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    with start_site(folders[0]) as one, start_site(folders[1]) as two:
        yield one, two


def second_workspace(line: Line, site: Site) -> Line:
    """Another workspace in the same database, for another site."""
    with line.on.database.write() as conn:
        row = {"name": "Second", "created_at": line.clock.now()}
        made = conn.execute(insert(schema.workspace).values(row).returning(schema.workspace.c.id)).scalar_one()
    return replace(line, site=site, workspace_id=made)


def test_each_workspace_sees_and_writes_only_its_own(okr_line: Line, twins: tuple[Site, Site]) -> None:
    first = written(replace(okr_line, site=twins[0]))
    second = written(second_workspace(okr_line, twins[1]))
    assert (first.first, first.page_id) == (second.first, second.page_id)
    assert first.issue_id(first.first) == second.issue_id(second.first)
    before = second.site.page(second.page_id)["version"]["number"]

    first.finish()
    first.line.mark("full_check", str(first.line.connection().id))
    first.line.next_poll()

    assert f"{first.first} 2 of 4 done" in first.words()
    assert f"{second.first} 1 of 4 done" in second.words()
    assert second.site.page(second.page_id)["version"]["number"] == before
    second.finish(2)
    second.finish(3)
    second.line.next_poll()
    assert f"{second.first} 3 of 4 done" in second.words()
    assert f"{first.first} 2 of 4 done" in first.words()


def test_one_site_in_trouble_does_not_hold_up_the_other(okr_line: Line, twins: tuple[Site, Site]) -> None:
    first = written(replace(okr_line, site=twins[0]))
    second = written(second_workspace(okr_line, twins[1]))
    first.finish()
    second.finish()
    first.site.faults({"path": "search/jql", "kind": "status", "status": 429, "headers": {"Retry-After": "3000"}})
    second.line.next_poll()
    assert (second.wrong(), first.our_versions()) == ([], 1)
    assert second.line.connection().blocked_until is None
    assert first.line.connection().blocked_until is not None
