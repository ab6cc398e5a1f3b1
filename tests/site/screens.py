"""Jira in a browser: projects, epics with their progress, an issue and buttons to move it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers.response import Response as BaseResponse

from tests.site.accounts import Accounts
from tests.site.issue_documents import POINTS_FIELDS
from tests.site.sample import NO_WORK
from tests.site.store import Document, Store
from tests.site.world import World

Answer = str | tuple[str, int] | BaseResponse
_MOST_LOOSE = 200
_CATEGORIES = ("new", "indeterminate", "done")


@dataclass(frozen=True)
class Count:
    """The children of an issue: all, those that count (not given up), and of these done or in progress."""

    total: int
    counting: int
    done: int
    moving: int


def register(app: Flask, store: Store, accounts: Accounts, world: World) -> None:
    """Add the routes. Each view runs under the store's lock, as the person chosen in the frame."""
    screens = Screens(store, accounts, world)
    routes: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
        ("GET", "/", screens.start),
        ("GET", "/projects", screens.start),
        ("GET", "/projects/<key>", screens.project),
        ("GET", "/browse/<key>", screens.issue),
        ("POST", "/browse/<key>/move", screens.move),
        ("POST", "/browse/<key>/estimate", screens.estimate),
        ("POST", "/browse/<key>/add", screens.add),
    )
    for method, path, view in routes:
        app.add_url_rule(path, f"screen {method} {path}", _locked(store, view), methods=[method])


def _locked(store: Store, view: Callable[..., Answer]) -> Callable[..., Answer]:
    @wraps(view)
    def locked(**parts: str) -> Answer:
        with store.lock:
            return view(**parts)

    return locked


