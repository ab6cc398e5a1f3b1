"""The board: objectives and key results of one cycle."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, request, url_for

from sync.queries.board import BoardView, load_board
from web.numbers import page_number
from web.pages import page, person, resources

views = Blueprint("board", __name__)

REFRESH_SECONDS = 10


@views.get("/")
def current() -> tuple[str, int]:
    """The cycle that runs today, else the nearest one."""
    return _show(None)


@views.get("/cycles/<key>")
def of_cycle(key: str) -> tuple[str, int]:
    return _show(key)


def _show(cycle_key: str | None) -> tuple[str, int]:
    on = resources()
    view = load_board(
        on,
        person().workspace_id,
        on.clock.now(),
        cycle_key=cycle_key,
        team=request.args.get("team", ""),
        only_attention="attention" in request.args,
        opened=request.args.get("open", ""),
        page=page_number(),
    )
    if view is None and cycle_key is not None:
        abort(404)
    if view is None:
        return page("okrs/empty.html")
    return page("okrs/board.html", refresh_seconds=REFRESH_SECONDS, view=view)


@views.app_template_global()
def board_address(
    view: BoardView, team: str | None = None, only_attention: bool | None = None, opened: str = "", page: int = 1
) -> str:
    """The board of the same cycle with one filter changed, with one key result explained, or another page of it."""
    wanted = view.team if team is None else team
    few = view.only_attention if only_attention is None else only_attention
    return url_for(
        "board.of_cycle",
        key=view.figure.cycle.key,
        team=wanted or None,
        attention="yes" if few else None,
        open=opened or None,
        page=page if page > 1 else None,
        _anchor=opened or None,
    )


@views.app_template_global()
def board_page(view: BoardView) -> Callable[[int], str]:
    """The addresses of the pages of this board, by their numbers."""
    return lambda number: board_address(view, page=number)
