"""Writing our table into a page: its budget, the moment right before, the write itself, and what it says.

Confluence leaves one gap open: an inline comment added between our read and our write raises no version.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from connector.errors import Conflict, Forbidden, Gone, Rejected
from connector.pacing import WriteAllowance, take_write
from mapping.table_changes import Difference, daily_message, intended_fields, what_changed
from sync.page_look import Look, fields_from_json, look_at, put_in
from sync.page_memory import Visit, forget_sending, remember_sending, remember_written
from sync.ports import Page, PageStore, Resources

# A person's own act (a check-in, a new table) is written at once, whatever the budget.
OWN_ACT = 1


def allowance_for(on: Resources, visit: Visit) -> WriteAllowance | None:
    """What the page's budget says to a write that follows from Jira; None where the budget has no say."""
    table, settings = visit.table, on.settings
    is_drift = visit.differs is Difference.FACTS and visit.claim.urgency > OWN_ACT and table.written_version > 0
    if not is_drift:
        return None
    return take_write(
        table.tokens,
        table.tokens_at,
        visit.at,
        bucket=table.write_bucket or settings.write_bucket,
        refill=timedelta(minutes=table.write_refill_minutes or settings.write_refill_minutes),
    )


def write_page(
    on: Resources, visit: Visit, client: PageStore, seen: Page, look: Look | None, again_at: datetime | None
) -> None:
    """Read once more right before writing, because an inline comment raises no version; then write.

    ``again_at``: when time may have changed a figure next. Conflict where somebody published since ``seen`` was read.
    """
    page = client.read(seen.page_id)
    if page.version != seen.version:
        raise Conflict("the page was changed while we looked at it")
    if look is None or page.body != seen.body:
        look = look_at(page, visit.table, visit.now)
    body = put_in(page, look, visit.now, visit.table)
    message = _message(visit)
    allowance = allowance_for(on, visit)
    remember_sending(on, visit, page, body, look, message, allowance)
    try:
        version = client.write(page, body, message)
    except (Forbidden, Gone, Rejected):
        forget_sending(on, visit)
        raise
    after = client.read(page.page_id)
    ours = after if after.version == version else replace(page, body=body, version=version)
    remember_written(on, visit, ours, look, message, allowance, again_at)


def _message(visit: Visit) -> str:
    if not visit.table.written_version:
        return "OKR table added"
    if visit.differs is Difference.TIME:
        return daily_message(visit.now.language)
    before = fields_from_json(visit.table.intended_fields)
    return what_changed(before, intended_fields(visit.now), visit.now.language)
