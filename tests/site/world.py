"""The Jira half of the world: projects, issues and their changes, over the store."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.site.accounts import Account
from tests.site.issue_documents import blank_issue, changelog_item
from tests.site.store import Document, Store


@dataclass(frozen=True)
class Changed:
    """One thing that happened to an issue: `created`, `updated` or `deleted`.

    `issue` is a copy as it was after the change (before it, for a deletion). `items` are changelog items as Jira
    writes them. `cascade` marks what follows from another change. `before` is a copy as it was before, if it was.
    """

    kind: str
    issue: Document
    items: list[Document]
    by: Account
    at: datetime
    cascade: bool = False
    before: Document | None = None


@dataclass
class _Indexes:
    by_key: dict[str, str] = field(default_factory=dict)
    by_parent: dict[str, set[str]] = field(default_factory=dict)
    by_project: dict[str, set[str]] = field(default_factory=dict)


class World:
    """Projects, statuses, types and issues. Whoever calls holds the store's lock.

    An issue document: id, key, project (key), type, status (ids), parent (id or None), epic_link (a key that nothing
    stands behind, or None), summary, points, labels, priority, resolution, created, updated, resolved,
    category_changed (epoch milliseconds), sprint, reporter (account id).
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.listeners: list[Callable[[Changed], None]] = []
        self.revision = 0
        self.search_lag = timedelta(0)
        self._behind: dict[str, tuple[datetime, Document | None]] = {}
        self._indexes = _Indexes()
        for issue in self.issues.values():
            self._index(issue)

    @property
    def issues(self) -> dict[str, Document]:
        """All issues by id."""
        return self.store.all("issues")

    @property
    def projects(self) -> dict[str, Document]:
        """All projects by key: id, key, name, style (classic | next-gen), statuses, types (ids)."""
        return self.store.all("projects")

    @property
    def statuses(self) -> dict[str, Document]:
        """All statuses by id: name, category (new | indeterminate | done)."""
        return self.store.all("statuses")

    @property
    def types(self) -> dict[str, Document]:
        """All issue types by id: name, level (-1 sub-task, 0, 1 epic)."""
        return self.store.all("types")

    def find(self, id_or_key: str) -> Document | None:
        """An issue by id or key. [S: Get issue] the key is compared without case, and a moved issue is still found."""
        if id_or_key in self.issues:
            return self.issues[id_or_key]
        key = id_or_key.upper()
        moved = self.store.get("moved_keys", key)
        issue_id = self._indexes.by_key.get(key) or (moved["id"] if moved else "")
        return self.issues.get(issue_id)

    def children(self, issue_id: str) -> list[Document]:
        """The direct children in ascending order of ids."""
        return [self.issues[child] for child in sorted(self._indexes.by_parent.get(issue_id, ()), key=int)]

    def ids_of_children(self, issue_id: str) -> set[str]:
        """The ids of the direct children, to read."""
        return self._indexes.by_parent.get(issue_id, set())

    def ids_of_project(self, key: str) -> set[str]:
        """The ids of a project's issues, to read."""
        return self._indexes.by_project.get(key, set())

    def category(self, issue: Document) -> str:
        """The key of the issue's status category."""
        return str(self.statuses[issue["status"]]["category"])

    def level(self, issue: Document) -> int:
        """The hierarchy level of the issue's type."""
        return int(self.types[issue["type"]]["level"])

    def transitions(self, issue: Document) -> list[Document]:
        """The statuses that the issue can go to: [U] all others of its project, as in Jira's simplified workflow."""
        statuses = self.projects[issue["project"]]["statuses"]
        return [self.statuses[status] for status in statuses if status != issue["status"]]

    def stale(self, reconcile: Collection[str]) -> dict[str, Document | None]:
        """Issues that a search still sees as they were (None: not yet there), by id.

        [S: search and reconcile] a search may not show recent changes, unless the issue is named in `reconcileIssues`.
        """
        now = self.store.now()
        self._behind = {issue_id: seen for issue_id, seen in self._behind.items() if seen[0] > now}
        return {issue_id: before for issue_id, (_, before) in self._behind.items() if issue_id not in reconcile}

    def _fall_behind(self, issue_id: str, before: Document | None) -> None:
        if self.search_lag:
            self._behind.setdefault(issue_id, (self.store.now() + self.search_lag, before))

    def create(self, fields: Document, by: Account) -> Document:
        """Add an issue from the given fields (project, type, summary, and what else an issue document has)."""
        now = self.store.now()
        project = self.projects[fields["project"]]
        number = self.store.next_id(f"number of {project['key']}", 1)
        issue_id = str(self.store.next_id("issue", 10001))
        issue = blank_issue(issue_id, f"{project['key']}-{number}", _ms(now), **fields)
        issue["reporter"] = by.account_id
        issue.setdefault("status", project["statuses"][0])
        self._fall_behind(issue["id"], None)
        self._keep(issue)
        self._tell(Changed("created", dict(issue), [], by, now))
        return issue

    def edit(self, issue: Document, fields: Document, by: Account) -> None:
        """Change fields; nothing happens and nobody is told if all have these values already."""
        items = [self._item(issue, name, value) for name, value in fields.items() if issue[name] != value]
        if not items:
            return
        now = self.store.now()
        before = dict(issue)
        self._fall_behind(issue["id"], before)
        self._unindex(issue)
        if "status" in fields and self.statuses[fields["status"]]["category"] != self.category(issue):
            issue["category_changed"] = _ms(now)
        issue.update(fields, updated=_ms(now))
        self._keep(issue)
        self._tell(Changed("updated", dict(issue), items, by, now, before=before))

    def transition(self, issue: Document, status_id: str, by: Account, resolution: str | None = None) -> None:
        """Move an issue to another status.

        [U] Entering category done sets the resolution (Done unless one is given), leaving it clears the resolution,
        as Jira's own simplified workflow does.
        """
        done = self.statuses[status_id]["category"] == "done"
        fields: Document = {"status": status_id}
        if done:
            fields["resolution"] = resolution or issue["resolution"] or "Done"
            fields["resolved"] = issue["resolved"] or _ms(self.store.now())
        else:
            fields |= {"resolution": None, "resolved": None}
        self.edit(issue, fields, by)

    def delete(self, issue: Document, by: Account, cascade: bool = False) -> None:
        """Delete an issue and its sub-tasks; [U] other children lose their parent without an event of their own."""
        for child in self.children(issue["id"]):
            if self.level(child) < 0:
                self.delete(child, by, cascade=True)
            else:
                self._orphan(child)
        self._unindex(issue)
        self.store.delete("issues", issue["id"])
        self.store.delete("properties", issue["id"])
        self.store.delete("remote_links", issue["id"])
        self._tell(Changed("deleted", dict(issue), [], by, self.store.now(), cascade))

    def move(self, issue: Document, project_key: str, by: Account) -> None:
        """Move an issue to another project: its id stays, its key changes, the old key still finds it."""
        self.store.put("moved_keys", issue["key"], {"id": issue["id"]})
        number = self.store.next_id(f"number of {project_key}", 1)
        self.edit(issue, {"project": project_key, "key": f"{project_key}-{number}"}, by)

    def rename_project(self, key: str, new_key: str) -> None:
        """Give a project another key: its issues' keys change, ids stay. [U] no events, `updated` stays."""
        project = self.store.all("projects")[key]
        self.store.delete("projects", key)
        self.store.put("projects", new_key, {**project, "key": new_key})
        self.store.put("sequences", f"number of {new_key}", self.store.all("sequences")[f"number of {key}"])
        for issue_id in list(self.ids_of_project(key)):
            issue = self.issues[issue_id]
            self.store.put("moved_keys", issue["key"], {"id": issue_id})
            self._unindex(issue)
            number = issue["key"].rpartition("-")[2]
            issue.update(project=new_key, key=f"{new_key}-{number}")
            self._keep(issue)

    def remove_project(self, key: str) -> None:
        """Delete a project with its issues.

        [S2] github.com/candat96/jira-lark-webhook: no event tells of the issues.
        """
        for issue_id in list(self.ids_of_project(key)):
            issue = self.issues[issue_id]
            for child in self.children(issue_id):
                if child["project"] != key:
                    self._orphan(child)
            self._unindex(issue)
            self.store.delete("issues", issue_id)
        self.store.delete("projects", key)

    def _orphan(self, issue: Document) -> None:
        self._unindex(issue)
        issue["parent"] = None
        self._keep(issue)

    def _keep(self, issue: Document) -> None:
        self.revision += 1
        self._index(issue)
        self.store.put("issues", issue["id"], issue)

    def _index(self, issue: Document) -> None:
        self._indexes.by_key[issue["key"]] = issue["id"]
        self._indexes.by_project.setdefault(issue["project"], set()).add(issue["id"])
        if issue["parent"]:
            self._indexes.by_parent.setdefault(issue["parent"], set()).add(issue["id"])

    def _unindex(self, issue: Document) -> None:
        self.revision += 1
        self._indexes.by_key.pop(issue["key"], None)
        self._indexes.by_project[issue["project"]].discard(issue["id"])
        self._indexes.by_parent.get(issue["parent"] or "", set()).discard(issue["id"])

    def _tell(self, changed: Changed) -> None:
        issue = changed.issue
        moved = [item for item in changed.items if item["fieldId"] == "parent"]
        near = {issue["id"], issue["parent"], *(item["from"] for item in moved)} - {None}
        self.store.bump(*(f"issue/{issue_id}" for issue_id in near), f"project/{issue['project']}")
        for listener in self.listeners:
            listener(changed)

    def _item(self, issue: Document, name: str, value: Any) -> Document:
        style = self.projects[issue["project"]]["style"]
        ids = (issue[name], value) if name in ("status", "parent") else (None, None)
        return changelog_item(name, style, ids, (self._shown(name, issue[name]), self._shown(name, value)))

    def _shown(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if name == "status":
            return str(self.statuses[value]["name"])
        if name == "parent":
            return str(self.issues[value]["key"]) if value in self.issues else None
        return " ".join(value) if isinstance(value, list) else str(value)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
