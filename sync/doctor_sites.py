"""One connected site: does it answer our token, may the account do its work, and how does news come from there?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from connector.crypto import WrongKey
from connector.errors import Forbidden, OutsideError, RateLimited, Unauthorized
from connector.jql import changed_since
from connector.store import completions, links
from connector.store.connections import Connection, Health
from sync.commands.site_access import JiraAccount, as_confluence_account, as_jira_account
from sync.commands.telling_sites import can_tell, product_name, webhook_account
from sync.commands.webhooks import unreachable, webhook_address
from sync.doctor_words import HEALTH_STANDS, State, ago
from sync.finding import Finding
from sync.ports import Resources

LARGE_SKEW = timedelta(minutes=1)
EVENTS_ARE_NEWS_FOR = timedelta(days=1)
LATE_POLL = timedelta(minutes=2)
MOST_UNLISTED = 1000


def examine_site(on: Resources, connection: Connection) -> list[Finding]:
    """What was found out, by asking the site now and from what is kept."""
    name = f"{connection.product.capitalize()} {connection.site_url}"
    now = on.clock.now()
    answers = _ask(on, connection, name)
    findings = [answers, _asked_lately(on, connection, now)]
    if can_tell(connection):
        findings += _events(on, connection, now)
    if connection.product == "jira":
        findings.append(_listed_lately(on, connection, now))
    return findings


def _ask(on: Resources, connection: Connection, name: str) -> Finding:
    try:
        text, state, do = _asked(on, connection)
    except WrongKey as error:
        return Finding(name, State.TROUBLE, str(error), do=f"okr connect {connection.site_url}")
    except OutsideError as error:
        return _refused(connection, name, error)
    if connection.health is not Health.CURRENT and state is State.OK:
        text += " It did not a while ago, and work goes on with the next question."
    return Finding(name, state, text, do=do)


def _asked(on: Resources, connection: Connection) -> tuple[str, State, str]:
    account = f"as {connection.account_email}, with a {connection.auth_kind} token"
    if connection.product == "confluence":
        spaces = as_confluence_account(on.sites.confluence(connection)).spaces()
        if not spaces:
            return f"Answers {account}, which sees no space.", State.TROUBLE, "Let the account view the spaces."
        return f"Answers {account}; sees {len(spaces):,} spaces.", State.OK, ""
    return _asked_jira(on, as_jira_account(on.sites.jira(connection)), account)


def _asked_jira(on: Resources, jira: JiraAccount, account: str) -> tuple[str, State, str]:
    jira.myself()
    if not jira.my_permissions(["BROWSE_PROJECTS"])["BROWSE_PROJECTS"]:
        do = 'Give it the permission "Browse projects" in the projects whose epics are linked.'
        return f"Answers {account}, which may not see any project.", State.TROUBLE, do
    now = on.clock.now()
    skew = jira.search(changed_since(now), ["id"], page_size=1).server_time - now
    if abs(skew) > LARGE_SKEW:
        text = f"Answers {account}; its clock and ours differ by {ago(abs(skew))}."
        return text, State.NOTICE, "Set this machine's clock (and the database's)."
    return f"Answers {account}.", State.OK, ""


def _refused(connection: Connection, name: str, error: OutsideError) -> Finding:
    health = _health(error)
    stands = HEALTH_STANDS[health]
    do = f"{stands.do}okr connect {connection.site_url}" if health is Health.NEEDS_CREDENTIALS else stands.do
    since = connection.health_since if connection.health is health else None
    return Finding(name, stands.state, f"{stands.words.capitalize()}. {error}", since, do)


def _health(error: OutsideError) -> Health:
    if isinstance(error, Unauthorized):
        return Health.NEEDS_CREDENTIALS
    if isinstance(error, Forbidden):
        return Health.NEEDS_PERMISSION
    return Health.RATE_LIMITED if isinstance(error, RateLimited) else Health.UNREACHABLE


def _asked_lately(on: Resources, connection: Connection, now: datetime) -> Finding:
    name = f"Asking {connection.product.capitalize()}"
    every = timedelta(seconds=on.settings.poll_seconds)
    regular = f"asked every {ago(every)}"
    last = connection.last_poll_at
    if last is None:
        return Finding(name, State.NOTICE, f"Not asked yet; it will be {regular}.", do="okr sync --now")
    text = f"{regular.capitalize()}, last {ago(now - last)} ago."
    if now - last > every + LATE_POLL:
        return Finding(name, State.TROUBLE, text, last, "Look at the workers and at the site above.")
    return Finding(name, State.OK, f"{text} So nothing is older than that, with or without events.", last)


def _events(on: Resources, connection: Connection, now: datetime) -> Iterator[Finding]:
    last = connection.last_event_at
    if last is not None and now - last <= EVENTS_ARE_NEWS_FOR:
        text = f"They arrive; the last one {ago(now - last)} ago. Changes are seen within seconds."
        yield Finding(f"Events of {product_name(connection)}", State.OK, text, last)
    else:
        yield _no_events(on, connection, last)
    if connection.rejected_deliveries:
        text = f"{connection.rejected_deliveries:,} were refused, because their signature was missing or wrong."
        do = f"If they came from your {product_name(connection)}, its webhook has another secret: okr webhook show"
        yield Finding(f"Refused events of {product_name(connection)}", State.NOTICE, text, do=do)


def _no_events(on: Resources, connection: Connection, last: datetime | None) -> Finding:
    site = product_name(connection)
    name, address = f"Events of {site}", webhook_address(on, connection)
    trouble = unreachable(address, connection)
    if trouble:
        return Finding(name, State.NOTICE, str(trouble), last)
    arrived = "None has arrived for more than a day" if last else "None has arrived yet"
    text = f"{arrived}{_at_the_site(on, connection, address)}; changes are seen when {site} is asked."
    return Finding(name, State.NOTICE, text, last, "okr webhook show, or okr webhook register")


def _at_the_site(on: Resources, connection: Connection, address: str) -> str:
    """How the webhook stands there, as far as our account may see it: only administrators may."""
    site = product_name(connection)
    try:
        ours = [hook for hook in webhook_account(on, connection).webhooks() if hook.url == address]
    except (OutsideError, WrongKey):
        return ""
    if not ours:
        return f", and no webhook in {site} sends to {address}"
    if not any(hook.enabled for hook in ours):
        return f", and the webhook is switched off in {site}"
    return "" if any(hook.is_signed for hook in ours) else f", and the webhook in {site} has no secret"


def _listed_lately(on: Resources, connection: Connection, now: datetime) -> Finding:
    hours = on.settings.full_check_hours
    with on.database.read() as conn:
        linked = len(links.linked_issue_ids(conn, connection.workspace_id, connection.id))
        before = now - timedelta(hours=hours)
        late = completions.scanned_before(conn, connection.workspace_id, connection.id, before, MOST_UNLISTED)
    if not late:
        return Finding("Full check", State.OK, f"All {linked:,} linked issues were read in full within {hours:g} h.")
    many = f"{len(late):,}" if len(late) < MOST_UNLISTED else f"more than {MOST_UNLISTED:,}"
    text = f"{many} of {linked:,} linked issues still have to be read in full."
    return Finding("Full check", State.NOTICE, text, do="Nothing; workers are at it. The status page shows how far.")
