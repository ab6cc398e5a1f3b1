"""Who may use which route. What is not named here needs a sign-in, and to send a form needs an editor or an admin, so
that a forgotten route is closed, not open."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Flask, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.store.people import Person
from sync.commands import first_workspace
from sync.ports import Resources
from sync.queries.people import load_person, load_visitor
from web.forms import Form
from web.kept_form import FIELD, keep_form
from web.rights import asking_first, may_edit
from web.session import claimed_person, end_session, is_still_valid, note_visit

Answer = Response | tuple[str, int]

OPEN_TO_ALL = frozenset({
    "static",
    "entry.sign_in",
    "entry.try_sign_in",
    "entry.first_visit",
    "entry.claim",
    "entry.code",
    "entry.come_in",
    "health.alive",
    "health.ready",
    "connect.descriptor",
})  # fmt: skip
# Webhooks prove themselves by their signature, before anything else is done with them.
SIGNED_BY_SENDER = frozenset({"webhooks"})
SIGNED_IN_OR_LOCAL = frozenset({"health.metrics"})
# Where reading is open to everybody: the pages that somebody without an account may read. Never people, settings, the
# log, or what holds an e-mail address or a token.
OPEN_TO_VISITORS = frozenset({"board.current", "board.of_cycle", "key_result.show", "objectives.show", "status.status"})
ADMINS_ONLY = frozenset({
    "table_owners.change",
    "status.pause",
    "status.resume",
    "status.check",
    "status.try_again",
    "status.try_all_again",
    "people.list_",
    "people.new",
    "people.add",
    "people.one",
    "people.change",
    "people.make_code",
    "people.ask_to_remove",
    "people.remove",
    "settings.show",
    "settings.save",
    "mapping_projects.form",
    "mapping_projects.look",
    "mapping_projects.save",
    "mapping_projects.look_again",
})  # fmt: skip
# Every page of these, to look at it and to send it.
FOR_ADMINS = frozenset({
    "events",
    "set_up",
    "set_up_dry_run",
    "set_up_epic",
    "set_up_events",
    "set_up_okrs",
    "set_up_page",
    "set_up_site",
    "sites",
})  # fmt: skip
# Forms that everybody may send who is signed in, readers too.
READERS_MAY_SEND = frozenset({
    "entry.sign_out",
    "account.describe",
    "account.change_password",
    "account.sign_out_everywhere",
})  # fmt: skip


def guard(app: Flask, on: Resources) -> None:
    """Ask before every request who is there and whether they may; sets ``g.person``, and ``g.on`` for what they do."""

    def admit() -> Answer | None:
        if request.endpoint is None or request.blueprint in SIGNED_BY_SENDER:
            return None
        if request.endpoint in OPEN_TO_ALL or (request.endpoint in SIGNED_IN_OR_LOCAL and is_local()):
            return None
        g.person = person = signed_in(on) or _visitor(on)
        if person is None:
            return to_the_door()
        g.on = asking_first(on)
        if is_for_admins(request.endpoint, request.blueprint) and person.role != "admin":
            abort(403)
        if request.method != "GET" and request.endpoint not in READERS_MAY_SEND and not may_edit(person):
            abort(403)
        return None

    app.before_request(admit)


def is_for_admins(endpoint: str | None, blueprint: str | None) -> bool:
    """True for what only admins may look at or send."""
    return endpoint in ADMINS_ONLY or blueprint in FOR_ADMINS


def is_local() -> bool:
    """True where the caller sits on this machine, and no proxy says that it asks for somebody else."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def signed_in(on: Resources) -> Person | None:
    """Whoever is signed in; None where nobody is, or the sign-in does not hold any more."""
    claimed = claimed_person(on.clock.now())
    if claimed is None:
        return None
    person = load_person(on, *claimed)
    if person is None or not is_still_valid(person):
        end_session()
        return None
    note_visit(on.clock.now())
    return person


def _visitor(on: Resources) -> Person | None:
    """Somebody without an account, who may read this page."""
    if request.method != "GET" or request.endpoint not in OPEN_TO_VISITORS:
        return None
    return load_visitor(on, first_workspace(on))


def to_the_door() -> Answer:
    """To the sign-in and, after it, back to where the person wanted to go, or to the form that was being sent."""
    if request.method != "GET":
        kept = keep_form()
        if kept:
            return sign_in_page(Form({FIELD: kept})), 401
        return redirect(url_for("entry.sign_in"), 303)
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("entry.sign_in", next=None if wanted == "/" else wanted))


def sign_in_page(form: Form) -> str:
    """The sign-in, with what was typed into it and what is kept for after it."""
    return render_template("entry/sign_in.html", form=form, next=safe_next(request.values.get("next", "/")))


def safe_next(wanted: str) -> str:
    """``wanted`` if it is a path of ours, else the first page: nobody is sent to another site after signing in."""
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_path and wanted.isprintable() and "\\" not in wanted else "/"
