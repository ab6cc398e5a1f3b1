"""OKRs in from YAML and out again. A file is taken over as a whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection as Transaction

from connector.store import check_ins, issues, links, okrs, runs
from connector.store.activity import record_activity
from connector.store.agreement import ReasonNeeded
from connector.store.links import Linked
from connector.store.okrs import OkrSet, UnknownOkr
from connector.store.work import mark_due
from mapping.interchange import ParsedLink, ParsedOkrs, Refused, parse_okrs, write_okrs
from mapping.okr import CheckIn, Initiative, LinkOrigin, Source
from sync.commands.issue_keys import FoundIssue, Lookup, jira_connections, look_up
from sync.commands.links import keep_linked, mark_pages
from sync.commands.not_possible import NotPossible
from sync.ports import Resources

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``added`` and ``changed`` are keys of cycles, objectives and key results."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    links_added: int
    links_changed: int
    check_ins_added: int
    calls: int

    @property
    def is_nothing(self) -> bool:
        """True where everything was here already, exactly so."""
        return not (self.added or self.changed or self.links_added or self.links_changed or self.check_ins_added)


def import_okrs(
    on: Resources, workspace_id: int, text: str, who: str, reason: str = "", tell: Tell = lambda _done, _of: None
) -> ImportReport:
    """Take over a file as ``docs/okr-yaml.md`` describes it. The same file again changes nothing.

    What the file does not name stays as it is; links are added, never taken away. Agreed OKRs change only with a
    ``reason``. ``tell(done, of)`` follows the issues that Jira is asked for. NotPossible, and nothing is written,
    where anything in the file is wrong: every line at once.
    """
    return take_over(on, workspace_id, _parse(text), who, reason, tell, text)


def take_over(
    on: Resources,
    workspace_id: int,
    parsed: ParsedOkrs,
    who: str,
    reason: str = "",
    tell: Tell = lambda _done, _of: None,
    text: str = "",
) -> ImportReport:
    """The same for OKRs that were read already; ``text`` is what they were read from, to name its lines."""
    found = _find_issues(on, workspace_id, parsed.links, text, tell)
    now = on.clock.now()
    okr_set = OkrSet(parsed.cycles, parsed.objectives, parsed.key_results)
    try:
        with on.database.write() as conn:
            recorded = okrs.record_okrs(conn, workspace_id, okr_set, at=now, who=who, reason=reason)
            outcomes = _record_links(conn, on, workspace_id, parsed.links, found.found, who)
            _begin_first_sync(conn, on, workspace_id, _newly_linked(parsed.links, outcomes, found.found))
            said = sum(_record_check_in(conn, on, workspace_id, each) for each in parsed.check_ins)
            report = ImportReport(
                recorded.added,
                recorded.changed,
                outcomes.count(Linked.ADDED),
                outcomes.count(Linked.CHANGED),
                said,
                found.calls,
            )
            if not report.is_nothing:
                _mark(conn, on, workspace_id, parsed)
                record_activity(conn, workspace_id, at=now, who=who, text=_said(report, parsed))
    except (ReasonNeeded, UnknownOkr) as error:
        raise NotPossible("Nothing was taken over. {error}", error=error) from error
    on.bell.ring()
    return report


def export_okrs(on: Resources, workspace_id: int, cycle_key: str = "") -> str:
    """The OKRs as YAML that ``import_okrs`` reads as the same OKRs; of one cycle, or of all.

    NotPossible where there is no such cycle, or none at all.
    """
    with on.database.read() as conn:
        cycles = [each for each in okrs.load_cycles(conn, workspace_id) if not cycle_key or each.key == cycle_key]
        loaded = [okrs.load_cycle(conn, workspace_id, cycle.key) for cycle in cycles]
        keys = [kr.key for each in loaded for kr in each.key_results]
        linked = tuple(_parsed_links(conn, workspace_id, keys))
        said = check_ins.load_check_ins(conn, workspace_id, keys)
    if not cycles:
        if cycle_key:
            raise NotPossible("There is no cycle {cycle!r}.", cycle=cycle_key)
        raise NotPossible("There are no OKRs yet.")
    return write_okrs(
        ParsedOkrs(
            cycles=tuple(cycles),
            objectives=tuple(objective for each in loaded for objective, _ in each.objectives),
            key_results=tuple(kr for each in loaded for kr in each.key_results),
            links=linked,
            check_ins=tuple(check_in for key in keys for check_in in said[key]),
        )
    )


def _parse(text: str) -> ParsedOkrs:
    try:
        return parse_okrs(text)
    except Refused as refused:
        count = len(refused.problems)
        what = "One thing has" if count == 1 else f"{count} things have"
        lines = "\n".join(f"  {problem}" for problem in refused.problems)
        raise NotPossible(
            "Nothing was taken over. {what} to be changed in the file:\n{lines}", what=what, lines=lines
        ) from None


def _find_issues(on: Resources, workspace_id: int, wanted: Iterable[ParsedLink], text: str, tell: Tell) -> Lookup:
    keys = {link.issue_key for link in wanted}
    if not keys:
        return Lookup({}, (), {}, 0)
    lookup = look_up(on, jira_connections(on, workspace_id), keys, tell)
    wrong = dict.fromkeys(lookup.missing, "Jira does not have it, or our account may not see it")
    wrong |= {
        key: f"it is an issue of {' and of '.join(sites)}; leave it out here and link it with okr link --site"
        for key, sites in lookup.ambiguous.items()
    }
    if wrong:
        lines = "\n".join(f"  {_where(text, key)}{key}: {why}" for key, why in sorted(wrong.items()))
        raise NotPossible("Nothing was taken over. These issues cannot be linked:\n{lines}", lines=lines)
    return lookup


def _where(text: str, issue_key: str) -> str:
    """The lines that name the issue, which only the text itself still tells."""
    named = re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(issue_key)}(?![0-9])", re.IGNORECASE)
    numbers = [str(number) for number, line in enumerate(text.splitlines(), 1) if named.search(line)]
    return f"line {' and '.join(numbers)}: " if numbers else ""


def _record_links(
    conn: Transaction,
    on: Resources,
    workspace_id: int,
    wanted: Iterable[ParsedLink],
    found: Mapping[str, FoundIssue],
    who: str,
) -> list[Linked]:
    now = on.clock.now()
    return [
        links.record_link(conn, workspace_id, _initiative(link, found[link.issue_key]), at=now, by=who)
        for link in wanted
    ]


def _begin_first_sync(conn: Transaction, on: Resources, workspace_id: int, found: Sequence[FoundIssue]) -> None:
    """Keep what is newly linked, and let people follow how it is read; what a run had before it comes on top."""
    now = on.clock.now()
    keep_linked(conn, found, now)
    left = {run.connection_id: run.total - run.done for run in runs.open_runs(conn, workspace_id)}
    for connection_id in sorted({each.connection.id for each in found}):
        new = sum(each.connection.id == connection_id for each in found)
        runs.begin(conn, workspace_id, connection_id, "first", new + left.get(connection_id, 0), now)


def _newly_linked(
    wanted: Iterable[ParsedLink], outcomes: Iterable[Linked], found: Mapping[str, FoundIssue]
) -> list[FoundIssue]:
    keys = {link.issue_key for link, outcome in zip(wanted, outcomes, strict=True) if outcome is Linked.ADDED}
    return [found[key] for key in sorted(keys)]


def _initiative(link: ParsedLink, found: FoundIssue) -> Initiative:
    return Initiative(
        key_result_key=link.key_result_key,
        connection_id=found.connection.id,
        issue_id=found.snapshot.issue_id,
        role=link.role,
        weight=link.weight,
        step_key=link.step_key,
        origin=LinkOrigin.PERSON,
    )


def _record_check_in(conn: Transaction, on: Resources, workspace_id: int, said: CheckIn) -> bool:
    """One check-in for each moment, however often the file is taken over, and with whichever corrections."""
    words = (said.value, said.confidence, said.done_since, said.note, said.blockers, said.next_step, said.author)
    digest = sha256(repr(words).encode()).hexdigest()[:32]
    key = f"import:{said.key_result_key}:{said.at.isoformat()}:{digest}"
    return check_ins.record_imported(conn, workspace_id, said, idempotency_key=key, recorded_at=on.clock.now())


def _mark(conn: Transaction, on: Resources, workspace_id: int, parsed: ParsedOkrs) -> None:
    now = on.clock.now()
    queries = [kr.key for kr in parsed.key_results if kr.source is Source.JQL]
    mark_due(conn, workspace_id, "jql", queries, now, retry=True)
    mark_pages(conn, workspace_id, [kr.key for kr in parsed.key_results], now)


def _parsed_links(conn: Transaction, workspace_id: int, keys: Iterable[str]) -> Iterable[ParsedLink]:
    linked = [each.initiative for each in links.load_links(conn, workspace_id, list(keys))]
    for connection_id in sorted({each.connection_id for each in linked}):
        here = [each for each in linked if each.connection_id == connection_id]
        stored = issues.load_issues(conn, workspace_id, connection_id, [each.issue_id for each in here])
        for each in here:
            issue_key = stored[each.issue_id].snapshot.issue_key
            yield ParsedLink(each.key_result_key, issue_key, each.role, each.weight, each.step_key)


def _said(report: ImportReport, parsed: ParsedOkrs) -> str:
    cycles = ", ".join(cycle.key for cycle in parsed.cycles) or "a file"
    links = "1 link" if report.links_added == 1 else f"{report.links_added} links"
    check_ins = "1 check-in" if report.check_ins_added == 1 else f"{report.check_ins_added} check-ins"
    return f"imported {cycles}: {len(report.added)} new, {len(report.changed)} changed, {links} and {check_ins} added"
