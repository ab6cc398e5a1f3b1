"""Statements that are put together once. Putting one together can take SQLAlchemy longer than SQLite takes to answer
it, and a worker asks the same few things all day."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Executable, bindparam

P = ParamSpec("P")
S = TypeVar("S", bound=Executable)


def prepared(build: Callable[P, S]) -> Callable[P, tuple[S, dict[str, Any]]]:
    """For a function that makes a statement out of values: it is called once, with a place for each value, and from
    then on what it made is given with the values that stand there, ready for ``conn.execute(*…)``.

    A value may only be compared, searched in (``in_``) or written; what the statement looks like cannot depend on it.
    """
    # With an underscore: SQLAlchemy keeps the names of columns for what is written into them.
    places = {name: f"{name}_" for name in signature(build).parameters}

    @cache
    def built() -> S:
        made: Callable[..., S] = build
        return made(**{name: bindparam(place) for name, place in places.items()})

    @wraps(build)
    def filled(*args: P.args, **named: P.kwargs) -> tuple[S, dict[str, Any]]:
        values = dict(zip(places.values(), args, strict=False))
        return built(), values | {places[name]: value for name, value in named.items()}

    return filled
