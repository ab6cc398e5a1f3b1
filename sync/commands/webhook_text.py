"""How an administrator of Jira, or of Confluence Data Center, sets up the webhook by hand, step by step."""

from __future__ import annotations

from collections.abc import Iterable

from mapping.sentences import sentence

_GROUPS = {
    "jira:issue": sentence("Issue"),
    "issuelink": sentence("Issue link"),
    "issue_property": sentence("Entity property"),
    "project": sentence("Project"),
}


def jira_steps(name: str, site_url: str, address: str, secret: str, events: Iterable[str]) -> str:
    """The steps in Jira, as plain text. ``events`` are its names of what is to be sent."""
    ticks = "\n".join(f"{'':14}{group:<12}{', '.join(acts)}" for group, acts in grouped(events).items())
    return f"""\
So that changes arrive within seconds, a Jira administrator does this once:

 1. Open {site_url}/plugins/servlet/webhooks
    (Settings, System, WebHooks) and choose "Create a WebHook".
 2. Name      {name}
 3. Status    Enabled
 4. URL       {address}
 5. Secret    {secret}
    Jira signs with it what it sends. Keep it to yourself: whoever has it can send events in Jira's name.
 6. Events    leave the JQL empty, so that issues of every project count, and tick:
{ticks}
 7. Leave "Exclude body" off, and choose "Create".

Then change any linked issue; `okr doctor` says when the first event has arrived. Without the webhook nothing is lost:
Jira is asked every minute what changed.
"""


def page_steps(name: str, site_url: str, address: str, secret: str, events: Iterable[str]) -> str:
    """The steps in Confluence Data Center (confluence.atlassian.com/doc/managing-webhooks-1021225606.html), as plain
    text. ``events`` are its names of what is to be sent."""
    ticks = ", ".join(event.removeprefix("page_") for event in events)
    return f"""\
So that what people type into a table is taken at once, a Confluence administrator does this once:

 1. Open {site_url}/admin
    (General configuration), choose "Webhooks", and create one.
 2. Title     {name}
 3. URL       {address}
 4. Secret    {secret}
    Confluence signs with it what it sends. Keep it to yourself: whoever has it can send events in its name.
 5. Events    Page: {ticks}
 6. Tick "Active", and choose "Create".

Then change any page that holds a table; `okr doctor` says when the first event has arrived. Without the webhook nothing
is lost: Confluence is asked every minute which pages have a new version.
"""


def grouped(events: Iterable[str]) -> dict[str, list[str]]:
    """``jira:issue_created`` → Issue: created; in the order given. Those of Confluence have the group ``""``."""
    found: dict[str, list[str]] = {}
    for event in events:
        family = next((name for name in _GROUPS if event.startswith(f"{name}_")), "")
        act = event.removeprefix(f"{family}_").replace("_", " ")
        found.setdefault(_GROUPS.get(family, family), []).append(act)
    return found
