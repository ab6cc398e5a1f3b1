"""Leaving out steps of the first set-up that may wait, or that nobody needs."""

from __future__ import annotations

from connector.store import setting_up
from connector.store.activity import record_activity
from sync.commands.not_possible import NotPossible
from sync.ports import Resources

WHAT = {
    "events": "hearing about changes",
    "epic": "linking an epic",
    "page": "putting the table on a page",
}


def leave_out_step(on: Resources, workspace_id: int, step: str, *, who: str) -> None:
    """Ask for this step no longer; whatever it is for can be done at any time. The same again changes nothing.

    NotPossible for a step that the others need.
    """
    if step not in WHAT:
        raise NotPossible("This step cannot be left out: the others need it.")
    with on.database.write() as conn:
        left_out = setting_up.steps_left_out(conn, workspace_id)
        if step not in left_out:
            setting_up.record_steps_left_out(conn, workspace_id, (*left_out, step))
            text = f"left a step of the set-up for later: {WHAT[step]}"
            record_activity(conn, workspace_id, at=on.clock.now(), who=who, text=text)
