"""The Flask application, put together."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from connector.store.fair_lock import FairLock
from sync.ports import Resources
from web.access import guard
from web.compression import compress_answers
from web.filters import add_filters
from web.form_tokens import MaskedTokens
from web.language import prepare_languages
from web.looks import MOST_PREVIEWS, bound_asking, keep_looks
from web.pages import keep_resources
from web.password_turns import PasswordTurns, bound_password_checks
from web.protection import YEAR_SECONDS, protect
from web.session import prepare_sessions
from web.troubles import answer_troubles
from web.views import (
    account,
    board,
    check_in,
    check_ins,
    connect,
    cycle_end,
    cycles,
    entry,
    events,
    health,
    key_result,
    key_results,
    mappings,
    mappings_epics,
    mappings_gone,
    mappings_link,
    mappings_projects,
    objectives,
    people,
    rules,
    set_up,
    set_up_dry_run,
    set_up_epic,
    set_up_events,
    set_up_okrs,
    set_up_page,
    set_up_site,
    settings,
    sites,
    status,
    table_acts,
    table_adopt,
    table_edit,
    table_new,
    table_owners,
    tables,
)
from webhooks.receive import make_receiver


def create_app(on: Resources, *, most_previews: int = MOST_PREVIEWS) -> Flask:
    """The whole site: pages for people, the door for webhooks, and what monitoring asks for. ``most_previews``: how
    often within a minute one person may have Jira and Confluence asked."""
    app = Flask(__name__)
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=YEAR_SECONDS, WTF_CSRF_TIME_LIMIT=None)
    protect(app, on.settings)
    compress_answers(app)
    prepare_sessions(app, on.settings)
    for_people = replace(on, database=on.database.for_people())
    keep_resources(app, for_people)
    keep_looks(app)
    prepare_languages(app)
    add_filters(app)
    answer_troubles(app)
    receiver = make_receiver(on)
    # A webhook carries a signature instead of a session.
    MaskedTokens(app).exempt(receiver)
    guard(app, for_people)
    bound_asking(app, on.clock, most_previews)
    bound_password_checks(app, on.clock, PasswordTurns(on.settings.web_threads // 2, FairLock()))
    for pages in (
        account, board, check_in, check_ins, connect, cycle_end, cycles, entry, events, health, key_result, key_results,
        objectives, mappings, mappings_epics, mappings_gone,
        mappings_link, mappings_projects, people, rules, set_up, set_up_dry_run, set_up_epic, set_up_events,
        set_up_okrs, set_up_page, set_up_site, settings, sites, status,
        table_acts, table_adopt, table_edit, table_new, table_owners, tables,
    ):  # fmt: skip
        app.register_blueprint(pages.views)
    app.register_blueprint(receiver)
    return app
