"""Any table at all: nothing is raised, what comes out is valid, and every word is taken over or told."""

from __future__ import annotations

import re
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.adoption import find_tables
from mapping.adoption_draft import draft_from
from mapping.adoption_words import Meaning
from mapping.interchange import parse_okrs
from mapping.storage_text import text_of
from tests.unit.mapping import hand_made
from tests.unit.mapping.adopting import NAMES, choice, draft_of

_HEADERS = st.sampled_from([
    "Objective", "Key result", "KR", "Owner", "Sponsor", "Team", "Baseline", "Target (%)", "Now", "Confidence",
    "Status", "Unit", "Progress", "Jira", "Next step", "Comment", "Blockers", "Due", "Why", "Metric", "#", "Foo", "",
    "Ziel", "Schlüsselergebnis", "Ist", "Zuversicht", "Week 1",
])  # fmt: skip
_NUMBERS = count()
_TOKEN = re.compile(r"w[0-9]+w")
_MARKUP = (
    "{}", "<p>{}</p>", "<p><strong>O1: {}</strong></p>", "KR2 {}", "1. {}", "{} 5 → 10 %", "&lt; 5 {}", "38 s {}",
    "<ul><li>{}</li><li>{}</li></ul>", "{}<br/>{}", "PAY-412 {}", "Total {}",
    '<a href="https://acme.example/browse/PAY-7">{}</a>',
    '<ac:link><ri:user ri:account-id="557058:ana"/></ac:link> {}',
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">{}</ac:parameter>'
    '<ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro>',
    '<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>{}</ac:task-body></ac:task>'
    "</ac:task-list>",
)  # fmt: skip
_BARE = st.sampled_from(["", "", "5", "42 %", "38 → 20 s", "at risk", "🟢", "–", "KR1", "O2", "1", "6/10", "tbd"])


@st.composite
def _filled(draw: st.DrawFn) -> str:
    """A cell with words of its own, each known again."""
    markup = draw(st.sampled_from(_MARKUP))
    return re.sub(r"\{\}", lambda _: f"w{next(_NUMBERS)}w", markup)


@st.composite
def _tables(draw: st.DrawFn) -> str:
    width = draw(st.integers(1, 6))
    headers = "".join(f"<th>{draw(_HEADERS)}</th>" for _ in range(width)) if draw(st.booleans()) else ""
    rows = [f"<tr>{headers}</tr>"] if headers else []
    for _ in range(draw(st.integers(1, 6))):
        cells = [draw(_cells()) for _ in range(draw(st.integers(0, width)))]
        rows += [f"<tr>{''.join(cells)}</tr>"]
    return f"<h2>w{next(_NUMBERS)}w</h2><table><tbody>{''.join(rows)}</tbody></table>"


@st.composite
def _cells(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(["td", "td", "td", "th"]))
    span, rows = draw(st.sampled_from([1, 1, 1, 2, 6])), draw(st.sampled_from([1, 1, 1, 2, 3]))
    return f'<{name} colspan="{span}" rowspan="{rows}">{draw(_filled() | _BARE)}</{name}>'


@settings(max_examples=300, deadline=None)
@given(_tables())
def test_every_word_is_taken_over_or_told(body: str) -> None:
    for table in find_tables(body, NAMES):
        draft = draft_from((table,), choice())
        headers = {word for column in table.sheet.columns for word in _TOKEN.findall(column.header)}
        there = {word for row in table.sheet.rows for cell in row.said() for word in _TOKEN.findall(cell.text)}
        told = {word for remark in draft.remarks for word in _TOKEN.findall(remark.left_out.text)}
        hinted = {word for row in draft.rows if row.hint for word in _TOKEN.findall(row.text)}
        assert there <= headers | told | hinted | set(_TOKEN.findall(draft.yaml))
        assert parse_okrs(draft.yaml) == draft.okrs


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=20), max_size=5), max_size=5),
    st.dictionaries(st.integers(1, 5), st.sampled_from(Meaning), max_size=3),
)
def test_no_text_raises(rows: list[list[str]], columns: dict[int, Meaning]) -> None:
    cells = ["<tr>" + "".join(f"<td>{text_of(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    header = "<tr><th>Objective</th><th>Key result</th><th>Target</th><th>Now</th><th>Owner</th></tr>"
    draft = draft_of(f"<table><tbody>{header}{''.join(cells)}</tbody></table>", columns=columns)
    assert parse_okrs(draft.yaml) == draft.okrs if draft.okrs.objectives else not draft.okrs.key_results


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(hand_made.ALL), st.dictionaries(st.integers(1, 20), st.sampled_from(Meaning), max_size=6))
def test_no_choice_of_columns_raises(body: str, columns: dict[int, Meaning]) -> None:
    draft = draft_of(body, columns=columns)
    assert parse_okrs(draft.yaml) == draft.okrs
