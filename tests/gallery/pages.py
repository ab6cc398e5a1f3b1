"""The pages that the pictures are taken of, written by the product itself into the stand-in site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from connector.store.okrs import load_cycles
from connector.store.tables import PageTable, load_tables
from sync.commands import add_table
from sync.commands.table_plan import TableWish
from tests.databases import SqliteTemplate, closing
from tests.gallery import okrs
from tests.integration.line import Line, line
from tests.site.confluence_person import WikiPerson
from tests.site.roster import PEOPLE
from tests.site.running import Site


@dataclass(frozen=True, slots=True)
class Picture:
    """One table in a page of its own. ``okrs`` makes the file that it shows; ``opened``: with every expand open;
    ``afterwards``: what happens to the page of this number once it is written."""

    name: str
    okrs: Callable[[date], str]
    shape: str = "table"
    width: str = "wide"
    design: str = "normal"
    language: str = "en"
    team: str = ""
    objective: str = ""
    columns: tuple[str, ...] = ()
    opened: bool = False
    afterwards: Callable[[Line, str], None] | None = None

    @property
    def file(self) -> str:
        return f"{self.name}-{self.width}"


def _nine(today: date) -> str:
    return okrs.as_file(okrs.nine(today))


def _one(today: date) -> str:
    return okrs.as_file(okrs.one(today))


def _sixty(today: date) -> str:
    return okrs.as_file(okrs.sixty(today))


def _closed(today: date) -> str:
    return okrs.as_file(okrs.closed(today))


# Its place in the row, from 0.
CONFIDENCE = 3


def _type_what_waits(made: Line, page_id: str) -> None:
    (table,) = [each for each in tables_of(made) if each.page_id == page_id]
    WikiPerson(made.site.url, PEOPLE[1]).type_in_cell(page_id, table.region_id, "PAY-KR1", CONFIDENCE, "quite ok?")
    made.next_poll()


def _jira_is_away(made: Line, page_id: str) -> None:
    made.site.faults({"path": "/rest/api/3/", "kind": "status", "status": 401, "times": 1000})
    made.next_poll()
    made.after(minutes=45)
    made.site.clear_faults()


PICTURES = (
    Picture("1", _one),
    Picture("1", _one, width="narrow"),
    Picture("9", _nine),
    Picture("9", _nine, width="narrow"),
    Picture("9-legend", _nine, width="narrow", opened=True),
    Picture("9-deutsch", _nine, language="de"),
    Picture("waiting", _one, afterwards=_type_what_waits),
    Picture("away", _one, afterwards=_jira_is_away),
    Picture("60", _sixty),
    Picture("60", _sixty, width="narrow"),
    Picture("60-short", _sixty, design="short"),
    Picture("marks", okrs.marks),
    Picture("marks", okrs.marks, width="narrow"),
    Picture("marks-short", okrs.marks, design="short"),
    Picture(
        "note-and-blockers",
        _nine,
        columns=("key_result", "progress", "now", "confidence", "owner", "note", "blockers", "next_step"),
    ),
    Picture("objective", _nine, shape="objective", width="narrow", objective="PAY-O1"),
    Picture("attention", _nine, shape="attention", width="narrow"),
    Picture("meeting", _nine, shape="meeting", team="Payments"),
    Picture("health", okrs.marks, shape="health", width="narrow"),
    Picture("snapshot", _closed, shape="snapshot", width="narrow"),
)


@dataclass(frozen=True, slots=True)
class Put:
    """A picture's page, written."""

    picture: Picture
    url: str


def put_all(site: Site, folder: Path, template: SqliteTemplate, pictures: Sequence[Picture]) -> Iterator[Put]:
    """Each set of OKRs in a database of its own, with a page for each of its pictures."""
    for number in (1, 2):
        site.create_issue("PAY", f"Found on the way {number}", parent="PAY-412")
    for source in dict.fromkeys(picture.okrs for picture in pictures):
        with ExitStack() as stack:
            database = stack.enter_context(closing(template.copy()))
            made = line(database, site, folder)
            made.connect()
            text = source(made.clock.now().date())
            made.import_text(text)
            for picture in pictures:
                if picture.okrs is source:
                    yield _put(made, picture)


def tables_of(made: Line) -> tuple[PageTable, ...]:
    with made.on.database.read() as conn:
        return load_tables(conn, made.workspace_id)


def _put(made: Line, picture: Picture) -> Put:
    with made.on.database.read() as conn:
        (cycle,) = load_cycles(conn, made.workspace_id)
    page_id = made.site.create_page("OKR", f"Picture {picture.file} {picture.language} {picture.design}", "")
    wish = TableWish(
        page_id,
        cycle.key,
        teams=(picture.team,) if picture.team else (),
        objective_keys=(picture.objective,) if picture.objective else (),
        language=picture.language,
        design=picture.design,
        shape=picture.shape,
        columns=picture.columns,
        width=picture.width,
    )
    table_id = add_table(made.on, made.workspace_id, wish, who="gallery").table_id
    made.work()
    if picture.afterwards:
        picture.afterwards(made, page_id)
    table = made.table(table_id)
    if not table.written_version:
        raise SystemExit(f"{picture.file} was not written: {table.state} {table.state_detail}")
    return Put(picture, table.page_url)
