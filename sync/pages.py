"""One visit to a page: read → take what people typed → render → read again → write at version + 1 → remember.

Only our table is replaced, only at exactly the version that was read, only if what we intend differs from what we last
intended, and never more often than the page's write budget allows. Whatever stands in the way is a state of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from enum import Enum

from connector.errors import Conflict, Forbidden, Gone
from connector.store.claim_check import begin_anew
from connector.store.tables import TableState
from connector.store.work import Claim, record_done
from mapping.page_region import NotWellFormed
from mapping.region_reading import is_same_but_for_moment
from mapping.region_sight import RenewedBody, part_of
from mapping.sentences import sentence
from mapping.table_changes import Difference
from mapping.table_parts import Shape
from sync.forgotten_versions import is_ours_now, look_past_forgotten
from sync.page_look import Look, look_at, put_in, shows_emptied, shows_other
from sync.page_memory import OWN_ACT, Standing, Visit, remember_standing
from sync.page_settle import settle_lost_reply
from sync.page_write import allowance_for, as_own_act, write_page
from sync.pausing import paused_words
from sync.ports import Page, PageStore, Resources
from sync.typed_judgement import is_restored
from sync.typed_taking import take_typed_text
from sync.visit_start import prepare_visit

MOST_TRIES = 5
DRAFT_WAIT = timedelta(minutes=5)
AWAY_WAIT = timedelta(minutes=30)
# What only time changes goes into one write a day, at this hour (UTC).
DAILY = time(6, 0)

READING_FIRST = sentence("Reading Jira for the first time.")
READING_AGAIN = sentence("A backup was put back: Jira is read again before the page is written.")
NOT_THERE = sentence("The page is not there, or our account may not see it.")
MAY_NOT_EDIT = sentence(
    "Our account may not read or edit the page. Give it that right in the page's restrictions or its space."
)
LIVE_DOC = sentence(
    "It is a live doc, which has no safe moment to write. Move the table to a page, or make this one a page."
)
TAKEN_OUT = sentence("A person took the table out of the page. We never put it back unasked.")
PAUSED = sentence("All writing is paused. What people type is taken; the page is written when somebody resumes it.")
OPEN_DRAFT = sentence("Somebody has unpublished changes to the page. We write when they are published or given up.")


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
            ended = _visit_once(on, visit)
            if ended is _Ended.DONE:
                return
            if ended is _Ended.TYPED:
                # What was taken marked this table, too; the look that comes now answers that mark.
                with on.database.write() as conn:
                    claim = as_own_act(begin_anew(conn, claim))
        except Conflict:
            # Somebody published between our read and our write: read again and redo all of it.
            continue
    raise Conflict("the page was changed each time while we looked at it")


class _Ended(Enum):
    """SETTLED and TYPED: everything has to be looked at again, because a write of ours turned out to have been applied,
    or because somebody had typed something."""

    DONE = "done"
    SETTLED = "settled"
    TYPED = "typed"


def _visit_once(on: Resources, visit: Visit) -> _Ended:
    client = on.sites.confluence(visit.connection)
    page: Page | None = None
    try:
        if visit.table.sending is not None:
            page = client.read(visit.table.page_id)
            if settle_lost_reply(on, visit, client, page):
                return _Ended.SETTLED
        standing = _reason_not_to_read(visit)
        if standing is not None:
            remember_standing(on, visit, standing)
            return _Ended.DONE
        page = page or client.read(visit.table.page_id)
        return _read_to_end(on, visit, client, page)
    except Gone:
        # Confluence says so too of a page that may be read and not written.
        standing = _unseen(visit, client, TableState.NO_PAGE, NOT_THERE) if page is None else _refused(visit)
        remember_standing(on, visit, standing, page)
    except Forbidden:
        standing = _unseen(visit, client, TableState.NO_PERMISSION, MAY_NOT_EDIT) if page is None else _refused(visit)
        remember_standing(on, visit, standing, page)
    return _Ended.DONE


def _reason_not_to_read(visit: Visit) -> Standing | None:
    if visit.is_finished:
        return Standing(TableState.FINISHED)
    table = visit.table
    if visit.figures_wait is None or (table.written_version and not table.put_back_at):
        return None
    words = READING_AGAIN if table.put_back_at else READING_FIRST
    return Standing(TableState.WAITING, words, visit.at + visit.figures_wait, table.seen_version)


def _unseen(visit: Visit, client: PageStore, state: TableState, why: str) -> Standing:
    """A page that is listed although it cannot be read is asked for again after a while, not at every look around."""
    listed = client.present_versions([visit.table.page_id])
    return Standing(state, why, visit.at + AWAY_WAIT, listed.get(visit.table.page_id, 0))


def _refused(visit: Visit) -> Standing:
    return Standing(TableState.NO_PERMISSION, MAY_NOT_EDIT, visit.at + AWAY_WAIT)


def _read_to_end(on: Resources, visit: Visit, client: PageStore, page: Page) -> _Ended:
    look, standing = _look(visit, page)
    if look is not None and visit.table.put_back_at:
        look = look_past_forgotten(visit, client, page, look)
    if look is not None and _has_cells(look) and take_typed_text(on, visit, client, page, look):
        return _Ended.TYPED
    renewed = None
    if standing is None and look is not None:
        visit = _with_older_table(visit, page, look)
        standing = _reason_not_to_write(visit, look)
        if standing is None and _may_be_said_already(visit, page, look):
            renewed = put_in(page, look, visit.intended, visit.table)
            standing = _said_already(visit, look, renewed)
        standing = standing or _reason_to_wait(on, visit, client, page)
    if standing is None:
        write_page(on, visit, client, page, look, renewed, _next_daily(visit))
    else:
        remember_standing(on, visit, standing, page, look)
    return _Ended.DONE


def _has_cells(look: Look) -> bool:
    """Whether there are cells in which somebody may have typed."""
    return look.sight is not None and not look.unreadable


def _with_older_table(visit: Visit, page: Page, look: Look) -> Visit:
    """Where the page no longer shows the facts that we wrote last. That somebody restored an older version is an act of
    theirs; whatever else brings old figures back, such as another service that writes there, waits for the budget.
    What somebody only emptied is filled again once a day. After a backup was put back nobody knows what it shows."""
    if visit.table.put_back_at:
        return replace(visit, differs=Difference.FACTS)
    was_restored = is_restored(page.message) and page.author_id != visit.account_id
    if was_restored and (look.is_older or look.replaced):
        return replace(visit, differs=Difference.FACTS, claim=as_own_act(visit.claim))
    is_old = look.is_older or (visit.claim.urgency <= OWN_ACT and shows_other(look, visit.intended))
    if is_old:
        return replace(visit, differs=Difference.FACTS)
    is_emptied = visit.differs is Difference.NONE and shows_emptied(look, visit.intended)
    return replace(visit, differs=Difference.TIME) if is_emptied else visit


def _may_be_said_already(visit: Visit, page: Page, look: Look) -> bool:
    """What somebody typed may be all that we have to say, also where a mark of Jira's has taken the place of theirs."""
    table = visit.table
    if table.put_back_at and not is_ours_now(visit, page):
        return False
    return not table.must_write and table.written_version > 0 and _has_cells(look)


