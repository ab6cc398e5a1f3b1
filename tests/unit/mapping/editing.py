"""A person's hand on the table in a page: rows and cells are moved, added and typed into, as an editor would do it.

It works on the text of a rendered region, by itself: nothing of it knows how the product reads a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(?:td|th)(?:[^>]*/>|[^>]*>.*?</(?:td|th)>)", re.DOTALL)
_KEY = re.compile(r'/kr/([A-Z0-9-]+)"')
_SPAN = re.compile(r' colspan="(\d+)"')


def key_of(row: list[str]) -> str:
    found = _KEY.search(row[0])
    return found.group(1) if found else ""


def as_tokens(region: str) -> str:
    """The colours of cells as Cloud's editor saves them: the name of a token, with the colour behind it."""
    return re.sub(r'highlight-colour="(#\w{6})"', r'highlight-colour="var(--ds-background-accent-x, \1)"', region)


def is_spanning(row: list[str]) -> bool:
    return "colspan" in row[0]


@dataclass
class EditedTable:
    """``before`` and ``after`` are everything of the region around the rows."""

    before: str
    rows: list[list[str]]
    after: str

    @classmethod
    def of(cls, region: str) -> EditedTable:
        start, end = region.index("<tr>"), region.rindex("</tr>") + len("</tr>")
        return cls(region[:start], [_CELL.findall(row) for row in _ROW.findall(region[start:end])], region[end:])

    def region(self) -> str:
        return self.before + "\n".join(f"<tr>{''.join(row)}</tr>" for row in self.rows) + self.after

    @property
    def width(self) -> int:
        return max(len(row) for row in self.rows)

    def row_of(self, key: str) -> list[str]:
        return next(row for row in self.rows if key_of(row) == key)

    @property
    def keys_in_order(self) -> list[str]:
        return [key for row in self.rows if (key := key_of(row))]

    def type(self, key: str, column: int, text: str) -> None:
        self.row_of(key)[column] = f"<td><p>{text}</p></td>"

    def add_row(self, at: int, words: str) -> None:
        self.rows.insert(at, [f"<td><p>{words}</p></td>", *["<td><p></p></td>"] * (self.width - 1)])

    def add_spanning_row(self, at: int, words: str) -> None:
        self.rows.insert(at, [f'<td colspan="{self.width}" data-highlight-colour="#fffae6"><p>{words}</p></td>'])

    def add_column(self, at: int, header: str, words: str) -> None:
        """At the right edge a spanning row gets a cell of its own; elsewhere it becomes wider."""
        at_edge = at >= self.width
        for index, row in enumerate(self.rows):
            if is_spanning(row) and not at_edge:
                row[0] = _SPAN.sub(lambda match: f' colspan="{int(match.group(1)) + 1}"', row[0])
            elif index == 0:
                row.insert(at, f"<th><p>{header}</p></th>")
            else:
                key = key_of(row)
                row.insert(at, f"<td><p>{words} {key}</p></td>" if key else "<td><p></p></td>")
        cols = self.before.split("<col ")
        cols.insert(min(at + 1, len(cols)), 'style="width: 99.0px;" />')
        self.before = "<col ".join(cols)

    def swap(self, one: int, other: int) -> None:
        self.rows[one], self.rows[other] = self.rows[other], self.rows[one]

    def comment(self, row: int, column: int, ref: str) -> bool:
        """Around the first words of a cell that are no parameter; False where it has none."""
        cell = self.rows[row][column]
        place = re.search(r"(<(?:p|strong|a|span)(?: [^>]*)?>)([^<\s][^<]*)(?=<)", cell)
        if place is None:
            return False
        marker = f'<ac:inline-comment-marker ac:ref="{ref}">{place.group(2)}</ac:inline-comment-marker>'
        self.rows[row][column] = cell[: place.start(2)] + marker + cell[place.end(2) :]
        return True

    def with_local_ids(self) -> None:
        """Confluence numbers paragraphs and cells on every save in the editor."""
        numbers = iter(range(10_000))
        for row in self.rows:
            for index, cell in enumerate(row):
                row[index] = re.sub(
                    r"<(p|td|th)(?=[ >])(?! local-id)", lambda match: f'<{match[1]} local-id="{next(numbers)}"', cell
                )

    def write_around(self, above: str, below: str) -> None:
        self.before = self.before.replace("<ac:rich-text-body>", f"<ac:rich-text-body>{above}", 1)
        self.after = self.after.replace("</table></ac:rich-text-body>", f"</table>{below}</ac:rich-text-body>")
