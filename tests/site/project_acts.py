"""What administrators do to whole projects: another key, into the trash, back."""

from tests.site.accounts import Accounts
from tests.site.store import Document
from tests.site.world import World

_TRASH = "trashed_projects"


class ProjectActs:
    """Changes projects. Whoever calls it holds the store's lock. KeyError for a project that is not there."""

    def __init__(self, world: World, accounts: Accounts) -> None:
        self._world, self._store, self._accounts = world, world.store, accounts

    def rename(self, key: str, new_key: str) -> None:
        """Give a project another key: its issues' keys change, ids stay.

        [U] The project's own event is the only one, and `updated` stays.
        """
        project = self._world.projects[key]
        self._store.delete("projects", key)
        self._store.put("projects", new_key, {**project, "key": new_key})
        self._store.put("sequences", f"number of {new_key}", self._store.all("sequences")[f"number of {key}"])
        for issue in self._issues(key):
            self._store.put("moved_keys", issue["key"], {"id": issue["id"]})
            number = issue["key"].rpartition("-")[2]
            self._world.change_at_once(issue, project=new_key, key=f"{new_key}-{number}")
        self._accounts.follow_renamed_project(key, new_key)
        self._world.tell_of_project("project_updated", self._world.projects[new_key])

    def remove(self, key: str) -> None:
        """Put a project into the trash with its issues.

        [S2: github.com/candat96/jira-lark-webhook] no event tells of the issues. [S: Delete project] it lies in Jira's
        recycle bin, from where it can be brought back.
        """
        project, issues = self._world.projects[key], self._issues(key)
        for issue in issues:
            self._world.take_out(issue)
        strays = [self._let_go(stray, issue) for issue in issues for stray in self._world.linked_to(issue)]
        self._store.put(_TRASH, key, {"project": project, "issues": issues, "strays": strays})
        self._store.delete("projects", key)
        self._world.tell_of_project("project_soft_deleted", project)

    def restore(self, key: str) -> None:
        """Bring a project back with its issues, ids and keys as they were.

        [U] No event tells of the issues; those of other projects have their parent again unless they have another one
        by now.
        """
        kept = self._store.all(_TRASH)[key]
        self._store.delete(_TRASH, key)
        self._store.put("projects", key, kept["project"])
        for issue in kept["issues"]:
            self._world.keep(issue)
        for stray in kept["strays"]:
            issue = self._world.issues.get(stray["id"])
            if issue and issue["parent"] is None:
                self._world.change_quietly(issue, parent=stray["parent"], epic_link=stray["epic_link"])
        self._world.tell_of_project("project_restored_deleted", kept["project"])

    def _let_go(self, stray: Document, epic: Document) -> Document:
        before = {name: stray[name] for name in ("id", "parent", "epic_link")}
        self._world.let_go(stray, epic)
        return before

    def _issues(self, key: str) -> list[Document]:
        return [self._world.issues[issue_id] for issue_id in sorted(self._world.ids_of_project(key), key=int)]
