"""Steps of the set-up, told by what is there; and taking a site away again."""

from __future__ import annotations

import pytest

from connector.store import connection_state
from connector.store.disconnecting import Hanging, what_hangs_on
from connector.store.work import mark_due
from sync import commands
from sync.commands import NotPossible, TableWish, import_okrs
from sync.commands.disconnect import disconnect
from sync.commands.set_up import leave_out_step
from sync.queries.set_up import SetUp, Step, load_set_up
from sync.queries.sites import load_site, load_sites
from tests.unit.commands.stand_in import OKRS, SITE, Stand


def state(service: Stand) -> SetUp:
    return load_set_up(service.on, service.workspace_id)


def test_it_begins_with_a_site(service: Stand) -> None:
    assert (state(service).next, state(service).done) == (Step.SITE, frozenset())


def test_steps_are_done_by_whatever_brought_it_there(connected: Stand) -> None:
    assert state(connected).next is Step.EVENTS
    import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    assert state(connected).done == {Step.SITE, Step.OKRS, Step.EPIC}
    with connected.on.database.write() as conn:
        connection_state.record_event(conn, connected.workspace_id, 1, connected.clock.now())
    assert state(connected).next is Step.PAGE
    commands.add_table(connected.on, connected.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    assert state(connected).next is None


def test_confluence_cloud_alone_has_no_events_to_wait_for(service: Stand) -> None:
    service.connected("confluence")
    assert Step.EVENTS in state(service).done


def test_a_step_that_is_left_out_is_asked_for_no_longer(connected: Stand) -> None:
    for _ in range(2):
        leave_out_step(connected.on, connected.workspace_id, "events", who="Rosa")
    assert state(connected).left_out == {Step.EVENTS}
    assert state(connected).next is Step.OKRS
    assert connected.log() == ["Rosa: left a step of the set-up for later: hearing about changes"]


@pytest.mark.parametrize("step", ["site", "okrs", "nonsense"])
def test_what_the_others_need_cannot_be_left_out(connected: Stand, step: str) -> None:
    with pytest.raises(NotPossible):
        leave_out_step(connected.on, connected.workspace_id, step, who="Rosa")


def test_the_way_on_skips_what_is_done(connected: Stand) -> None:
    import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    assert state(connected).after(Step.EVENTS) is Step.PAGE
    assert state(connected).after(Step.PAGE) is Step.EVENTS, "what was passed over comes at last"


def test_a_site_is_removed_with_what_hangs_on_it(connected: Stand) -> None:
    import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    commands.add_table(connected.on, connected.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    with connected.on.database.write() as conn:
        mark_due(conn, connected.workspace_id, "poll", ["1"], connected.clock.now())
    jira, confluence = load_sites(connected.on, connected.workspace_id)
    assert (jira.hanging.links, confluence.hanging.tables) == (2, 1)
    assert disconnect(connected.on, connected.workspace_id, 1, jira.hanging, who="Rosa") == SITE
    assert [each.product for each in connected.connections()] == ["confluence"]
    assert connected.rows("SELECT count(*) FROM initiative") == [(0,)]
    assert connected.due("poll") == connected.due("children") == []
    assert connected.due("table") != [], "the other site's work stays"
    assert connected.log()[-1] == f"Rosa: removed Jira of {SITE}, with 2 links and 0 tables"
    disconnect(connected.on, connected.workspace_id, 2, confluence.hanging, who="Rosa")
    assert connected.due("table") == []
    assert connected.rows("SELECT count(*) FROM key_result") == [(3,)], "OKRs stay"


def test_more_than_somebody_was_shown_is_not_removed(connected: Stand) -> None:
    import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    with pytest.raises(NotPossible, match="Look once more"):
        disconnect(connected.on, connected.workspace_id, 1, Hanging(1, 0, 0), who="Rosa")
    with connected.on.database.read() as conn:
        assert what_hangs_on(conn, connected.workspace_id, 1).links == 2


def test_a_site_of_nobody_is_not_removed(connected: Stand) -> None:
    with pytest.raises(NotPossible, match="not connected any more"):
        disconnect(connected.on, connected.workspace_id, 77, Hanging(0, 0, 0), who="Rosa")
    assert load_site(connected.on, connected.workspace_id, 77) is None
