"""What happens to issues, projects and permissions by a test's hand, below `/_site/`."""

from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify, request

from tests.site.accounts import Accounts
from tests.site.issue_acts import IssueActs, Parents
from tests.site.permissions import Permissions
from tests.site.project_acts import ProjectActs
from tests.site.store import Document
from tests.site.world import World

Act = Callable[[Document, Document], object]


def register(app: Flask, world: World, accounts: Accounts) -> None:
    """Add the routes; they need no credentials, the site listens on this machine only."""
    _register_issues(app, _ActsByName(world, accounts), world)
    _register_projects(app, world, ProjectActs(world, accounts))
    _register_permissions(app, world, Permissions(world.store, accounts))


class _ActsByName:
    """Acts on an issue, each with the body that was sent; done by the first person of the world."""

    def __init__(self, world: World, accounts: Accounts) -> None:
        self._world, self._accounts, self._acts = world, accounts, IssueActs(world)

    def all(self) -> dict[str, Act]:
        """By the name in the address."""
        return {
            "move": self._move,
            "parents": self._parents,
            "convert": self._convert,
            "delete": lambda issue, _: self._world.delete(issue, self._accounts.people()[0], silent=True),
        }

    def _move(self, issue: Document, sent: Document) -> None:
        self._acts.move(issue, sent["project"], self._accounts.people()[0])

    def _parents(self, issue: Document, sent: Document) -> None:
        parents = Parents(sent.get("parent", issue["parent"]), sent.get("epic_link", issue["epic_link"]))
        told = sent.get("told", ("parent", "epic_link"))
        self._acts.reparent(issue, parents, self._accounts.people()[0], told)

    def _convert(self, issue: Document, sent: Document) -> None:
        named = [key for key, kind in self._world.types.items() if sent["type"] in (key, kind["name"])]
        if not named:
            raise ValueError(f"no type {sent['type']}")
        keeps = bool(sent.get("keeps_children", False))
        parent = sent.get("parent")
        self._acts.convert(issue, named[0], parent, self._accounts.people()[0], keeps_children=keeps)


def _register_issues(app: Flask, acts: _ActsByName, world: World) -> None:
    by_name = acts.all()

    @app.post("/_site/issues/<key>/<act>")
    def act(key: str, act: str) -> Any:
        with world.store.lock:
            issue = world.find(key)
            if issue is None or act not in by_name:
                return jsonify({"error": f"no issue {key}, or nothing called {act}"}), 404
            try:
                by_name[act](issue, request.get_json(silent=True) or {})
            except (KeyError, TypeError, ValueError) as error:
                return jsonify({"error": f"{error}"}), 400
            return jsonify({"key": issue["key"]})


def _register_projects(app: Flask, world: World, projects: ProjectActs) -> None:
    def done(act: Callable[[], None]) -> Any:
        with world.store.lock:
            try:
                act()
            except KeyError as error:
                return jsonify({"error": f"no project {error}"}), 404
        return "", 204

    @app.post("/_site/projects/<key>/rename")
    def rename(key: str) -> Any:
        return done(lambda: projects.rename(key, request.get_json(force=True)["key"]))

    @app.post("/_site/projects/<key>/restore")
    def restore(key: str) -> Any:
        return done(lambda: projects.restore(key))

    @app.delete("/_site/projects/<key>")
    def remove(key: str) -> Any:
        return done(lambda: projects.remove(key))


def _register_permissions(app: Flask, world: World, permissions: Permissions) -> None:
    @app.post("/_site/permissions")
    def permit() -> Any:
        with world.store.lock:
            try:
                _permit(permissions, request.get_json(force=True))
            except KeyError as error:
                return jsonify({"error": f"{error} is missing, or there is no such thing"}), 404
        return "", 204


def _permit(permissions: Permissions, sent: Document) -> None:
    account = sent["account"]
    if "project" in sent:
        permissions.project(account, sent["project"], may_see=bool(sent["may_see"]))
    elif "space" in sent:
        permissions.space(account, sent["space"], may_see=bool(sent["may_see"]))
    else:
        views, edits = bool(sent["may_view"]), bool(sent["may_edit"])
        permissions.page(account, sent["page"], may_view=views, may_edit=edits)
