"""How the issues of one Jira are read: each project by its own choice, all others by that of the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mapping.issue import FieldChoice, IssueSnapshot, needed_fields, project_id_of, read_issue


@dataclass(frozen=True, slots=True)
class FieldChoices:
    """``of_projects`` by the project's id, for those that an admin chose for."""

    of_site: FieldChoice = field(default_factory=FieldChoice)
    of_projects: Mapping[str, FieldChoice] = field(default_factory=dict)

    def of(self, project_id: str | None) -> FieldChoice:
        return self.of_projects.get(project_id or "", self.of_site)

    @property
    def showing_titles(self) -> tuple[str, ...]:
        """The ids of the projects whose titles may be shown."""
        return tuple(sorted(one for one, choice in self.of_projects.items() if choice.shows_titles))

    @property
    def tells_projects_apart(self) -> bool:
        """True where issues of one project count otherwise than those of another."""
        return any(choice.by_points != self.of_site.by_points for choice in self.of_projects.values())

    @property
    def fields(self) -> tuple[str, ...]:
        """What to ask Jira for, so that an issue of any project can be read."""
        every = (self.of_site, *(self.of_projects[project_id] for project_id in sorted(self.of_projects)))
        return tuple(dict.fromkeys(name for choice in every for name in needed_fields(choice)))

    def read(self, raw: object) -> IssueSnapshot:
        """One issue of Jira, by the choice for its project. Raises MalformedIssue."""
        return read_issue(raw, self.of(project_id_of(raw)))