class Screens:
    """The views."""

    def __init__(self, store: Store, accounts: Accounts, world: World) -> None:
        self._store = store
        self._accounts = accounts
        self._world = world

    def start(self) -> Answer:
        """Projects and spaces."""
        pages = [page for page in self._store.all("pages").values() if page["status"] == "current"]
        spaces = [
            {**space, "pages": sum(page["spaceId"] == space["id"] for page in pages)}
            for space in self._store.all("spaces").values()
        ]
        projects = [self._sized(project) for project in self._world.projects.values()]
        return render_template("jira_start.html", projects=projects, spaces=spaces)

    def _sized(self, project: Document) -> Document:
        issues = [self._world.issues[issue_id] for issue_id in self._world.ids_of_project(project["key"])]
        epics = sum(self._world.level(issue) > 0 for issue in issues)
        return {**project, "issues": len(issues) - epics, "epics": epics}

    def project(self, key: str) -> Answer:
        """Epics with their progress, and what has no epic."""
        project = self._world.projects.get(key)
        if project is None:
            return render_template("jira_missing.html", what="project"), 404
        ids = sorted(self._world.ids_of_project(key), key=int)
        issues = [self._world.issues[issue_id] for issue_id in ids]
        epics = [self._row(issue) for issue in issues if self._world.level(issue) > 0]
        loose = [issue for issue in issues if self._world.level(issue) == 0 and not issue["parent"]]
        return render_template(
            "jira_project.html",
            project=project,
            epics=epics[:_MOST_LOOSE],
            loose=[self._row(issue) for issue in loose[:_MOST_LOOSE]],
            more=max(len(loose) - _MOST_LOOSE, 0),
            here_path=request.path,
            watch=f"project/{key}",
        )

    def issue(self, key: str) -> Answer:
        """One issue with its children."""
        issue = self._visible(key)
        if issue is None:
            return render_template("jira_missing.html", what="issue"), 404
        if issue["key"] != key:
            return redirect(f"/browse/{issue['key']}")
        project = self._world.projects[issue["project"]]
        links = (self._store.get("remote_links", issue["id"]) or {}).values()
        return render_template(
            "jira_issue.html",
            row=self._row(issue, every_status=True),
            project=project,
            parent=self._world.issues.get(issue["parent"] or ""),
            count=self._count(issue),
            children=[self._row(child) for child in self._world.children(issue["id"])],
            links=[link for link in links if link["object"]["url"].startswith(("http://", "https://"))],
            points_name=POINTS_FIELDS[project["style"]][1],
            reporter=self._name(issue["reporter"]),
            created=_shown(issue["created"]),
            updated=_shown(issue["updated"]),
            here_path=request.path,
            watch=f"issue/{issue['id']}",
        )

    def move(self, key: str) -> Answer:
        """One click: the issue goes to another status, or is given up."""
        issue = self._visible(key)
        if issue is None:
            return render_template("jira_missing.html", what="issue"), 404
        wont_do = request.form.get("wont_do")
        status = wont_do or request.form.get("status", "")
        if status in self._world.projects[issue["project"]]["statuses"]:
            resolution = "Won't Do" if wont_do else None
            self._world.transition(issue, status, self._accounts.person(request), resolution)
        return redirect(_own_path(request.form.get("back", ""), key))

    def estimate(self, key: str) -> Answer:
        """Sets the points; empty takes them away, what is no number changes nothing."""
        issue = self._visible(key)
        if issue is None:
            return render_template("jira_missing.html", what="issue"), 404
        text = request.form.get("points", "").strip().replace(",", ".")
        if re.fullmatch(r"(\d{1,6}(\.\d{1,3})?)?", text):
            self._world.edit(issue, {"points": float(text) if text else None}, self._accounts.person(request))
        return redirect(f"/browse/{issue['key']}")

    def add(self, key: str) -> Answer:
        """A new issue below this one: a sub-task below a story, a story below an epic."""
        parent = self._visible(key)
        if parent is None:
            return render_template("jira_missing.html", what="issue"), 404
        level = 0 if self._world.level(parent) > 0 else -1
        types = self._world.projects[parent["project"]]["types"]
        kind = next(one for one in types if self._world.types[one]["level"] == level)
        summary = request.form.get("summary", "").strip()[:255]
        if summary:
            fields = {"project": parent["project"], "type": kind, "summary": summary, "parent": parent["id"]}
            self._world.create(fields, self._accounts.person(request))
        return redirect(f"/browse/{parent['key']}")

    def _visible(self, key: str) -> Document | None:
        issue = self._world.find(key)
        if issue is None or not self._accounts.person(request).may_see_project(issue["project"]):
            return None
        return issue

    def _row(self, issue: Document, every_status: bool = False) -> Document:
        status = self._world.statuses[issue["status"]]
        statuses = [self._world.statuses[one] for one in self._world.projects[issue["project"]]["statuses"]]
        done = next(one["id"] for one in statuses if one["category"] == "done")
        return {
            "issue": issue,
            "kind": self._world.types[issue["type"]],
            "level": self._world.level(issue),
            "status": status,
            "targets": statuses if every_status else _one_per_category(statuses, status),
            "wont_do": done if every_status and status["category"] != "done" else None,
            "no_work": issue["resolution"] in NO_WORK,
            "points": "" if issue["points"] is None else f"{issue['points']:g}",
            "count": self._count(issue),
        }

    def _count(self, issue: Document) -> Count:
        children = self._world.children(issue["id"])
        counting = [child for child in children if child["resolution"] not in NO_WORK]
        categories = [self._world.category(child) for child in counting]
        return Count(len(children), len(counting), categories.count("done"), categories.count("indeterminate"))

    def _name(self, account_id: str | None) -> str:
        known = self._store.get("accounts", account_id or "")
        return str(known["display_name"]) if known else "–"


def _one_per_category(statuses: list[Document], now: Document) -> list[Document]:
    """For a row there is room for three buttons: the present status, and the first of each other category."""
    firsts = (next(one for one in statuses if one["category"] == category) for category in _CATEGORIES)
    return [now if one["category"] == now["category"] else one for one in firsts]


def _shown(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%-d %b %Y, %H:%M")


def _own_path(path: str, key: str) -> Any:
    return path if path.startswith(("/browse/", "/projects/")) else f"/browse/{key}"
