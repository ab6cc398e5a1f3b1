"""A person's hands on our table in a page: each act gives the body as the person would have it, None where it cannot be
done there. Words that a person brings carry marks by which the judge finds them again.
"""

from __future__ import annotations

import re
from html import escape
from random import Random

from tests.campaign.markup import Element, words
from tests.campaign.sheet import Row, Sheet

# Words of their own: those must stay for ever. Words typed where we fill: those are replaced and noted.
OWN = re.compile(r"own\d+(?:x\d+)?z")
Edit = tuple[int, int, str]


def spliced(sheet: Sheet, edits: list[Edit]) -> str:
    data = sheet.data
    for start, end, text in sorted(edits, reverse=True):
        data = data[:start] + text.encode() + data[end:]
    return data.decode()


def type_into(sheet: Sheet, typed: dict[tuple[str, str], str]) -> str | None:
    """Other words in some cells, as an editor leaves them."""
    edits: list[Edit] = []
    for (key, column), text in typed.items():
        cell = sheet.cell(key, column)
        if cell is None or cell.inner == cell.end:
            return None
        edits.append((cell.inner, cell.inner_end, f"<p>{escape(text, quote=False)}</p>" if text else "<p />"))
    return spliced(sheet, edits) if edits else None


def add_words(sheet: Sheet, cell: Element, mark: str) -> str | None:
    """Words of their own behind what stands in a cell."""
    if cell.inner == cell.end:
        return None
    return spliced(sheet, [(cell.inner_end, cell.inner_end, f"<p>{mark}</p>")])


def add_row(sheet: Sheet, chance: Random, mark: str) -> str | None:
    rows = sheet.rows[1:]
    if not rows:
        return None
    after = chance.choice(rows).element
    width = len(sheet.columns)
    cells = f'<td colspan="{width}"><p>{mark}</p></td>'
    if chance.random() < 0.5:
        cells = f"<td><p>{mark}</p></td>" + "<td><p /></td>" * (width - 1)
    return spliced(sheet, [(after.end, after.end, f"<tr>{cells}</tr>")])


def delete_row(sheet: Sheet, chance: Random) -> str | None:
    rows = [row for row in sheet.rows if row is not sheet.header]
    if not rows:
        return None
    gone = chance.choice(rows).element
    return spliced(sheet, [(gone.start, gone.end, "")])


def shuffle_rows(sheet: Sheet, chance: Random) -> str | None:
    """The rows of key results in another order; headings stay where they are."""
    rows = [row for row in sheet.rows if row.key]
    order = chance.sample(rows, len(rows))
    if len(rows) < 2:
        return None
    moved = zip(rows, order, strict=True)
    return spliced(sheet, [(old.element.start, old.element.end, _whole(sheet, new.element)) for old, new in moved])


def double_row(sheet: Sheet, chance: Random) -> str | None:
    rows = [row for row in sheet.rows if row.key]
    if not rows:
        return None
    row, at = chance.choice(rows), chance.choice(rows).element
    return spliced(sheet, [(at.end, at.end, _whole(sheet, row.element))])


def add_column(sheet: Sheet, chance: Random, mark: str) -> str | None:
    """A column of their own at the right or between; headings that span get wider where the editor would make them."""
    width = len(sheet.columns)
    if sheet.header is None or width < 2:
        return None
    at = chance.randrange(1, width + 1)
    edits: list[Edit] = []
    for number, row in enumerate(sheet.rows):
        if len(row.cells) == width:
            where = row.cells[at].start if at < width else row.cells[-1].end
            below = mark.replace("z", f"x{number}z")
            cell = f"<th><p>{mark}</p></th>" if row is sheet.header else f"<td><p>{below}</p></td>"
            edits.append((where, where, cell))
        elif len(row.cells) == 1:
            edits += _wider(sheet, row)
    return spliced(sheet, edits)


def rename_header(sheet: Sheet, chance: Random, mark: str) -> str | None:
    if sheet.header is None:
        return None
    cell = chance.choice(sheet.header.cells[1:])
    return spliced(sheet, [(cell.inner, cell.inner_end, f"<p>{mark}</p>")])


def own_header_back(sheet: Sheet, old: Sheet) -> str | None:
    """The header row as it was in an earlier body."""
    if sheet.table is None or old.header is None or not sheet.rows:
        return None
    row = _whole(old, old.header.element)
    first = sheet.rows[0].element
    if sheet.header is not None:
        first = sheet.header.element
        return spliced(sheet, [(first.start, first.end, row)])
    return spliced(sheet, [(first.start, first.start, row)])


def drop_header(sheet: Sheet) -> str | None:
    if sheet.header is None:
        return None
    return spliced(sheet, [(sheet.header.element.start, sheet.header.element.end, "")])


def copy_region(sheet: Sheet, chance: Random) -> str | None:
    """The whole table a second time, at the top or at the end of the page."""
    if sheet.region is None:
        return None
    copy = re.sub(r' ac:macro-id="[^"]*"', "", _whole(sheet, sheet.region))
    at = chance.choice((0, len(sheet.data)))
    return spliced(sheet, [(at, at, copy)])


def take_region_away(sheet: Sheet) -> str | None:
    if sheet.region is None:
        return None
    edits: list[Edit] = [(each.start, each.end, "") for each in sheet.regions]
    return spliced(sheet, edits)


def write_above(sheet: Sheet, mark: str) -> str | None:
    """Words of their own within our macro, above the table."""
    if sheet.table is None:
        return None
    return spliced(sheet, [(sheet.table.start, sheet.table.start, f"<p>{mark}</p>")])


def write_outside(sheet: Sheet, chance: Random, piece: str) -> str:
    at = chance.choice((0, len(sheet.data)))
    if sheet.region is not None and sheet.region.parent is sheet.root:
        at = chance.choice((at, sheet.region.start, sheet.region.end))
    return spliced(sheet, [(at, at, piece)])


def cut_outside(sheet: Sheet, chance: Random) -> str | None:
    """One of the blocks around our table is deleted."""
    others = [each for each in sheet.root.children if not any(_holds(each, region) for region in sheet.regions)]
    if not others:
        return None
    gone = chance.choice(others)
    return spliced(sheet, [(gone.start, gone.end, "")])


def words_to_comment_on(sheet: Sheet, element: Element, chance: Random) -> str:
    """Some words that stand in one piece inside the element; "" where there are none."""
    pieces = re.findall(r">([^<>]{3,60})<", ">" + sheet.markup(element) + "<")
    found = [each for each in (words(piece) for piece in pieces) if len(each) >= 3]
    return chance.choice(found) if found else ""


def computed_columns(sheet: Sheet) -> list[str]:
    return [name for name in sheet.columns if name in ("progress", "owner", "initiatives")]


def _wider(sheet: Sheet, row: Row) -> list[Edit]:
    tag = sheet.data[row.cells[0].start : row.cells[0].inner].decode()
    span = re.search(r'colspan="(\d+)"', tag)
    if span is None:
        return []
    wider = tag.replace(span[0], f'colspan="{int(span[1]) + 1}"')
    return [(row.cells[0].start, row.cells[0].inner, wider)]


def _whole(sheet: Sheet, element: Element) -> str:
    return sheet.data[element.start : element.end].decode()


def _holds(outer: Element, inner: Element) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
