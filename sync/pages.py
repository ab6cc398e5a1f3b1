"""One visit to a page: read → what did people type? → render → read again → write at version + 1 → remember.

Only our table is replaced, only at exactly the version that was read, only if what we intend differs from what we last
intended, and never more often than the page's write budget allows. Whatever stands in the way is a state of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from connector.errors import Conflict, Forbidden, Gone, Rejected
from connector.pacing import WriteAllowance, take_write
from connector.store.tables import TableState
from connector.store.work import Claim, record_done
from mapping.page_region import NotWellFormed
from mapping.table_changes import Difference, daily_message, intended_fields, what_changed
from sync.page_look import Look, fields_from_json, look_at, put_in
from sync.page_memory import (
    Standing,
    Visit,
    forget_sending,
    remember_sending,
    remember_standing,
    remember_written,
    settle_lost_reply,
)
from sync.ports import Page, PageStore, Resources
from sync.visit_start import prepare_visit

# A person's own act (a check-in, a new table) is written at once, whatever the budget.
OWN_ACT = 1
MOST_TRIES = 3
DRAFT_WAIT = timedelta(minutes=5)
AWAY_WAIT = timedelta(minutes=30)
# What only time changes goes into one write a day, at this hour (UTC).
DAILY = time(6, 0)

READING_FIRST = "Reading Jira for the first time."
NOT_THERE = "The page is not there, or our account may not see it."
MAY_NOT_EDIT = "Our account may not read or edit the page. Give it that right in the page's restrictions or its space."
LIVE_DOC = "It is a live doc, which has no safe moment to write. Move the table to a page, or make this one a page."
TAKEN_OUT = "A person took the table out of the page. We never put it back unasked."
OPEN_DRAFT = "Somebody has unpublished changes to the page. We write when they are published or given up."


def visit_pages(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``table``: each claim is one table in one page."""
    for claim in claims:
        _visit(on, claim)


def _visit(on: Resources, claim: Claim) -> None:
    for _ in range(MOST_TRIES):
        visit = prepare_visit(on, claim)
        if visit is None:
            with on.database.write() as conn:
                record_done(conn, claim)
            return
        try:
            if _visit_once(on, visit):
                return
        except Conflict:
            # Somebody published between our read and our write: read again and redo all of it.
            continue
    raise Conflict("the page was changed each time while we looked at it")


def _visit_once(on: Resources, visit: Visit) -> bool:
    """False where everything has to be looked at again, because a write of ours turned out to have been applied."""
    client = on.sites.confluence(visit.connection)
    page: Page | None = None
    try:
        if settle_lost_reply(on, visit, client):
            return False
        if visit.figures_wait is not None and not visit.table.written_version:
            remember_standing(on, visit, Standing(TableState.WAITING, READING_FIRST, visit.at + visit.figures_wait))
            return True
        page = client.read(visit.table.page_id)
        _read_to_end(on, visit, client, page)
    except Gone:
        # Confluence says so too of a page that may be read and not written.
        standing = Standing(TableState.NO_PAGE, NOT_THERE, visit.at + AWAY_WAIT) if page is None else _refused(visit)
        remember_standing(on, visit, standing, page)
    except Forbidden:
        remember_standing(on, visit, _refused(visit), page)
    return True


def _refused(visit: Visit) -> Standing:
    return Standing(TableState.NO_PERMISSION, MAY_NOT_EDIT, visit.at + AWAY_WAIT)


def _read_to_end(on: Resources, visit: Visit, client: PageStore, page: Page) -> None:
    look, standing = _look(visit, page)
    if standing is None and look is not None:
        standing = _reason_not_to_write(visit, look) or _reason_to_wait(on, visit, client, page)
    if standing is None:
        _write(on, visit, client, page, look)
    else:
        remember_standing(on, visit, standing, page, look)


def _look(visit: Visit, page: Page) -> tuple[Look | None, Standing | None]:
    if page.status != "current":
        return None, Standing(TableState.NO_PAGE, f"The page is {page.status}.", visit.at + AWAY_WAIT)
    if page.subtype == "live":
        return None, Standing(TableState.HELD, LIVE_DOC)
    try:
        return look_at(page, visit.table, visit.now), None
    except NotWellFormed as error:
        why = f"The page's markup cannot be read ({error}), so it is left as it is."
        return None, Standing(TableState.NOT_READABLE, why)


def _reason_not_to_write(visit: Visit, look: Look) -> Standing | None:
    if look.unreadable:
        return Standing(TableState.NOT_READABLE, look.unreadable)
    if look.region is None and visit.table.written_version:
        return Standing(TableState.REMOVED, TAKEN_OUT)
    if not visit.table.written_version:
        return None
    nothing_new = visit.differs is Difference.NONE
    if nothing_new or (visit.differs is Difference.TIME and not _daily_write_is_due(visit)):
        return Standing(TableState.CURRENT, "", _next_daily(visit))
    return None


def _reason_to_wait(on: Resources, visit: Visit, client: PageStore, page: Page) -> Standing | None:
    draft = client.read_draft(page.page_id)
    if draft.status == "draft" and draft.body != page.body:
        return Standing(TableState.HELD, OPEN_DRAFT, visit.at + DRAFT_WAIT)
    allowance = _allowance(on, visit)
    if allowance is None or allowance.allowed:
        return None
    turn = visit.at + timedelta(seconds=allowance.wait_seconds)
    return Standing(TableState.CURRENT, "A change waits for its turn.", turn)


def _allowance(on: Resources, visit: Visit) -> WriteAllowance | None:
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


def _write(on: Resources, visit: Visit, client: PageStore, seen: Page, look: Look | None) -> None:
    """Read once more right before writing, because an inline comment raises no version; then write."""
    page = client.read(seen.page_id)
    if page.version != seen.version:
        raise Conflict("the page was changed while we looked at it")
    if look is None or page.body != seen.body:
        look = look_at(page, visit.table, visit.now)
    body = put_in(page, look, visit.now, visit.table)
    message = _message(visit)
    allowance = _allowance(on, visit)
    remember_sending(on, visit, page, body, look, message, allowance)
    try:
        version = client.write(page, body, message)
    except (Forbidden, Gone, Rejected):
        forget_sending(on, visit)
        raise
    after = client.read(page.page_id)
    ours = after if after.version == version else replace(page, body=body, version=version)
    remember_written(on, visit, ours, look, message, allowance, _next_daily(visit))


def _message(visit: Visit) -> str:
    if not visit.table.written_version:
        return "OKR table added"
    if visit.differs is Difference.TIME:
        return daily_message(visit.now.language)
    before = fields_from_json(visit.table.intended_fields)
    return what_changed(before, intended_fields(visit.now), visit.now.language)


def _daily_write_is_due(visit: Visit) -> bool:
    written = visit.table.written_at
    return written is None or written < _daily_before(visit.at)


def _daily_before(at: datetime) -> datetime:
    today = datetime.combine(at.date(), DAILY, at.tzinfo)
    return today if at >= today else today - timedelta(days=1)


def _next_daily(visit: Visit) -> datetime | None:
    """When time may have changed a figure next; never, once the cycle is closed."""
    return _daily_before(visit.at) + timedelta(days=1) if visit.cycle_open else None
