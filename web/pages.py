"""How a view makes a page: the template, the frame around it, and what every template may ask for."""

from __future__ import annotations

from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import cast

from flask import Flask, current_app, flash, g, get_flashed_messages, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from connector.store.people import Person
from sync.ports import Resources
from sync.queries.frame import load_frame
from web.attempts import Attempts
from web.form_tokens import form_token
from web.rights import may_edit, may_edit_team, may_edit_teams

_RESOURCES = "okr"
_ATTEMPTS = "okr attempts"


def keep_resources(app: Flask, on: Resources) -> None:
    """Keep ``on`` with the app, where its views find it."""
    app.extensions[_RESOURCES] = on
    app.extensions[_ATTEMPTS] = Attempts()
    app.jinja_env.globals |= {"asset": asset, "csrf_field": csrf_field}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def resources() -> Resources:
    """What the app was made with; for somebody signed in, so that their commands ask first whether they still may."""
    return cast("Resources", g.get("on") or current_app.extensions[_RESOURCES])


def code_attempts() -> Attempts:
    """How often who failed to guess the one-time code."""
    return cast("Attempts", current_app.extensions[_ATTEMPTS])


def person() -> Person:
    """Who is signed in; only for views that need a sign-in."""
    return cast("Person", g.person)


def page(template: str, status: int = 200, refresh_seconds: int = 30, **values: object) -> tuple[str, int]:
    """A page within the frame, for somebody who is signed in. It keeps its live parts up to date by itself."""
    on = resources()
    frame = load_frame(on, person().workspace_id, on.clock.now(), person().name)
    shown = render_template(
        template,
        frame=frame,
        person=person(),
        may_edit=may_edit(person()),
        may_edit_team=partial(may_edit_team, person()),
        may_edit_teams=partial(may_edit_teams, person()),
        messages=get_flashed_messages(),
        refresh_seconds=refresh_seconds,
        **values,
    )
    return shown, status


def done(message: str, address: str) -> Response:
    """After a command: say what was done, on the page that shows it. A reload does not do it again."""
    flash(message)
    return redirect(address, 303)


def csrf_field() -> Markup:
    """The hidden field that every form of ours carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(form_token())


def asset(name: str) -> str:
    """The address of a static file, new whenever its content is."""
    return url_for("static", filename=name, v=_fingerprint(Path(current_app.static_folder or "") / name))


@lru_cache
def _fingerprint(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
