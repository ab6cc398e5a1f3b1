"""A dry run of everything, as one report. It runs only when somebody asks for it."""

from __future__ import annotations

from flask import Blueprint

from sync.dry_run import DryRun, run_dry
from web.pages import page, person, resources

views = Blueprint("set_up_dry_run", __name__, url_prefix="/set-up/dry-run")


@views.get("")
def show() -> tuple[str, int]:
    return _page(None)


@views.post("")
def run() -> tuple[str, int]:
    return _page(run_dry(resources(), person().workspace_id))


def _page(report: DryRun | None) -> tuple[str, int]:
    return page("set_up/dry_run.html", refresh_seconds=0, report=report)
