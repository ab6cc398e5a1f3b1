"""Every table. Each row belongs to one workspace; ids of Jira and Confluence are unique only within a connection.

Times are stored in UTC and come back aware; decimals are stored as text, so that the decimals a person wrote stay.
"""

from connector.store.schema.columns import metadata
from connector.store.schema.jira import completion, initiative, issue
from connector.store.schema.mappings import epic_choice, link_rule, link_taken_away, project
from connector.store.schema.okrs import check_in, cycle, key_result, objective, okr_change, progress
from connector.store.schema.pages import owner_account, page_table, page_version, site_account, typed_text
from connector.store.schema.running import delivery, lease, sync_run, work, worker
from connector.store.schema.workspaces import activity, connection, person, workspace

__all__ = [
    "activity",
    "check_in",
    "completion",
    "connection",
    "cycle",
    "delivery",
    "epic_choice",
    "initiative",
    "issue",
    "key_result",
    "lease",
    "link_rule",
    "link_taken_away",
    "metadata",
    "objective",
    "okr_change",
    "owner_account",
    "page_table",
    "page_version",
    "person",
    "progress",
    "project",
    "site_account",
    "sync_run",
    "typed_text",
    "work",
    "worker",
    "workspace",
]
