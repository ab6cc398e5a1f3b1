"""The database and the page of a real house, as a state of the model, and a state of the model as far as that can be
seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection as Transaction
from sqlalchemy import select

from connector.store import check_ins, completions, issues, tables
from connector.store.rows import AnyRow
from connector.store.schema import lease, work
from connector.store.sendings import sendings_of
from connector.store.tables import PageTable
from sync.page_look import read_back
from tests.model.gates import RealWorker
from tests.model.page import OLDER
from tests.model.real_house import KEY, RealHouse
from tests.model.sites_in_memory import EPIC_ID, STATUSES
from tests.model.state import (
    DEAD,
    NOBODY,
    OPEN,
    PERSON,
    TAKEN,
    US,
    Kind,
    Lease,
    Row,
    State,
)  # fmt: skip
from tests.site.roster import SYNC
from tests.typed_texts import load_typed_texts

_FIGURE = re.compile(r"(not started|started|done), by status")
_SHOWN = ("not started", "started", "done")
_MOMENT = re.compile(r"as of ([^·]*)")
_STANDS = {"stay": "stand", "intend": "stand", "wait": "stand"}


class Seen(NamedTuple):
    """What can be compared. ``moments``: which of them are the same, told by the first place where each is named."""

    at: tuple[str, ...]
    truth: int
    stored: int
    counted: int
    rows: tuple[Row | None, ...]
    lease: Lease | None
    memory: tuple[int, ...]
    sendings: tuple[tuple[int, int, int], ...]
    page: tuple[tuple[str, int, int], ...]
    typed: tuple[str, ...]
    draft: bool
    moments: tuple[int, ...]


def seen_in_model(state: State, *, with_lease: bool) -> Seen:
    memory = state.memory
    sent, stood = (each.moment for each in memory.sendings), (each.moment for each in state.page)
    moments = (memory.moment, *sent, *stood)
    return Seen(
        at=tuple(_STANDS.get(worker.at, worker.at) for worker in state.workers),
        truth=state.truth,
        stored=state.stored,
        counted=state.counted,
        rows=state.rows,
        lease=state.lease if with_lease else None,
        memory=(memory.figure, memory.cell, memory.read_back, memory.seen),
        sendings=tuple((each.number, each.figure, each.cell) for each in memory.sendings),
        page=tuple((each.author, each.figure, each.cell) for each in state.page),
        typed=state.typed,
        draft=state.draft,
        moments=_first_places(moments),
    )


def seen_in_house(house: RealHouse, workers: Sequence[RealWorker], *, with_lease: bool) -> Seen:
    """``workers``: those that live. A token of anybody else is one of the dead."""
    with house.on.database.read() as conn:
        table = tables.load_table(conn, house.workspace_id, house.table_id)
        memory = _memory(table)
        sendings = sendings_of(table)
        pages = [page for page in house.page.versions_made if page.version >= table.written_version]
        shown = [_said(read_back(page.body, table).fields) for page in pages]
        sent = [_said(read_back(each.kept["region"], table).fields) for each in sendings]
        moments = [table.read_back_lines]
        moments += [read_back(each.kept["region"], table).lines for each in sendings]
        moments += [read_back(page.body, table).lines for page in pages]
        return Seen(
            at=tuple(worker.at for worker in workers),
            truth=house.epic.truth,
            stored=_stored(conn, house),
            counted=_counted(conn, house),
            rows=tuple(_row(conn, house, kind, workers) for kind in Kind),
            lease=_lease(conn, house) if with_lease else None,
            memory=memory,
            sendings=tuple(
                (each.number - table.written_version, *said) for each, said in zip(sendings, sent, strict=True)
            ),
            page=tuple(
                (US if page.author_id == SYNC.account_id else PERSON, *said)
                for page, said in zip(pages, shown, strict=True)
            ),
            typed=_typed(conn, house),
            draft=house.page.draft,
            moments=_first_places([_moment(lines) for lines in moments]),
        )


def _first_places(moments: Sequence[object]) -> tuple[int, ...]:
    return tuple(moments.index(moment) for moment in moments)


def _moment(lines: str) -> str:
    found = _MOMENT.search(lines)
    return found.group(1) if found else lines


def _said(fields: Mapping[Any, str]) -> tuple[int, int]:
    """Figure and cell, of fields with keys of either kind."""
    by_name = {
        str(name[1]) if isinstance(name, tuple) else name.partition("|")[2]: text for name, text in fields.items()
    }
    return figure_in(by_name["initiatives"]), text_number(by_name["next_step"])


def figure_in(text: str) -> int:
    """What a cell, or the body of a page, says of the epic."""
    found = _FIGURE.search(text)
    assert found, text
    return _SHOWN.index(found.group(1))


def text_number(text: str) -> int:
    return int(text.removeprefix("text "))


def _memory(table: PageTable) -> tuple[int, ...]:
    read = {name: text for name, text in table.read_back.items() if name == f"{KEY}|next_step"}
    seen = max(table.seen_version - table.written_version, OLDER)
    return (*_said(table.intended_fields), text_number(read[f"{KEY}|next_step"]), seen)


def _stored(conn: Transaction, house: RealHouse) -> int:
    kept = issues.load_issues(conn, house.workspace_id, house.jira_id, [EPIC_ID])[EPIC_ID]
    return STATUSES.index(str(kept.snapshot.status_category))


def _counted(conn: Transaction, house: RealHouse) -> int:
    kept = completions.load_completions(conn, house.workspace_id, house.jira_id, [EPIC_ID])[EPIC_ID]
    return STATUSES.index(str(kept.own_status))


def _typed(conn: Transaction, house: RealHouse) -> tuple[str, ...]:
    """What became of each text that stands in any version by a person."""
    said = check_ins.load_check_ins(conn, house.workspace_id, [KEY])[KEY][1:]
    kept = load_typed_texts(conn, house.workspace_id, house.table_id)
    outcomes = {text_number(text.text): text.outcome for text in kept}
    outcomes |= {text_number(each.next_step): TAKEN for each in said}
    assert len({each.next_step for each in said}) == len(said), "a text is a check-in twice"
    return tuple(outcomes.get(number, OPEN) for number in range(1, _published(house) + 1))


def _published(house: RealHouse) -> int:
    return sum(page.author_id != SYNC.account_id for page in house.page.versions_made[1:])


def rows_of(conn: Transaction, house: RealHouse) -> dict[Kind, AnyRow]:
    """The rows of the work table, by kind."""
    found = conn.execute(select(work).where(work.c.workspace_id == house.workspace_id))
    return {Kind[row.kind.upper()]: row for row in found}


def _row(conn: Transaction, house: RealHouse, kind: Kind, workers: Iterable[RealWorker]) -> Row | None:
    row, now = rows_of(conn, house).get(kind), house.clock.now()
    if row is None:
        return None
    assert row.target == house.target(row.kind)
    is_claimed = row.claim_token is not None
    return Row(
        token=_holder(row, workers) if is_claimed else NOBODY,
        ran_out=is_claimed and row.claimed_until <= now,
        moved=is_claimed and row.generation != row.claimed_generation,
        later=row.due_at > now,
        held_back=_is_later(row.not_before, now),
        own_act=row.urgency <= 1,
    )


def _holder(row: AnyRow, workers: Iterable[RealWorker]) -> int:
    mine = (who for who, worker in enumerate(workers) if worker.claim and worker.claim.token == row.claim_token)
    return next(mine, DEAD)


def _is_later(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _lease(conn: Transaction, house: RealHouse) -> Lease:
    row = conn.execute(select(lease).where(lease.c.name == "timer")).one_or_none()
    if row is None:
        return Lease()
    holder = int(row.holder) if row.holder.isdigit() else DEAD
    return Lease(holder, row.until <= house.clock.now())
