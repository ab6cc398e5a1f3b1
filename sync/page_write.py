"""Writing our table into a page: its budget, the moment right before, the write itself, and what it says.

Confluence leaves one gap open: an inline comment added between our read and our write raises no version.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from connector.errors import Conflict, Forbidden, Gone, Rejected
from connector.pacing import WriteAllowance, take_write
from connector.store.work import Claim
from connector.write_budget import write_budget
from mapping.comment_markers import comment_refs
from mapping.region_sight import RenewedBody
from mapping.table_changes import Difference, comment_kept_message, daily_message, what_changed
from sync.page_look import Look, fields_from_json, look_at, put_in
from sync.page_memory import (
    OWN_ACT,
    Visit,
    forget_sending,
    remember_comment_lost,
    remember_sending,
    remember_version,
    remember_written,
)
from sync.ports import Page, PageStore, Resources


def as_own_act(claim: Claim) -> Claim:
    """Somebody typed, or asked for it; a worker that stopped in between does not make it anything else."""
    return replace(claim, urgency=min(claim.urgency, OWN_ACT))


def allowance_for(on: Resources, visit: Visit) -> WriteAllowance | None:
    """What the page's budget says to a write that follows from Jira; None where the budget has no say."""
    table = visit.table
    is_drift = visit.differs is Difference.FACTS and visit.claim.urgency > OWN_ACT and table.written_version > 0
    if not is_drift:
        return None
    deployment = visit.connection.deployment
    budget = write_budget(on.settings, deployment, table.write_bucket, table.write_refill_minutes)
    return take_write(table.tokens, table.tokens_at, visit.at, bucket=budget.bucket, refill=budget.refill)


def write_page(
    on: Resources,
    visit: Visit,
    client: PageStore,
    seen: Page,
    look: Look | None,
    renewed: RenewedBody | None,
    again_at: datetime | None,
) -> None:
    """Read once more right before writing, because an inline comment raises no version; then write.

    ``renewed``: the body of ``seen`` with our table as it should be, where that is known already. ``again_at``: when
    time may have changed a figure next. Conflict where somebody published since ``seen`` was read.
    """
    page = client.read(seen.page_id)
    if page.version != seen.version:
        raise Conflict("the page was changed while we looked at it")
    if look is None or page.body != seen.body:
        look, renewed = look_at(page, visit.table, visit.intended), None
    renewed = renewed or put_in(page, look, visit.intended, visit.table)
    message = _message(visit)
    allowance = allowance_for(on, visit)
    remember_sending(on, visit, page, renewed, look, message, allowance)
    try:
        version = client.write(page, renewed.body, message)
    except (Forbidden, Gone, Rejected):
        forget_sending(on, visit)
        raise
    after = client.read(page.page_id)
    is_ours = after.version == version
    ours = after if is_ours else replace(page, body=renewed.body, version=version)
    ours = keep_comments(on, visit, client, ours, comment_refs(page.body), is_current=is_ours)
    remember_written(on, visit, ours, look, renewed, message, allowance, again_at)


def keep_comments(
    on: Resources, visit: Visit, client: PageStore, ours: Page, had: frozenset[str], *, is_current: bool = True
) -> Page:
    """Look for inline comments that were added between our read and our write, and put them back.

    ``ours`` is the version that we wrote over a body with the comments ``had``. Such a comment raises no version [S:
    hunyadi/md2conf issue 277]: it stands in the version before ours from then on [U], and nowhere else. Returns the
    version of ours that stands in the page now. Where somebody has published since (not ``is_current``), nobody but a
    person can put it back: it is said in the log.
    """
    try:
        before = client.read_version(ours.page_id, ours.version - 1)
    except Gone:
        # Confluence keeps that version no longer: the page itself stands, and there is nothing to compare it with.
        return ours
    if comment_refs(before.body) <= had:
        return ours
    if not is_current:
        remember_comment_lost(on, visit, ours)
        return ours
    commented = replace(ours, body=before.body)
    look = look_at(commented, visit.table, visit.intended)
    renewed, message = put_in(commented, look, visit.intended, visit.table), comment_kept_message(visit.now.language)
    if comment_refs(renewed.body) <= comment_refs(ours.body):
        # They stood in cells that are no more.
        return ours
    remember_version(on, visit, ours)
    remember_sending(on, visit, replace(ours, body=before.body), renewed, look, message, None)
    try:
        version = client.write(ours, renewed.body, message)
    except (Conflict, Forbidden, Gone, Rejected):
        forget_sending(on, visit)
        remember_comment_lost(on, visit, ours)
        return ours
    return replace(ours, body=renewed.body, version=version, message=message)


def _message(visit: Visit) -> str:
    if not visit.table.written_version:
        return "OKR table added"
    if visit.differs is Difference.TIME:
        return daily_message(visit.now.language)
    before = fields_from_json(visit.table.intended_fields)
    last, now = visit.table.intended, visit.intended
    return what_changed(before, now.fields, visit.now.language, last=last, now=now.fingerprint)
