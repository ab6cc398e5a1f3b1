"""What happens to an issue beside an ordinary edit: moved, re-parented, converted, archived, gone without a word."""

from collections.abc import Collection
from dataclasses import dataclass

from tests.site.accounts import Account
from tests.site.store import Document
from tests.site.world import World

NOTHING = ""
"""An Epic Link that is empty although there is a parent."""


@dataclass(frozen=True)
class Parents:
    """The parent of an issue, and what its Epic Link says by itself: an id or key, NOTHING, or None to follow it."""

    parent: str | None
    epic_link: str | None = None


class IssueActs:
    """Changes issues of a world. Whoever calls it holds the store's lock."""

    def __init__(self, world: World) -> None:
        self._world = world

    def move(self, issue: Document, project_key: str, by: Account) -> None:
        """Move an issue to another project: its id stays, its key changes, the old key still finds it."""
        store = self._world.store
        store.put("moved_keys", issue["key"], {"id": issue["id"]})
        number = store.next_id(f"number of {project_key}", 1)
        self._world.edit(issue, {"project": project_key, "key": f"{project_key}-{number}"}, by)

    def reparent(
        self, issue: Document, parents: Parents, by: Account, told: Collection[str] = ("parent", "epic_link")
    ) -> None:
        """Another parent, Epic Link, or both, also such as disagree; the changelog tells those of them in `told`.

        [U] On Cloud there is one relation behind both fields; that they may disagree, and which of them the changelog
        tells, differs by kind of project and age of the site. ValueError for a name that is none of an issue.
        """
        fields = {"parent": self._id(parents.parent), "epic_link": self._epic(parents.epic_link)}
        self._world.edit(issue, fields, by, told=[(name, name) for name in told])

    def convert(self, issue: Document, type_id: str, parent: str | None, by: Account, *, keeps_children: bool) -> None:
        """Another type, sub-tasks included, with the parent that goes with it.

        [S2: github.com/netresearch/jira-skill pull 142] only people can convert between an issue and a sub-task, by the
        screen. [U] whether the children of what was an epic keep it for their parent. ValueError for a sub-task
        without a parent, and for an issue with sub-tasks that is to be one itself.
        """
        level = self._world.types[type_id]["level"]
        children = self._world.children(issue["id"])
        if level < 0 and (parent is None or any(self._world.level(child) < 0 for child in children)):
            raise ValueError("a sub-task has a parent, and no sub-tasks")
        self._world.edit(issue, {"type": type_id, "parent": self._id(parent), "epic_link": None}, by)
        if not keeps_children:
            for child in self._world.linked_to(issue):
                self._world.let_go(child, issue)

    def archive(self, issue: Document) -> int:
        """Put an issue and its sub-tasks aside; the answer is how many.

        [S: developer.atlassian.com, acli jira workitem archive] it is found only among archived ones, and cannot be
        edited. [U] no event tells of it, `updated` stays, children that are no sub-tasks stay, and who knows its key
        can still read it.
        """
        return self._set_archived(issue, int(self._world.store.now().timestamp() * 1000))

    def unarchive(self, issue: Document) -> int:
        """Bring an issue and its sub-tasks back; the answer is how many. [U] no event tells of it.

        There is nothing like it for an issue that was deleted: no interface of Jira brings one back [S: Jira's
        description names restoring for projects and archived issues only].
        """
        return self._set_archived(issue, None)

    def _set_archived(self, issue: Document, at: int | None) -> int:
        below = [child for child in self._world.children(issue["id"]) if self._world.level(child) < 0]
        for one in (issue, *below):
            self._world.change_quietly(one, archived=at)
        return 1 + len(below)

    def _id(self, id_or_key: str | None) -> str | None:
        if id_or_key is None:
            return None
        found = self._world.find(id_or_key)
        if found is None:
            raise ValueError(f"there is no issue {id_or_key}")
        return str(found["id"])

    def _epic(self, id_or_key: str | None) -> str | None:
        """An id where an issue stands behind it, else the text: [U] the field keeps the key of an epic that is gone."""
        found = self._world.find(id_or_key) if id_or_key else None
        return str(found["id"]) if found else id_or_key
