"""What people do to a table in the editor, as changes of a page's text: copy it, move, sort and double rows, type.

Each takes a body and gives back the changed one; KeyError where what is named does not stand there. A table is named by
a parameter of the macro around it (`id` of Page Properties, `name` of an excerpt), a column by its place from 0, a row
by words that stand in it.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from xml.etree.ElementTree import Element

from tests.site.confluence_markup import parse, serialise


def with_copied_macro(body: str, key: str) -> str:
    """The macro with all in it a second time, right behind the first one."""
    root = parse(body)
    macro = _macro(root, key)
    _double(root, macro)
    return serialise(root)


def with_sorted_rows(body: str, key: str, column: int, *, descending: bool = False) -> str:
    """All rows below the header in the order of the words in a column, as after dragging them there.

    [U] The editor itself refuses to sort a table with merged cells; people drag rows instead.
    """

    def sort(rows: list[Element]) -> list[Element]:
        return sorted(rows, key=lambda row: _cell_words(row, column), reverse=descending)

    return _with_rows(body, key, sort)


def with_moved_row(body: str, key: str, words: str, to: int) -> str:
    """The row at another place among those below the header."""

    def move(rows: list[Element]) -> list[Element]:
        row = _row(rows, words)
        others = [each for each in rows if each is not row]
        return [*others[:to], row, *others[to:]]

    return _with_rows(body, key, move)


def with_doubled_row(body: str, key: str, words: str) -> str:
    """The row a second time, right below."""

    def double(rows: list[Element]) -> list[Element]:
        row = _row(rows, words)
        place = next(number for number, each in enumerate(rows) if each is row)
        return [*rows[: place + 1], deepcopy(row), *rows[place + 1 :]]

    return _with_rows(body, key, double)


def without_row(body: str, key: str, words: str) -> str:
    """The table without the row."""

    def remove(rows: list[Element]) -> list[Element]:
        row = _row(rows, words)
        return [each for each in rows if each is not row]

    return _with_rows(body, key, remove)


def with_typed_cell(body: str, key: str, words: str, column: int, text: str) -> str:
    """The row's cell with nothing but this text, as a person leaves it who selected all and typed."""
    root = parse(body)
    cell = _cells(_row(_rows(_table(root, key))[1:], words))[column]
    _fill(cell, text)
    return serialise(root)


def with_renamed_header(body: str, key: str, column: int, text: str) -> str:
    """Another word at the top of a column."""
    root = parse(body)
    _fill(_cells(_rows(_table(root, key))[0])[column], text)
    return serialise(root)


def with_added_column(body: str, key: str, header: str, text: str) -> str:
    """A column of a person's own at the end: its header, and the same text in each row; merged rows grow by one."""
    root = parse(body)
    for number, row in enumerate(_rows(_table(root, key))):
        cells = _cells(row)
        if len(cells) == 1 and "colspan" in cells[0].attrib:
            cells[0].set("colspan", str(int(cells[0].attrib["colspan"]) + 1))
            continue
        cell = Element("td" if number else "th")
        _fill(cell, text if number else header)
        row.append(cell)
    return serialise(root)


def with_numbered_rows(body: str, key: str) -> str:
    """The column of row numbers that the editor puts before the first one [S: bodies with numbered rows]."""
    root = parse(body)
    for number, row in enumerate(_rows(_table(root, key))):
        cell = Element("td" if number else "th", {"class": "numberingColumn"})
        cell.text = str(number) if number else None
        row.insert(0, cell)
    return serialise(root)


def without_macro(body: str, key: str) -> str:
    """The page without the macro and all in it."""
    root = parse(body)
    macro = _macro(root, key)
    parent = next(each for each in root.iter() if macro in list(each))
    place = list(parent).index(macro)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + (macro.tail or "")
    else:
        parent.text = (parent.text or "") + (macro.tail or "")
    parent.remove(macro)
    return serialise(root)


def _with_rows(body: str, key: str, change: Callable[[list[Element]], Sequence[Element]]) -> str:
    root = parse(body)
    table = _table(root, key)
    holder = next(each for each in table.iter() if any(child.tag == "tr" for child in each))
    rows = list(holder)
    holder[:] = [rows[0], *change(rows[1:])]
    return serialise(root)


def _double(root: Element, macro: Element) -> None:
    parent = next(each for each in root.iter() if macro in list(each))
    parent.insert(list(parent).index(macro) + 1, deepcopy(macro))


def _macro(root: Element, key: str) -> Element:
    for macro in root.iter("ac:structured-macro"):
        if any((parameter.text or "").strip() == key for parameter in macro.findall("ac:parameter")):
            return macro
    raise KeyError(key)


def _table(root: Element, key: str) -> Element:
    table = next(_macro(root, key).iter("table"), None)
    if table is None:
        raise KeyError(f"{key} holds no table")
    return table


def _rows(table: Element) -> list[Element]:
    # Tables stand in no cell of a table, so that these are the rows of this one.
    return list(table.iter("tr"))


def _row(rows: Sequence[Element], words: str) -> Element:
    found = next((row for row in rows if words in "".join(row.itertext())), None)
    if found is None:
        raise KeyError(words)
    return found


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _cell_words(row: Element, column: int) -> str:
    cells = _cells(row)
    return "".join(cells[min(column, len(cells) - 1)].itertext()).strip().casefold()


def _fill(cell: Element, text: str) -> None:
    cell.text = None
    for child in list(cell):
        cell.remove(child)
    paragraph = Element("p")
    paragraph.text = text
    cell.append(paragraph)
