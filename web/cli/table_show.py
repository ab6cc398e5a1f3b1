"""What ``okr table list`` and ``okr table show`` tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from web.cli.progress import counted
from web.cli.refusals import NotAsGiven
from web.cli.saying import say
from web.cli.service import Service

if TYPE_CHECKING:
    from connector.store.tables import PageTable
    from sync.queries.table import TableView
    from sync.queries.tables import Finding, TableRow
    from sync.queries.typed import TypedLine

LABEL_WIDTH = 16
_WHO = {"owner": "the key result's owner", "team": "its team", "editors": "anyone who may edit the page"}


def tell_list(service: Service) -> None:
    """Every table in two or three lines."""
    from sync.queries.status import load_status

    rows = load_status(service.on, service.workspace_id, service.on.clock.now()).tables
    for row in rows:
        of = f"{row.cycle_name} ({', '.join(row.teams)})" if row.teams else row.cycle_name
        say(f"{row.table_id:>4}  {stands(row):<22}{row.page_name} · {of} · {row.shape}{_written(row)}")
        say(f"      {row.page_url}")
        if row.detail:
            say(f"      {row.detail}{_next(row)}")
    if not rows:
        say("There is no table yet. Put one into a page: okr table add PAGE --cycle KEY")


def tell_table(service: Service, number: int) -> None:
    """One table: first how it stands, then what was chosen, then what people typed."""
    from sync.queries.table import load_table_view

    view = load_table_view(service.on, service.workspace_id, number, service.on.clock.now())
    if view is None:
        raise NotAsGiven(f"There is no table {number}. `okr table list` shows them.")
    row = view.row
    say(f"Table {number} in {row.page_name!r}: {stands(row)}.{' ' + row.detail if row.detail else ''}{_next(row)}")
    for label, text in _facts(view):
        say(f"  {label:<{LABEL_WIDTH}}{text}")
    for line in map(_found, row.findings):
        say(line)
    _advise(service, view.chosen)
    _tell_typed(view)


def tell_advice(service: Service, number: int) -> None:
    """What would read better, where the table is very long."""
    from sync.queries.table import load_chosen

    table = load_chosen(service.on, service.workspace_id, number)
    if table is not None:
        _advise(service, table)


def _advise(service: Service, table: PageTable) -> None:
    from sync.queries.advice import advise

    advice = advise(service.on, table)
    if advice is not None:
        say(str(advice))


def stands(row: TableRow) -> str:
    """How it stands, in a word or two."""
    from sync.doctor_words import stands_of

    return stands_of(row).words


def _written(row: TableRow) -> str:
    this_month = f", {counted(row.versions_this_month, 'version')} this month" if row.versions_this_month else ""
    return f", version {row.written_version} written{this_month}" if row.written_version else ""


def _next(row: TableRow) -> str:
    from sync.queries.waiting import utc_words

    at = row.next_look_at
    return "" if at is None else f" We look again at {utc_words(at, at)}."


def _facts(view: TableView) -> Iterator[tuple[str, str]]:
    from mapping.words_english import ENGLISH

    chosen, row = view.chosen, view.row
    yield "Page", row.page_url
    yield "Shows", " · ".join([row.cycle_name, *row.teams, *chosen.objective_keys, row.shape])
    yield "Columns", ", ".join(ENGLISH.headers[column] for column in view.columns)
    yield "Look", f"{chosen.language}, {chosen.design}, {chosen.width}, in {chosen.container} “{chosen.region_id}”"
    if any(column.is_input for column in view.columns):
        yield "Check-in by", f"{_WHO[chosen.check_in_by]}, by typing in the table"
    yield "Write budget", _budget(view)
    yield "Versions", f"{row.versions_this_month} of the page this month{_last(view)}"


def _budget(view: TableView) -> str:
    from sync.queries.waiting import utc_words

    budget = view.budget
    left = f"the next from {utc_words(budget.next_at, view.at)}" if budget.next_at else f"{budget.left} left now"
    after_jira = f"after changes in Jira {budget.bucket}, then one per {budget.minutes:g} min; {left}"
    return f"a person's own change at once; {after_jira}"


def _last(view: TableView) -> str:
    return f"; version {view.versions[0].version}: {view.versions[0].message}" if view.versions else ""


def _found(finding: Finding) -> str:
    if finding.what == "repeated":
        return f"{finding.key} stands in two rows of the page; the first is kept current. Take the other one out."
    if finding.what == "copies":
        return f"The page holds {finding.text} more of this table; the first is kept current. Take the others out."
    if finding.what == "kept_apart":
        return (
            "The hand-made table whose place ours was to take was changed meanwhile, so both stand in the page. "
            "Take the old one out when nobody needs it."
        )
    return ""  # what was typed is told of its own


def _tell_typed(view: TableView) -> None:
    number = view.row.table_id
    if view.typed.waiting:
        say(f"\nWaits for a decision (okr table take {number}, okr table give-up {number}):")
    for line in view.typed.waiting:
        say(_typed(line, view))
    if view.typed.history:
        say("\nTyped lately:")
    for line in view.typed.history:
        say(_typed(line, view))


def _typed(line: TypedLine, view: TableView) -> str:
    from sync.queries.waiting import utc_words
    from web.typed_words import outcome_words

    became = outcome_words(line.outcome, line.column, view.chosen.check_in_by, line.settled_by)
    author = line.author or "an account that Confluence does not name"
    typed = f"{line.key} {line.column}  “{' '.join(line.text.split())}”"
    return f"  {typed}  {author}, {utc_words(line.at, view.at)}, version {line.version}: {became}"
