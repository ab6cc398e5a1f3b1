"""The step of a visit that belongs to people: what they typed is in the database before the page is written again.

Everything is kept in one transaction: the check-ins, what waits and why, and what the cells are compared with from now
on. So a visit that ends anywhere, and starts again, makes of each text exactly one check-in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection as Transaction

from connector.store import okrs, page_visits, tables, typed_texts
from connector.store.activity import record_activity
from connector.store.claim_check import check_held
from connector.store.page_visits import TypedText
from connector.store.typed_texts import REPLACED
from connector.store.work import mark_due
from mapping.okr import KeyResult
from mapping.region_reading import TypedChange
from mapping.table_changes import input_cells
from mapping.table_parts import Column
from mapping.visible_text import folded
from sync.forgotten_versions import without_own_words
from sync.page_findings import findings_of
from sync.page_look import Look, fields_to_json
from sync.page_memory import Visit
from sync.ports import Page, PageStore, Resources
from sync.typed_accounts import Authors, look_up
from sync.typed_check_ins import record_typed, rows_of
from sync.typed_judgement import TAKEN, Circumstances, judge, note_lost
from sync.typed_rights import load_rights
from sync.typed_versions import Since, Traced, TypedIn, authors, trace

SUPERSEDED = "superseded"
# As a person's own act: whoever typed waits for the figures that follow from it.
AT_ONCE = 1
# Versions are listed no farther back than this, where ours is older, or where there is none.
FARTHEST = 100


@dataclass(frozen=True, slots=True)
class _News:
    """What a look shows that is not known yet. ``stale``: what waited and does not stand there any more."""

    typed: tuple[TypedChange, ...]
    replaced: tuple[TypedChange, ...]
    stale: tuple[TypedText, ...]

    @property
    def changes(self) -> tuple[TypedChange, ...]:
        return (*self.typed, *self.replaced)


def take_typed_text(on: Resources, visit: Visit, client: PageStore, page: Page, look: Look) -> bool:
    """Keep what people typed since we last knew the cells. True where anything of it was new: then the figures, and
    what the page is to say, may have changed.

    Raises ClaimLost where somebody else may be visiting the page by now.
    """
    news = _news(on, visit, look)
    if not news.changes and not news.stale:
        return False
    found = trace(client, page, _since(on, visit, page), news.changes) if news.changes else Traced()
    people = look_up(on, visit, client, authors((*found.typed, *found.typed_over)))
    # Reading may have taken minutes, in which people typed: nothing was said later than it is taken.
    visit = replace(visit, at=on.clock.now())
    with on.database.write() as conn:
        check_held(conn, visit.claim)
        is_new = _keep(conn, visit, page, look, news, found, people)
    if is_new:
        on.bell.ring()
    return is_new


def _news(on: Resources, visit: Visit, look: Look) -> _News:
    workspace_id, table = visit.claim.workspace_id, visit.table
    with on.database.read() as conn:
        waiting = typed_texts.load_waiting(conn, workspace_id, table.id)
        replaced = typed_texts.load_replaced(conn, workspace_id, table.id, table.written_version)
    known = _texts(waiting)
    return _News(
        typed=tuple(change for change in look.typed if not _is_among(change, known)),
        # An older table is ours to write anew, not something that people typed.
        replaced=() if look.is_older else tuple(c for c in look.replaced if not _is_among(c, _texts(replaced))),
        stale=tuple(text for text in waiting if _is_stale(text, visit, look)),
    )


def _texts(texts: Sequence[TypedText]) -> dict[tuple[str, str], str]:
    return {(text.key_result_key, text.column): text.text for text in texts}


def _is_among(change: TypedChange, known: dict[tuple[str, str], str]) -> bool:
    text = known.get((change.key, change.column))
    return text is not None and folded(text) == folded(change.new)


def _is_news(typed_over: TypedChange, news: _News) -> bool:
    """Whether people may type there, and it is no text that waited already."""
    fields = {(change.key, change.column) for change in news.typed}
    return (typed_over.key, typed_over.column) in fields and not _is_among(typed_over, _texts(news.stale))


def _is_stale(text: TypedText, visit: Visit, look: Look) -> bool:
    """Something else was typed over it, or it was set back, or nobody may type there any more. A cell that is missing
    for now, with its row or the header of its column, says nothing."""
    field = (text.key_result_key, Column(text.column))
    if field not in input_cells(visit.now):
        return True
    stands = any((c.key, c.column) == field and folded(c.new) == folded(text.text) for c in look.typed)
    return not stands and look.reading is not None and field in look.reading.fields


def _since(on: Resources, visit: Visit, page: Page) -> Since:
    table = visit.table
    with on.database.read() as conn:
        ours = page_visits.versions_of_page(
            conn, visit.claim.workspace_id, table.connection_id, table.page_id, table.written_version
        )
        kept_at = typed_texts.newest_versions(conn, visit.claim.workspace_id, table.id, table.written_version)
    known = max(table.written_version, page.version - FARTHEST)
    return Since(known, table.seen_version, ours, table.region_id, visit.now.language, kept_at)


def _keep(
    conn: Transaction,
    visit: Visit,
    page: Page,
    look: Look,
    news: _News,
    found: Traced,
    people: Authors,
) -> bool:
    """False where there was nothing to keep: what a restored version brought into computed cells is nobody's."""
    workspace_id, table_id = visit.claim.workspace_id, visit.table.id
    people.keep(conn, visit)
    typed_texts.settle_typed(conn, workspace_id, table_id, news.stale, SUPERSEDED)
    known = _circumstances(conn, visit, look, news, people)
    if visit.table.put_back_at:
        found = without_own_words(found, visit, known.key_results)
    texts = [
        *note_lost([each for each in found.typed_over if _is_news(each.change, news)], known, SUPERSEDED),
        *judge([each for each in found.typed if each.change in news.typed], known),
        *note_lost([each for each in found.typed if each.change in news.replaced], known, REPLACED),
    ]
    are_new = [text for text in texts if page_visits.record_typed_text(conn, workspace_id, table_id, text)]
    taken = [text for text in texts if text.outcome == TAKEN]
    if taken:
        _take(conn, visit, page, taken, known)
    nobodys = _nobodys(news, found.typed)
    _remember(conn, visit, look, taken, nobodys, news.stale)
    return bool(are_new or taken or news.stale or nobodys)


