"""How a Jira administrator sets up the webhook by hand, step by step."""

from __future__ import annotations

from collections.abc import Iterable

NAME = "OKR Connector"
"""The webhook's name in Jira."""

_GROUPS = {
    "jira:issue": "Issue",
    "issuelink": "Issue link",
    "issue_property": "Entity property",
    "project": "Project",
}


def webhook_steps(site_url: str, address: str, secret: str, events: Iterable[str]) -> str:
    """The steps, as plain text. ``events`` are Jira's names of what is to be sent."""
    ticks = "\n".join(f"{'':14}{group:<12}{', '.join(acts)}" for group, acts in _grouped(events).items())
    return f"""\
So that changes arrive within seconds, a Jira administrator does this once:

 1. Open {site_url}/plugins/servlet/webhooks
    (Settings, System, WebHooks) and choose "Create a WebHook".
 2. Name      {NAME}
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


def _grouped(events: Iterable[str]) -> dict[str, list[str]]:
    """``jira:issue_created`` → Issue: created; in the order given."""
    found: dict[str, list[str]] = {}
    for event in events:
        family = next((name for name in _GROUPS if event.startswith(f"{name}_")), "")
        act = event.removeprefix(f"{family}_").replace("_", " ")
        found.setdefault(_GROUPS.get(family, family), []).append(act)
    return found
