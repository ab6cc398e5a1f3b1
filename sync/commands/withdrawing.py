"""Taking back a check-in that was wrong: it stays readable, and counts nowhere any more."""

from __future__ import annotations

from connector.store import check_ins
from connector.store.activity import record_activity
from connector.store.check_ins import KeptCheckIn
from connector.store.people import Person
from sync.commands.links import mark_pages
from sync.commands.not_possible import NotPossible
from sync.commands.okr_refusals import WrongField
from sync.ports import Resources


def withdraw_check_in(
    on: Resources, workspace_id: int, key: str, check_in_id: int, *, why: str, person: Person
) -> bool:
    """Figures become what they were before it was said, here and in every page. False where it was withdrawn already.

    NotPossible where there is none, or where it is neither the person's own nor the person an admin.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        kept = next((k for k in check_ins.load_kept(conn, workspace_id, key) if k.check_in_id == check_in_id), None)
        if kept is None:
            raise NotPossible("There is no such check-in of {key}.", key=key)
        if not may_withdraw(kept, person):
            raise NotPossible("It was said by somebody else. Ask them, or an admin of this service.")
        if not why.strip():
            raise WrongField("why", "Say in one sentence what was wrong with it; that stays beside it.")
        done = check_ins.withdraw(conn, workspace_id, check_in_id, at=now, by=person.name, why=why.strip())
        if done:
            mark_pages(conn, workspace_id, [key], now)
            text = f"withdrew a check-in of {key}. Reason: {why.strip()}"
            record_activity(conn, workspace_id, at=now, who=person.name, text=text)
    on.bell.ring()
    return done


def may_withdraw(kept: KeptCheckIn, person: Person) -> bool:
    """Whoever sent it by the form here, which alone tells for certain who it was; and admins."""
    if person.role == "admin":
        return True
    # A database may give the number of somebody who was removed to somebody new, who said nothing before they came.
    return kept.act.startswith(f"web:{person.person_id}:") and kept.recorded_at >= person.created_at
