"""Each screen of a large workspace: how long the service takes to answer, and how much it sends."""

from __future__ import annotations

import gzip
import io
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from connector.settings import Settings
from connector.store.connections import load_connection
from connector.store.tables import load_table
from mapping.storage_format import render_region
from sync.collector import fit_collector
from sync.composing import compose_table
from sync.ports import Resources
from sync.wiring import build
from tests.benchmarks import screens_okrs as okrs
from tests.benchmarks import screens_world as world
from tests.benchmarks.figures import Counted, Outcome, Samples
from tests.benchmarks.processes import Service
from tests.benchmarks.screens_world import Large
from tests.site.running import start_site
from tests.unit.commands.stand_in import FakeConfluence, FakeJira, FakeSites, page, raw_issue
from tests.unit.web.reading import fields_of
from web.app import create_app
from web.session import start_session

REQUESTS = 100
TARGET, MOST_BYTES = "≤ 100 ms", "≤ 100 kB"
BOARD = "board, whole cycle"
# Not a page: its form asks for this by itself when it is there.
COMPARED = "table, compared with its page of 200 key results"
# A Jira in this process, which answers at once and finds so many epics.
FOUND = 100
_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(slots=True)
class Screen:
    """What was measured of one address. ``form``: what is sent to it, where it is no page to open. Bytes: of the page,
    and of its files; as they are, and as they were sent."""

    address: str
    form: Mapping[str, str] | None = None
    passed: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    plain: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in whose browser understands gzip."""

    app: Flask
    address: str
    cookie: str

    def get(self, path: str) -> tuple[bytes, Headers]:
        """The body as it was sent, and the headers. AssertionError where it is no page."""
        return self.answer(self.ask(path))

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        """``form``: sent as the table's form sends it, with the token of that page."""
        headers = [("Cookie", self.cookie), ("Accept-Encoding", "gzip, deflate, br")]
        if form is None:
            return EnvironBuilder(path, self.address, headers=headers).get_environ()
        headers += [("Referer", self.address)]
        return EnvironBuilder(path, self.address, method="POST", headers=headers, data=dict(form)).get_environ()

    def form_at(self, path: str, action: str) -> dict[str, str]:
        """What the form that goes to ``action`` holds on the page at ``path``."""
        return fields_of(_unpacked(*self.get(path)).decode(), action)

    def answer(self, asked: dict[str, Any]) -> tuple[bytes, Headers]:
        body, status, headers = run_wsgi_app(self.app.wsgi_app, asked, buffered=True)
        assert status.startswith("200"), f"{asked['PATH_INFO']}: {status}"
        return b"".join(body), headers


def measure(folder: Path) -> Iterator[Outcome]:
    """Once with key results whose values people say, once with all of them driven by their initiatives."""
    for name, driven in (("values said in check-ins", False), ("all driven by initiatives", True)):
        place = folder / ("driven" if driven else "said")
        place.mkdir()
        yield _measure(place, name, driven=driven)


def _measure(folder: Path, name: str, *, driven: bool) -> Outcome:
    with start_site(folder, world="generated:1x1") as site:
        service = Service(folder, site)
        service.okr("migrate")
        on = _resources(service)
        large = world.fill(on, on.clock.now(), driven=driven)
        _publish(on, large)
        visitor = _visitor(on, large)
        fit_collector()  # as ``okr web`` does when it starts
        screens = {what: Screen(address) for what, address in _addresses(large).items()}
        form = f"/tables/{large.table_id}/edit"
        screens[COMPARED] = Screen(f"{form}/preview", visitor.form_at(form, form))
        for _ in range(REQUESTS + 1):
            for screen in screens.values():
                _visit(visitor, screen)
        over_http, processor = _over_http(service, visitor.cookie)
        on.database.close()
    return Outcome(
        name=f"screens, {name}",
        setting=f"{okrs.KEY_RESULTS} key results in {okrs.OBJECTIVES} objectives of {okrs.TEAMS} teams, "
        f"{world.INITIATIVES:,} initiatives of {world.ISSUES_OF_EACH} issues each, {okrs.WEEKS} check-ins and "
        f"{world.FIGURES_OF_EACH} kept figures of each key result, on SQLite; {REQUESTS} requests of each page in "
        "turn, after one that is left out; a Jira in this process answers at once",
        samples=(
            *_samples(screens),
            Samples(f"{BOARD}: over HTTP by okr web, time that passes", "ms", over_http, TARGET),
        ),
        counted=(*_counted(screens), Counted("processor time of okr web for one board", processor, "ms", TARGET)),
    )


def _resources(service: Service) -> Resources:
    """Of the same database and the same keys as the service's, with sites that answer at once."""
    values: Any = {"_env_file": None, "data_dir": service.folder / "data", "port": service.port}
    jira = FakeJira({f"GEN0-{number}": _epic(number) for number in range(FOUND)})
    return replace(build(Settings(**values)), sites=FakeSites({world.SITE: jira}, {world.SITE: FakeConfluence()}))


def _publish(on: Resources, large: Large) -> None:
    """The page of the first table holds it, as somebody put it there by hand: nothing is remembered of its rows."""
    with on.database.read() as conn:
        table = load_table(conn, large.person.workspace_id, large.table_id)
        shown = compose_table(conn, table.workspace_id, table, on.settings, on.clock.now())
        confluence = load_connection(conn, table.workspace_id, table.connection_id)
    wiki = on.sites.confluence(confluence)
    assert isinstance(wiki, FakeConfluence)
    wiki.pages[table.page_id] = page(table.page_id, body=render_region(shown))


