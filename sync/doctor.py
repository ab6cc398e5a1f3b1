"""``okr doctor``: is everything right, how current can it be, and what is to be done?

Reads the database and asks each site once; changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from sync.doctor_sites import examine_site
from sync.doctor_words import State, ago, stands_of
from sync.finding import Finding
from sync.ports import Resources
from sync.queries.readiness import look
from sync.queries.status import StatusView, load_status
from sync.queries.waiting import waiting_words

__all__ = ["Finding", "State", "examine", "is_well"]

LITTLE_SPACE = 2_000_000_000
NO_SPACE = 200_000_000
LONG_WAIT = timedelta(minutes=2)
MOST_SET_ASIDE = 10

FreeSpace = Callable[[Resources], int]


def examine(on: Resources, workspace_id: int, *, free_space: FreeSpace | None = None) -> list[Finding]:
    """Everything that was looked at, in the order in which a person would look; trouble and notices included.

    Raises StoreError where the database is away or of another version: then nothing else can be told.
    """
    status = load_status(on, workspace_id, on.clock.now())
    findings = [
        *_settings(on),
        _database(on, status),
        _space((free_space or _free_bytes)(on)),
        _redis(on),
        *_workers(status),
    ]
    for connection in status.standing.connections:
        findings += examine_site(on, connection)
    if not status.standing.connections:
        findings.append(Finding("Sites", State.NOTICE, "None is connected yet.", do="okr connect SITE --email ACCOUNT"))
    return [*findings, *_tables(status), *_work(status)]


def is_well(findings: list[Finding]) -> bool:
    """True where no finding is trouble."""
    return all(finding.state is not State.TROUBLE for finding in findings)


def _settings(on: Resources) -> Iterator[Finding]:
    url = urlsplit(on.settings.public_url)
    if _is_this_machine(url.hostname or ""):
        text = f"Only this machine can open {on.settings.public_url}."
        yield Finding("Address", State.NOTICE, text, do="For others, set OKR_BASE_URL to the address they use.")
    elif url.scheme != "https":
        text = f"{on.settings.public_url} is not encrypted: passwords and events can be read on the way."
        yield Finding("Address", State.TROUBLE, text, do="Put a proxy with https in front, and set OKR_BASE_URL to it.")
    else:
        yield Finding("Address", State.OK, on.settings.public_url)
    if on.settings.allow_private_sites:
        text = "Sites inside this network may be connected (OKR_ALLOW_PRIVATE_SITES)."
        yield Finding("Network", State.NOTICE, text, do="Take the setting away where only Atlassian Cloud is used.")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _database(on: Resources, status: StatusView) -> Finding:
    kind = on.database.engine.dialect.name
    size = f"{status.machines.database_bytes / 1_000_000:,.1f} MB"
    ready = look(on)
    if not ready.is_ready:
        return Finding("Database", State.TROUBLE, ready.database, do="okr migrate")
    return Finding("Database", State.OK, f"{kind}, {size}, at this version.")


def _free_bytes(on: Resources) -> int:
    """With PostgreSQL and keys from the settings there may be no data folder yet: then where it would be."""
    folder = on.settings.data_dir.absolute()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free


def _space(free: int) -> Finding:
    text = f"{free / 1_000_000_000:,.1f} GB are free in the data folder."
    if free >= LITTLE_SPACE:
        return Finding("Disk", State.OK, text)
    state = State.NOTICE if free >= NO_SPACE else State.TROUBLE
    return Finding("Disk", state, text, do="Make room, or move the data folder (OKR_DATA_DIR).")


def _redis(on: Resources) -> Finding:
    url = on.settings.redis_address
    if not url:
        return Finding(
            "Redis", State.OK, "None is set here; workers look for work by themselves. Nothing is lost by that."
        )
    text = look(on).redis
    return Finding("Redis", State.OK if text == "answers" else State.NOTICE, text)


def _workers(status: StatusView) -> Iterator[Finding]:
    machines = status.machines
    if not machines.workers:
        text = "None is running: nothing is read or written."
        yield Finding(
            "Workers", State.TROUBLE, text, machines.last_sign_at, "Start the service: okr up (or okr worker)"
        )
        return
    yield Finding("Workers", State.OK, f"{machines.workers} running.")
    if machines.timer_runs:
        yield Finding("Timer", State.OK, "Running.")
    else:
        text = "No worker has taken it over yet, so nothing is asked regularly."
        yield Finding("Timer", State.NOTICE, text, do="Wait a minute; then start the workers again.")


def _tables(status: StatusView) -> Iterator[Finding]:
    for row in status.tables:
        stands = stands_of(row)
        written = f", version {row.written_version} written" if row.written_version else ""
        text = f"{row.page_name}: {stands.words}{written}. {row.detail}".rstrip()
        yield Finding(f"Table {row.table_id}", stands.state, text, row.state_since, stands.do)
        if row.waiting_texts:
            number = "1 text waits" if row.waiting_texts == 1 else f"{row.waiting_texts} texts wait"
            text = f"{row.page_name}: {number} for a decision, as people typed in the table."
            do = f"okr table show {row.table_id}, then okr table take or give-up."
            yield Finding(f"Typed in table {row.table_id}", State.NOTICE, text, do=do, texts=row.waiting_texts)
    if not status.tables and status.standing.connections:
        yield Finding("Tables", State.NOTICE, "There is none yet.", do="okr table add PAGE --cycle KEY")


def _work(status: StatusView) -> Iterator[Finding]:
    paused_at = status.standing.workspace.writing_paused_at
    if paused_at is not None:
        text = f"All writing to Confluence is paused by {status.standing.workspace.writing_paused_by}."
        yield Finding("Writing", State.NOTICE, text, paused_at, "okr pause --resume")
    waiting_since = status.standing.waiting_since
    yield _waiting(status, waiting_since)
    for item in status.set_aside[:MOST_SET_ASIDE]:
        text = f"{item.name}: {item.reason}"
        do = f"Mend the cause, then choose Try again on the status page. {item.url}".rstrip()
        yield Finding("Set aside", State.TROUBLE, text, item.since, do)


def _waiting(status: StatusView, since: datetime | None) -> Finding:
    number = status.events_waiting + status.figures_waiting + status.pages_waiting
    if since is None or status.at - since <= LONG_WAIT:
        return Finding("Work", State.OK, f"{number:,} waiting." if number else _nothing_to_do(status))
    text = f"{number:,} waiting, the longest for {ago(status.at - since)}."
    return Finding("Work", State.NOTICE, text, since, "Nothing if this is a first sync; else look at the sites above.")


def _nothing_to_do(status: StatusView) -> str:
    """Not "nothing waits" while a page may not be written just now."""
    if status.standing.workspace.writing_paused_at is not None:
        return "Everything is read; no page is written until writing is resumed."
    waits = waiting_words(status.standing.waiting_tables, status.at)
    return f"Everything is read; {waits}." if waits else "Nothing waits."