def _said_already(visit: Visit, look: Look, renewed: RenewedBody) -> Standing | None:
    """Then nothing is written, and this is what we intend."""
    if look.sight is None or not is_same_but_for_moment(renewed.part, part_of(look.sight)):
        return None
    return Standing(TableState.CURRENT, "", _next_daily(visit), is_said=True)


def _look(visit: Visit, page: Page) -> tuple[Look | None, Standing | None]:
    if page.status != "current":
        return None, Standing(TableState.NO_PAGE, f"The page is {page.status}.", visit.at + AWAY_WAIT)
    if page.subtype == "live":
        return None, Standing(TableState.HELD, LIVE_DOC)
    try:
        return look_at(page, visit.table, visit.intended), None
    except NotWellFormed as error:
        why = f"The page's markup cannot be read ({error}), so it is left as it is."
        return None, Standing(TableState.NOT_READABLE, why)


def _reason_not_to_write(visit: Visit, look: Look) -> Standing | None:
    if look.unreadable:
        return Standing(TableState.NOT_READABLE, look.unreadable)
    if look.sight is None and visit.table.written_version:
        return Standing(TableState.REMOVED, TAKEN_OUT)
    if visit.paused:
        return Standing(TableState.PAUSED, PAUSED)
    if visit.table.paused_at is not None:
        return Standing(TableState.PAUSED, paused_words(visit.table.paused_by))
    if visit.table.must_write or not visit.table.written_version:
        return None
    nothing_new = visit.differs is Difference.NONE
    if nothing_new or (visit.differs is Difference.TIME and not _daily_write_is_due(visit)):
        return Standing(TableState.CURRENT, "", _next_daily(visit))
    return None


def _reason_to_wait(on: Resources, visit: Visit, client: PageStore, page: Page) -> Standing | None:
    draft = client.read_draft(page.page_id)
    if draft.status == "draft" and draft.body != page.body:
        if client.read(page.page_id).version != page.version:
            raise Conflict("the page was published while we looked at it, perhaps by ourselves for another table")
        return Standing(TableState.HELD, OPEN_DRAFT, visit.at + DRAFT_WAIT)
    allowance = allowance_for(on, visit)
    if allowance is None or allowance.allowed:
        return None
    turn = visit.at + timedelta(seconds=allowance.wait_seconds)
    return Standing(TableState.CURRENT, sentence("A change waits for its turn."), turn)


def _daily_write_is_due(visit: Visit) -> bool:
    written = visit.table.written_at
    return written is None or written < _daily_before(visit.at)


def _daily_before(at: datetime) -> datetime:
    today = datetime.combine(at.date(), DAILY, at.tzinfo)
    return today if at >= today else today - timedelta(days=1)


def _next_daily(visit: Visit) -> datetime | None:
    """When time may have changed a figure next; never, once the cycle is closed, and never in a snapshot."""
    may_change = visit.cycle_open and visit.table.shape != Shape.SNAPSHOT
    return _daily_before(visit.at) + timedelta(days=1) if may_change else None
