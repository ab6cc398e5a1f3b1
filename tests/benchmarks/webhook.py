"""A signed webhook: committed to SQLite and answered. Sent on a clock of its own, however slow the answers are."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit
from uuid import uuid4

from tests.benchmarks.figures import Counted, Outcome, Samples
from tests.benchmarks.processes import Service
from tests.site.running import Site, start_site

RATE_PER_SECOND = 50
SECONDS = 30
BURST = 500
SENDERS = 16
WARM_UP = 20
DISK_WRITES = 300
TARGET = "p99 ≤ 25 ms"


@dataclass(frozen=True, slots=True)
class Event:
    """One webhook, ready to be sent ``after`` so many seconds from the start."""

    after: float
    body: bytes
    headers: dict[str, str]


def measure(folder: Path) -> Iterator[Outcome]:
    """``okr web`` alone at 50 a second, the same beside two busy workers, and a burst."""
    steady = [number / RATE_PER_SECOND for number in range(RATE_PER_SECOND * SECONDS)]
    cases: tuple[tuple[str, int, list[float], str], ...] = (
        ("alone", 0, steady, TARGET),
        ("with two workers", 2, steady, TARGET),
        ("burst, with two workers", 2, [0.0] * BURST, ""),
    )
    for name, workers, times, target in cases:
        place = folder / name.replace(" ", "-").replace(",", "")
        place.mkdir()
        yield _measure(place, name, workers, times, target)


def _measure(folder: Path, name: str, workers: int, times: Sequence[float], target: str) -> Outcome:
    with start_site(folder) as site, ExitStack() as running:
        service = Service(folder, site, {"OKR_POLL_SECONDS": "3600"})
        service.okr("migrate")
        service.connect()
        web = running.enter_context(service.running("web"))
        service.wait_until_up()
        for _ in range(workers):
            running.enter_context(service.running("worker"))
        address, secret = service.webhook()
        made = _events(site, secret, times)
        disk = _disk(folder)
        _send_all(address, _events(site, secret, [0.0] * WARM_UP))
        used_before = web.processor_seconds()
        answers = _send_all(address, made)
        used = (web.processor_seconds() - used_before) / len(made)
    wrong = sum(status != 200 for status, _ in answers)
    pace = f"{RATE_PER_SECOND}/s for {SECONDS} s" if times[-1] else f"{BURST} at once"
    return Outcome(
        name=f"webhook, {name}",
        setting=f"okr web on SQLite (one process, synchronous=FULL), {pace}, bodies of {len(made[0].body):,} bytes, "
        f"{SENDERS} connections; from the moment an event was due to be sent until its answer was read",
        samples=(
            Samples("sent → answered", "ms", tuple(seconds * 1000 for _, seconds in answers), target),
            Samples("for comparison: 4 kB written and synced", "ms", disk),
        ),
        counted=(
            Counted("answers that were not 200", wrong, "", "0"),
            Counted("processor time of okr web per event", used * 1000, "ms"),
        ),
    )


def _disk(folder: Path) -> tuple[float, ...]:
    """Milliseconds that the disk takes for one small write that lasts; no answer can be faster."""
    taken = []
    with (folder / "disk").open("wb", buffering=0) as file:
        for _ in range(DISK_WRITES):
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return tuple(taken)


def _events(site: Site, secret: str, times: Sequence[float]) -> list[Event]:
    """As Jira words them, each about another issue of the site and with an identifier of its own."""
    issues = site.search("project = PAY", "summary")
    whole = site.issue(issues[0]["key"])
    return [
        _event({**whole, "id": issues[number % len(issues)]["id"]}, secret, after) for number, after in enumerate(times)
    ]


def _event(issue: dict[str, object], secret: str, after: float) -> Event:
    payload = {
        "timestamp": int(time.time() * 1000),
        "webhookEvent": "jira:issue_updated",
        "issue_event_type_name": "issue_generic",
        "issue": issue,
        "changelog": {"id": "20000", "items": [{"field": "status", "fieldId": "status", "from": "1", "to": "2"}]},
    }
    body = json.dumps(payload).encode()
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "X-Atlassian-Webhook-Identifier": uuid4().hex,
        "X-Hub-Signature": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}",
    }
    return Event(after, body, headers)


def _send_all(address: str, events: Sequence[Event]) -> list[tuple[int, float]]:
    """Status and seconds of each. An event that no connection was free for has waited, and that counts."""
    waiting: SimpleQueue[Event | None] = SimpleQueue()
    answers: list[tuple[int, float]] = []
    began = time.monotonic()
    senders = [threading.Thread(target=_send, args=(address, waiting, began, answers)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for event in events:
        time.sleep(max(began + event.after - time.monotonic(), 0))
        waiting.put(event)
    for _ in senders:
        waiting.put(None)
    for sender in senders:
        sender.join()
    return answers


def _send(address: str, waiting: SimpleQueue[Event | None], began: float, answers: list[tuple[int, float]]) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    while (event := waiting.get()) is not None:
        connection.request("POST", parts.path, event.body, event.headers)
        answer = connection.getresponse()
        answer.read()
        answers.append((answer.status, time.monotonic() - began - event.after))
    connection.close()