def _circumstances(conn: Transaction, visit: Visit, look: Look, news: _News, people: Authors) -> Circumstances:
    keys = {change.key for change in news.changes}
    key_results: dict[str, KeyResult] = okrs.load_key_results(conn, visit.claim.workspace_id, keys)
    return Circumstances(
        key_results=key_results,
        language=visit.now.language,
        rights=load_rights(conn, visit, key_results.values()),
        authors=people,
        is_older=look.is_older,
        our_account=visit.account_id,
        put_back=visit.table.put_back_at is not None,
    )


def _take(conn: Transaction, visit: Visit, page: Page, taken: Sequence[TypedText], known: Circumstances) -> None:
    workspace_id, table = visit.claim.workspace_id, visit.table
    keys = record_typed(conn, workspace_id, table, taken, known.key_results, visit.at)
    known.rights.pin(conn, visit, [(text.key_result_key, known.authors.of(text.author_id)) for text in taken])
    for row in rows_of(taken).values():
        text = f"checked in on {row[0].key_result_key} by typing in {page.title}, version {row[0].version}"
        record_activity(conn, workspace_id, at=visit.at, who=row[0].author_name, text=text, url=page.url)
    # Also this table: should this visit end here, the next one is a person's own act still.
    showing = map(str, tables.tables_showing(conn, workspace_id, keys))
    mark_due(conn, workspace_id, "table", showing, visit.at, urgency=AT_ONCE, retry=True)


def _nobodys(news: _News, found: Sequence[TypedIn]) -> list[TypedChange]:
    """Confluence shows differently what we wrote ourselves."""
    typed = [each.change for each in found]
    return [change for change in news.changes if change not in typed]


def _remember(
    conn: Transaction,
    visit: Visit,
    look: Look,
    taken: Sequence[TypedText],
    nobodys: Sequence[TypedChange],
    stale: Sequence[TypedText],
) -> None:
    """What was read back moves to what was taken. The row is read again: a person may have settled something since."""
    workspace_id, table_id = visit.claim.workspace_id, visit.table.id
    table = tables.load_table(conn, workspace_id, table_id)
    moved = {f"{text.key_result_key}|{text.column}": text.text for text in taken}
    moved |= {f"{change.key}|{change.column}": change.new for change in nobodys}
    page_visits.record_settled(
        conn,
        workspace_id,
        table_id,
        read_back=_set_back(visit, look, stale) | table.read_back | moved,
        findings=findings_of(look, typed_texts.load_waiting(conn, workspace_id, table_id)),
        must_write=table.must_write,
    )


def _set_back(visit: Visit, look: Look, stale: Sequence[TypedText]) -> dict[str, str]:
    """What the cells of texts that wait no longer say, or are to say, of which nothing was remembered while they waited
    (``page_look.without_kept``): from now on, whatever is typed there is news, also where no write follows at once."""
    waiting = {(change.key, change.column) for change in look.typed}
    fields = [(text.key_result_key, Column(text.column)) for text in stale]
    known = visit.intended.fields
    return fields_to_json({field: known[field] for field in fields if field in known and field not in waiting})
