"""What an admin decides about the whole: its name, and whether it can be read without an account."""

from __future__ import annotations

from connector.store import workspaces
from connector.store.activity import record_activity
from sync.commands.not_possible import NotPossible
from sync.ports import Resources

LONGEST_NAME = 200


def rename_workspace(on: Resources, workspace_id: int, name: str, who: str) -> bool:
    """Another name. False where it has that name already."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise NotPossible("The name needs 1 to {most} characters.", most=LONGEST_NAME)
    with on.database.write() as conn:
        changed = workspaces.rename(conn, workspace_id, name.strip())
        if changed:
            text = f"named this place {name.strip()}"
            record_activity(conn, workspace_id, at=on.clock.now(), who=who, text=text)
    return changed


def open_reading(on: Resources, workspace_id: int, is_open: bool, who: str) -> bool:
    """Whether everybody who reaches the service may read OKRs and status without an account. False where it was so."""
    with on.database.write() as conn:
        changed = workspaces.record_open_to_readers(conn, workspace_id, is_open)
        if changed:
            text = "opened reading to everybody" if is_open else "closed reading to those without an account"
            record_activity(conn, workspace_id, at=on.clock.now(), who=who, text=text)
    return changed
