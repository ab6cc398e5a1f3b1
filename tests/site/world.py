"""The Jira half of the world: projects, issues and their changes, over the store."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.site.accounts import Account
from tests.site.issue_documents import blank_issue, changelog_item
from tests.site.issue_indexes import Indexes, SlowIndex
from tests.site.store import Document, Store

Told = tuple[str, str]
"""A field of an issue document, and the one under whose name the changelog tells its change."""
MOST_ISSUES = 100
_WITH_IDS = ("status", "type", "parent", "epic_link")


@dataclass(frozen=True)
class Changed:
    """One thing that happened to an issue: `created`, `updated` or `deleted`.

    `issue` is a copy as it was after the change (before it, for a deletion). `items` are changelog items as Jira
    writes them. `cascade` marks what follows from another change, or is part of a bulk change. `before` is a copy as it
    was before, if it was.
    """

    kind: str
    issue: Document
    items: list[Document]
    by: Account
    at: datetime
    cascade: bool = False
    before: Document | None = None


class World:
    """Projects, statuses, types and issues. Whoever calls holds the store's lock.

    An issue document: id, key, project (key), type, status (ids), parent (id or None), epic_link (None: the field
    follows the parent; else what it says by itself: an id, a key that nothing stands behind, or nothing), summary,
    points, labels, priority, resolution, created, updated, resolved, category_changed, archived (epoch milliseconds),
    sprint, reporter (account id).

    `issues_a_page`: [S: search/jql, maxResults] a search may return fewer than were asked for where many fields are;
    [U] how many, and that it is the same number each time.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.listeners: list[Callable[[Changed], None]] = []
        self.project_listeners: list[Callable[[str, Document], None]] = []
        self.revision = 0
        self.issues_a_page = MOST_ISSUES
        self.search_index = SlowIndex(store)
        self._indexes = Indexes()
        for issue in self.issues.values():
            issue.setdefault("archived", None)  # kept by an older version of this site
            self._indexes.add(issue)

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

    def epic_link(self, issue: Document) -> str | None:
        """What stands in the field Epic Link: the id of an issue, a key that nothing stands behind, or None.

        [S: community.developer.atlassian.com/t/54048] deprecated in favour of `parent`, but still filled.
        """
        if issue["epic_link"] is not None:
            return issue["epic_link"] or None
        parent = self.issues.get(issue["parent"] or "")
        return str(parent["id"]) if parent and self.level(parent) == 1 else None

    def key_of(self, id_or_key: str) -> str:
        """The key of the issue with that id; the text itself where there is none."""
        issue = self.issues.get(id_or_key)
        return str(issue["key"]) if issue else id_or_key

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

    def create(self, fields: Document, by: Account) -> Document:
        """Add an issue from the given fields (project, type, summary, and what else an issue document has)."""
        now = self.store.now()
        project = self.projects[fields["project"]]
        number = self.store.next_id(f"number of {project['key']}", 1)
        issue_id = str(self.store.next_id("issue", 10001))
        issue = blank_issue(issue_id, f"{project['key']}-{number}", _ms(now), **fields)
        issue["reporter"] = by.account_id
        issue.setdefault("status", project["statuses"][0])
        self.search_index.fall_behind(issue["id"], None)
        self.keep(issue)
        self._tell(Changed("created", dict(issue), [], by, now))
        return issue

    def edit(
        self,
        issue: Document,
        fields: Document,
        by: Account,
        *,
        told: Collection[Told] | None = None,
        bulk: bool = False,
    ) -> None:
        """Change fields; nothing happens and nobody is told if all have these values already.

        The changelog tells each change under its own name, unless `told` says which of them it tells, and as what.
        """
        changed = {name: value for name, value in fields.items() if issue[name] != value}
        if not changed:
            return
        names = [(name, name) for name in changed] if told is None else told
        items = [self._item(issue, name, changed[name], shown) for name, shown in names if name in changed]
        now = self.store.now()
        before = dict(issue)
        if "status" in fields and self.statuses[fields["status"]]["category"] != self.category(issue):
            changed["category_changed"] = _ms(now)
        self.change_quietly(issue, **changed, updated=_ms(now))
        self._tell(Changed("updated", dict(issue), items, by, now, bulk, before))

    def change_quietly(self, issue: Document, **fields: Any) -> None:
        """Change fields without an event; what a search sees changes as late as ever."""
        self.search_index.fall_behind(issue["id"], dict(issue))
        self.change_at_once(issue, **fields)

    def change_at_once(self, issue: Document, **fields: Any) -> None:
        """Change fields without an event, for searches too."""
        self._indexes.remove(issue)
        issue.update(fields)
        self.keep(issue)

    def transition(
        self, issue: Document, status_id: str, by: Account, resolution: str | None = None, *, bulk: bool = False
    ) -> None:
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
        self.edit(issue, fields, by, bulk=bulk)

    def delete(self, issue: Document, by: Account, *, cascade: bool = False, silent: bool = False) -> None:
        """Delete an issue and its sub-tasks; with `silent`, no event tells of it.

        [U] Other children lose their parent without an event of their own.
        """
        for child in self.children(issue["id"]):
            if self.level(child) < 0:
                self.delete(child, by, cascade=True, silent=silent)
        for child in self.linked_to(issue):
            self.let_go(child, issue)
        self.search_index.fall_behind(issue["id"], dict(issue))
        self.take_out(issue)
        self.store.delete("properties", issue["id"])
        self.store.delete("remote_links", issue["id"])
        changed = Changed("deleted", dict(issue), [], by, self.store.now(), cascade)
        if silent:
            self._bump(changed)
        else:
            self._tell(changed)

    def linked_to(self, epic: Document) -> list[Document]:
        """The issues that have this one for their parent, or in their Epic Link."""
        return [self.issues[issue_id] for issue_id in self._indexes.linked_to(epic["id"])]

    def let_go(self, issue: Document, epic: Document) -> None:
        """The issue has that one neither for its parent nor in its Epic Link any more; nobody is told."""
        gone = {name: None for name in ("parent", "epic_link") if issue[name] == epic["id"]}
        self.change_quietly(issue, **gone)

    def take_out(self, issue: Document) -> None:
        """Forget an issue; what it left in other places stays."""
        self.revision += 1
        self._indexes.remove(issue)
        self.store.delete("issues", issue["id"])

    def keep(self, issue: Document) -> None:
        """Put an issue where everything finds it."""
        self.revision += 1
        self._indexes.add(issue)
        self.store.put("issues", issue["id"], issue)

    def _tell(self, changed: Changed) -> None:
        self._bump(changed)
        for listener in self.listeners:
            listener(changed)

    def tell_of_project(self, event: str, project: Document) -> None:
        """Say to all listeners what happened to a project: the event by Jira's name, the project as it is or was."""
        for listener in self.project_listeners:
            listener(event, project)

    def _bump(self, changed: Changed) -> None:
        issue, before = changed.issue, changed.before or changed.issue
        near = {issue["id"], issue["parent"], before["parent"]} - {None}
        self.store.bump(*(f"issue/{issue_id}" for issue_id in near), f"project/{issue['project']}")

    def _item(self, issue: Document, name: str, value: Any, shown: str) -> Document:
        style = self.projects[issue["project"]]["style"]
        ids = (issue[name], value) if name in _WITH_IDS else (None, None)
        return changelog_item(shown, style, ids, (self._shown(name, issue[name]), self._shown(name, value)))

    def _shown(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if name == "status":
            return str(self.statuses[value]["name"])
        if name == "type":
            return str(self.types[value]["name"])
        if name in ("parent", "epic_link"):
            return self.key_of(value) or None
        return " ".join(value) if isinstance(value, list) else str(value)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
