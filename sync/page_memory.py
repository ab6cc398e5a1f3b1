"""What a visit to a page leaves in the database, each in one short transaction together with the end of its claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.pacing import WriteAllowance
from connector.store import activity, connection_state, page_visits, put_back, table_glance, tables, typed_texts
from connector.store.claim_check import check_held
from connector.store.connections import Connection
from connector.store.page_visits import Written
from connector.store.sendings import forget_last_sending, record_sending
from connector.store.tables import PageTable, TableState
from connector.store.work import Claim, mark_due, record_done
from mapping.comment_markers import comment_refs
from mapping.region_memory import memory_as_json
from mapping.region_sight import RenewedBody
from mapping.table_changes import Difference
from mapping.table_intended import Intended
from mapping.table_parts import Shape, Table
from sync.page_findings import findings_of
from sync.page_look import Fields, Look, ReadBack, fields_to_json, kept_fields, read_after, without_kept
from sync.ports import Page, Resources

WHO = "OKR Connector"
# A person's own act (a check-in, a new table) is written at once, whatever the budget.
OWN_ACT = 1
# How urgent a visit is that only waits for its turn or for its time.
LATER = 5
# What a person did is in the log already, and what is as it should be needs no line there.
_WITHOUT_NEWS = frozenset({TableState.CURRENT, TableState.WAITING, TableState.PAUSED, TableState.FINISHED})


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit knows from the start. ``differs``: how the table to write differs from what we last intended.
    ``figures_wait``: how long to wait for figures that are not known yet; None where all are. ``account_id``: ours, as
    versions of the page name it; empty where nobody told us. ``paused``: nothing may be written now."""

    claim: Claim
    at: datetime
    table: PageTable
    connection: Connection
    intended: Intended
    differs: Difference
    figures_wait: timedelta | None
    cycle_open: bool
    account_id: str
    paused: bool

    @property
    def now(self) -> Table:
        """The table as the page should show it."""
        return self.intended.table

    @property
    def is_finished(self) -> bool:
        """A snapshot stands in its page as it was taken, and is ours to change no longer."""
        table = self.table
        return table.shape == Shape.SNAPSHOT and table.written_version > 0 and not table.must_write

    @property
    def cause(self) -> str:
        """Why a write is made now: something that people did, a change in Jira, or time alone."""
        if self.claim.urgency <= OWN_ACT or not self.table.written_version:
            return "people"
        return "time" if self.differs is Difference.TIME else "jira"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a visit ended without a write: the table's state, and when to come again (None: when something changes).
    ``listed``: the version that Confluence lists of a page that it does not let us read. ``is_said``: the page says
    already what we intend now."""

    state: TableState
    detail: str = ""
    again_at: datetime | None = None
    listed: int = 0
    is_said: bool = False


def remember_standing(
    on: Resources, visit: Visit, standing: Standing, page: Page | None = None, look: Look | None = None
) -> None:
    """The visit ends without a write."""
    workspace_id, table = visit.claim.workspace_id, visit.table
    with on.database.write() as conn:
        news = tables.record_table_state(conn, workspace_id, table.id, standing.state, visit.at, standing.detail)
        if news and standing.state not in _WITHOUT_NEWS:
            text = f"{table.page_title or table.region_id}: {standing.detail}"
            activity.record_activity(conn, workspace_id, at=visit.at, who=WHO, text=text, url=table.page_url)
        page_visits.record_visit(
            conn,
            workspace_id,
            table.id,
            at=visit.at,
            # A page that is not even listed has no version: it is news when it can be seen again.
            seen_version=page.version if page else standing.listed,
            page_title=page.title if page else table.page_title,
            page_url=page.url if page else table.page_url,
            findings=_findings(conn, visit, look) if look else table.findings,
        )
        if standing.is_said and page is not None and look is not None and table.put_back_at:
            _remember_found(conn, visit, page, look)
        elif standing.is_said:
            fields = fields_to_json(visit.intended.fields)
            page_visits.record_intention(conn, workspace_id, table.id, visit.intended.fingerprint, fields)
        connection_state.count_calls(conn, workspace_id, visit.connection.id, 1, visit.at.date())
        record_done(conn, visit.claim)
        if standing.again_at is not None:
            # What stands in the way of a person's own act does not make it anything else.
            urgency = LATER if standing.state is TableState.CURRENT else visit.claim.urgency
            mark_due(conn, workspace_id, "table", [str(table.id)], standing.again_at, urgency=urgency)


def _remember_found(conn: Transaction, visit: Visit, page: Page, look: Look) -> None:
    """A version of ours from after the backup that was put back says what we intend: it is the one to remember now."""
    reading = look.reading
    found = ReadBack(dict(reading.fields), reading.summary) if reading else ReadBack({}, "")
    kept = kept_still(conn, visit, kept_fields(look, visit.intended))
    written = _written(visit, page, page.message, page.at or visit.at, found, kept, must_write=False)
    page_visits.record_written(conn, visit.claim.workspace_id, visit.table.id, replace(written, cause=""))
    put_back.trust_table(conn, visit.claim.workspace_id, visit.table.id)


def remember_sending(
    on: Resources,
    visit: Visit,
    page: Page,
    renewed: RenewedBody,
    look: Look,
    message: str,
    allowance: WriteAllowance | None,
) -> None:
    """A write is about to be sent. Should its answer, or we, get lost, the next visit can tell what became of it.

    Raises ClaimLost where somebody else may be visiting the page by now.
    """
    sending = {
        "message": message,
        "as_of": visit.at.isoformat(),
        "fingerprint": visit.intended.fingerprint,
        "intended": fields_to_json(visit.intended.fields),
        "region": renewed.part,
        "kept": fields_to_json(kept_fields(look, visit.intended)),
        "must_write": visit.table.must_write,
        "comments": sorted(comment_refs(page.body)),
        "tokens": allowance.tokens if allowance else None,
        "tokens_at": allowance.tokens_at.isoformat() if allowance else None,
        "cause": visit.cause,
    }
    with on.database.write() as conn:
        check_held(conn, visit.claim)
        record_sending(conn, visit.claim.workspace_id, visit.table.id, page.version + 1, sending)


def forget_sending(on: Resources, visit: Visit) -> None:
    """The write that was announced last was refused. Raises ClaimLost where somebody else may be writing by now."""
    with on.database.write() as conn:
        check_held(conn, visit.claim)
        forget_last_sending(conn, visit.claim.workspace_id, visit.table.id)


def remember_version(on: Resources, visit: Visit, page: Page) -> None:
    """A version of ours that another one of ours is about to follow. Whoever has the claim by now, it is ours."""
    with on.database.write() as conn:
        page_visits.record_version(
            conn, visit.claim.workspace_id, visit.table.id, page.version, on.clock.now(), page.message,
            cause=visit.cause,
        )  # fmt: skip


def remember_comment_lost(on: Resources, visit: Visit, page: Page) -> None:
    """An inline comment was added while we wrote, and somebody published before it could be put back."""
    text = (
        f"{page.title}: an inline comment that was added before version {page.version} may have lost its place. "
        f"It stands in version {page.version - 1}."
    )
    with on.database.write() as conn:
        activity.record_activity(conn, visit.claim.workspace_id, at=visit.at, who=WHO, text=text, url=page.url)


def remember_written(
    on: Resources,
    visit: Visit,
    page: Page,
    look: Look,
    renewed: RenewedBody,
    message: str,
    allowance: WriteAllowance | None,
    again_at: datetime | None,
) -> None:
    """Our version stands in the page; ``page`` is that version, as read back or as sent, after what ``look`` saw was
    ``renewed``. The claim ends."""
    workspace_id, table = visit.claim.workspace_id, visit.table
    settled = {key: visit.intended.rows[key] for key in renewed.settled}
    found, at = read_after(page.body, table, look, settled), on.clock.now()
    with on.database.write() as conn:
        before = kept_fields(look, visit.intended)
        kept = kept_still(conn, visit, before)
        must_write = kept != before or was_asked_since(conn, visit, visit.table.must_write)
        written = _written(visit, page, message, at, found, kept, must_write=must_write)
        page_visits.record_visit(
            conn, workspace_id, table.id, at=visit.at, seen_version=page.version,
            page_title=page.title, page_url=page.url, findings=_findings(conn, visit, look),
        )  # fmt: skip
        page_visits.record_written(conn, workspace_id, table.id, written)
        if table.put_back_at:
            put_back.trust_table(conn, workspace_id, table.id)
        if allowance is not None:
            page_visits.record_tokens(conn, workspace_id, table.id, allowance.tokens, allowance.tokens_at)
        state = TableState.FINISHED if table.shape == Shape.SNAPSHOT else TableState.CURRENT
        tables.record_table_state(conn, workspace_id, table.id, state, visit.at)
        text = f"{page.title} written, version {page.version}: {message}"
        activity.record_activity(conn, workspace_id, at=written.at, who=WHO, text=text, url=page.url)
        connection_state.count_calls(conn, workspace_id, visit.connection.id, 5, visit.at.date())
        record_done(conn, visit.claim)
        if again_at is not None:
            mark_due(conn, workspace_id, "table", [str(table.id)], again_at)


def _written(
    visit: Visit, page: Page, message: str, at: datetime, found: ReadBack, kept: Fields, *, must_write: bool
) -> Written:
    return Written(
        version=page.version,
        at=at,
        as_of=visit.at,
        message=message,
        fingerprint=visit.intended.fingerprint,
        intended_fields=fields_to_json(visit.intended.fields),
        read_back=fields_to_json(without_kept(found.fields, kept)),
        read_back_lines=found.lines,
        region_memory=memory_as_json(found.memory),
        must_write=must_write,
        cause=visit.cause,
    )


def kept_still(conn: Transaction, visit: Visit, kept: Fields) -> Fields:
    """What stayed as typed and waits still. What a person settled while we wrote is to be filled by another write."""
    waiting = typed_texts.load_waiting(conn, visit.claim.workspace_id, visit.table.id)
    open_fields = {(text.key_result_key, text.column) for text in waiting}
    return {field: text for field, text in kept.items() if field in open_fields}


def was_asked_since(conn: Transaction, visit: Visit, asked_before: bool) -> bool:
    """Somebody asked for a write while we were at it; ours may not show yet what was asked for."""
    return not asked_before and table_glance.is_asked_to_write(conn, visit.claim.workspace_id, visit.table.id)


def _findings(conn: Transaction, visit: Visit, look: Look) -> list[dict[str, str]]:
    return findings_of(look, typed_texts.load_waiting(conn, visit.claim.workspace_id, visit.table.id))