def _epic(number: int) -> dict[str, Any]:
    return raw_issue(f"GEN0-{world.epic_id(number)}", world.epic_id(number), labels=["goal-0"])


def _visitor(on: Resources, large: Large) -> Visitor:
    app = create_app(on, most_previews=sys.maxsize)
    with app.test_request_context():
        start_session(large.person, on.clock.now())
        generate_csrf()  # into the session, so that its cookie fits every form that is opened with it
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
    return Visitor(app, on.settings.public_url, cookie)


def _addresses(large: Large) -> dict[str, str]:
    link = f"GEN-KR1/{large.jira_id}/{world.epic_id(0)}"
    return {
        BOARD: "/",
        "board, one team": f"/cycles/{okrs.CYCLE}?team=Team+3",
        "board, what needs attention": f"/cycles/{okrs.CYCLE}?attention=yes",
        "board, one figure explained": f"/cycles/{okrs.CYCLE}?open=GEN-KR1",
        "key result": "/kr/GEN-KR1",
        "key result, form": "/kr/GEN-KR1/edit",
        "objective": "/objectives/GEN-O1",
        "objective, form": "/objectives/GEN-O1/edit",
        "cycle, form": f"/cycles/{okrs.CYCLE}/edit",
        "carry over": f"/cycles/{okrs.CYCLE}/carry-over",
        "grade": f"/cycles/{okrs.CYCLE}/grade",
        "check-in form": "/check-in/GEN-KR1",
        "check-ins due": "/check-ins",
        "withdraw a check-in": f"/check-in/GEN-KR1/withdraw/{large.check_in_id}",
        "mappings, links": "/mappings",
        "mappings, search": "/mappings?q=flow",
        "mappings, epics": "/mappings/epics",
        "mappings, gone": "/mappings/gone",
        "mappings, one link": f"/mappings/links/{link}",
        "mappings, projects": "/mappings/projects",
        "mappings, one project": f"/mappings/projects/{large.jira_id}/10000",
        "rules": "/mappings/rules",
        "rule, new": "/mappings/rules/new?kind=labels",
        "rule, with what it would do": f"/mappings/rules/{large.rule_id}",
        "tables": "/tables",
        "table": f"/tables/{large.table_id}",
        "table, new with preview": "/tables/new",
        "table, form with preview": f"/tables/{large.table_id}/edit",
        "status": "/status",
        "log": "/status/log",
        "people": "/people",
        "person": f"/people/{large.person.person_id}",
        "account": "/account",
        "settings": "/settings",
        "sites": "/settings/sites",
        "set-up, OKRs": "/set-up/okrs",
        "set-up, epic": "/set-up/epic",
        "set-up, page": "/set-up/page",
    }


def _visit(visitor: Visitor, screen: Screen) -> None:
    """The first visit makes what is made once, and looks at the size."""
    asked = visitor.ask(screen.address, screen.form)
    began, used = time.perf_counter(), time.process_time()
    body, headers = visitor.answer(asked)
    passed, used = time.perf_counter() - began, time.process_time() - used
    if not screen.plain:
        _weigh(visitor, screen, body, headers)
        return
    screen.passed.append(passed * 1000)
    screen.processor.append(used * 1000)


def _weigh(visitor: Visitor, screen: Screen, body: bytes, headers: Headers) -> None:
    page = _unpacked(body, headers)
    files = [visitor.get(address) for address in sorted(set(_ASSET.findall(page.decode())))]
    screen.plain = len(page) + sum(len(_unpacked(*file)) for file in files)
    screen.sent = len(body) + sum(len(sent) for sent, _ in files)


def _unpacked(body: bytes, headers: Headers) -> bytes:
    return gzip.GzipFile(fileobj=io.BytesIO(body)).read() if headers.get("Content-Encoding") == "gzip" else body


def _over_http(service: Service, cookie: str) -> tuple[tuple[float, ...], float]:
    """Milliseconds that passed for the whole board, each time; and of the service's processor for one."""
    with service.running("web") as web, requests.Session() as browser:
        service.wait_until_up()
        browser.headers["Cookie"] = cookie
        taken = []
        before = 0.0
        for number in range(REQUESTS + 1):
            began = time.perf_counter()
            browser.get(f"{service.url}/", timeout=60).raise_for_status()
            taken.append((time.perf_counter() - began) * 1000)
            before = before if number else web.processor_seconds()
        return tuple(taken[1:]), (web.processor_seconds() - before) * 1000 / REQUESTS


def _samples(screens: Mapping[str, Screen]) -> Iterator[Samples]:
    for what, screen in screens.items():
        yield Samples(f"{what}: time that passes", "ms", tuple(screen.passed), "–" if screen.form else TARGET)
        yield Samples(f"{what}: processor", "ms", tuple(screen.processor))


def _counted(screens: Mapping[str, Screen]) -> Iterator[Counted]:
    for what, screen in screens.items():
        plain = f"{what}: sent, page and files, {screen.plain / 1000:.0f} kB unpacked"
        yield Counted(plain, screen.sent / 1000, "kB", MOST_BYTES)
