"""What a person chooses for a table, as the fields of a form: the same for a new table and for one that stands."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from connector.store.tables import PageTable
from mapping.table_parts import Column, Shape, choosable_columns, default_columns
from sync.commands.table_changes import TableChange
from sync.commands.table_choices import WrongChoice
from sync.commands.table_plan import TableWish
from web.forms import Form
from web.language import gettext, said

MOST_DIGITS = 6
_PREFIX = "column-"
# The first column is always the key result, by whose link a row is known.
_FIRST = Column.KEY_RESULT


def form_for(table: PageTable) -> Form:
    """The choices of a table that is there."""
    values: MultiDict[str, str] = MultiDict(_plain_choices(table))
    values["write_bucket"] = "" if table.write_bucket is None else str(table.write_bucket)
    values["write_refill_minutes"] = "" if table.write_refill_minutes is None else str(table.write_refill_minutes)
    values.setlist("teams", list(table.teams))
    values.setlist("objective_keys", list(table.objective_keys))
    shape = Shape(table.shape)
    values.update(_numbered(tuple(map(Column, table.columns)) or default_columns(shape)))
    return Form(values)


def form_for_new(cycle_key: str, page: str) -> Form:
    """What is chosen where nobody chose yet."""
    return Form(MultiDict(form_for(PageTable(0, "", "", cycle_key)).values) | {"cycle_key": cycle_key, "page": page})


def wish_of(form: Form) -> TableWish:
    """What was chosen for a new table; what is no number is said beside its field."""
    return TableWish(
        page=form.stripped("page"),
        cycle_key=form.typed("cycle_key"),
        region_id=form.stripped("region_id"),
        teams=_ticked(form, "teams"),
        objective_keys=_ticked(form, "objective_keys"),
        shape=form.typed("shape"),
        columns=chosen_columns(form),
        language=form.typed("language"),
        design=form.typed("design"),
        width=form.typed("width"),
        container=form.typed("container"),
        check_in_by=form.typed("check_in_by"),
        write_bucket=_number(form, "write_bucket"),
        write_refill_minutes=_number(form, "write_refill_minutes"),
    )


def change_of(form: Form) -> TableChange:
    """What was chosen for a table that is there: all of it, so that nothing stays by being left out."""
    wish = wish_of(form)
    return TableChange(
        teams=wish.teams,
        objective_keys=wish.objective_keys,
        shape=wish.shape,
        columns=wish.columns,
        language=wish.language,
        design=wish.design,
        width=wish.width,
        container=wish.container,
        check_in_by=wish.check_in_by,
        write_bucket=wish.write_bucket,
        write_refill_minutes=wish.write_refill_minutes,
        usual_budget=True,
    )


def fault(form: Form, wrong: WrongChoice) -> None:
    """Say what cannot be so beside its field."""
    form.faults.setdefault(wrong.choice, said(wrong))


def column_fields(form: Form) -> list[tuple[Column, str]]:
    """The columns that may be chosen after the first, each with the number that stands in its field; those of the shape
    where another shape was just chosen."""
    shape = _shape(form)
    usual = _numbered(default_columns(shape))
    numbers = usual if _is_other_shape(form) else form.values
    return [(each, numbers.get(_PREFIX + each, "")) for each in choosable_columns(shape) if each is not _FIRST]


def chosen_columns(form: Form) -> tuple[str, ...]:
    """In the order of their numbers; empty for those of the shape."""
    shape = _shape(form)
    if _is_other_shape(form) or not choosable_columns(shape):
        return ()
    columns = (_FIRST, *(column for _, column in sorted(_chosen(form, shape), key=lambda each: each[0])))
    return () if columns == default_columns(shape) else columns


def _chosen(form: Form, shape: Shape) -> Iterator[tuple[int, Column]]:
    for column in choosable_columns(shape):
        typed = form.stripped(_PREFIX + column)
        if typed and column is not _FIRST:
            number = _whole(typed)
            if number is None:
                form.faults["columns"] = gettext("Number the columns that are to stand there: 2, 3, 4 and so on.")
            yield number or 0, column


def _is_other_shape(form: Form) -> bool:
    return form.typed("shape_was") != form.typed("shape")


def _shape(form: Form) -> Shape:
    """The table's own shape where something else was sent, which is refused elsewhere."""
    return Shape(form.typed("shape")) if form.typed("shape") in set(Shape) else Shape.TABLE


def _numbered(columns: tuple[Column, ...]) -> dict[str, str]:
    return {_PREFIX + column: str(number) for number, column in enumerate(columns, 1)}


def _plain_choices(table: PageTable) -> dict[str, str]:
    return {
        "shape": table.shape,
        "shape_was": table.shape,
        "language": table.language,
        "design": table.design,
        "width": table.width,
        "container": table.container,
        "check_in_by": table.check_in_by,
    }


def _ticked(form: Form, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in form.many(name) if each))


def _number(form: Form, name: str) -> int | None:
    typed = form.stripped(name)
    number = _whole(typed)
    if typed and number is None:
        form.faults[name] = gettext("Write a whole number, or leave it empty.")
    return number


def _whole(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else None
