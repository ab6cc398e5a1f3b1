"""What is asked of a Jira about its projects, beyond what the stages ask."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from connector.site_answers import Field, Project, Resolution
from sync.ports import JiraReader


@runtime_checkable
class ProjectReader(JiraReader, Protocol):
    """A Jira that tells of its projects and fields; ``connector.jira`` says what each call does."""

    def fields(self) -> tuple[Field, ...]: ...

    def resolutions(self) -> tuple[Resolution, ...]: ...

    def projects(self) -> tuple[Project, ...]: ...

    def project(self, id_or_key: str) -> Project: ...


def as_project_reader(client: JiraReader) -> ProjectReader:
    """The same client; every Jira of ours is one."""
    if not isinstance(client, ProjectReader):
        raise TypeError(f"{type(client).__name__} tells nothing of projects")
    return client
