"""Webhooks as Jira Cloud sends them: which changes go where, in what words, signed, and tried again."""

import hashlib
import hmac
import json
import random
import threading
import time
from heapq import heappop, heappush

import requests
from flask import has_request_context, request

from tests.site.accounts import Accounts
from tests.site.jira_fields import IssueJson, user
from tests.site.jira_search import Search
from tests.site.jql_tokens import JqlError
from tests.site.store import Document, Store
from tests.site.world import Changed, World

# [S] community.developer.atlassian.com/t/30554: tried again on these, on failed connections and on time-outs.
RETRIED = frozenset({408, 409, 425, 429, *range(500, 600)})
MOST_RETRIES = 5  # [S2] public webhook reference
SECONDS_BETWEEN = (300.0, 900.0)  # [U] random, 5 to 15 minutes
TIMEOUTS = (5.0, 20.0)  # [S2] hookdeck.com guide: to connect, to answer
_SENDERS = 8  # [S2] a real tenant uses up to 20 + 10 at a time
_MOST_WAITING = 20_000
_MOST_REMEMBERED = 5_000
_FILTER = "issue-related-events-section"
_TRACE = "X-Atlassian-Webhook-Trace"


class Webhooks:
    """Listens to changes of issues and sends them to whoever registered."""

    def __init__(self, store: Store, world: World, search: Search, base_url: str, retry_scale: float) -> None:
        """`base_url` stands in links of payloads; times between tries are multiplied by `retry_scale`."""
        self._store = store
        self._world = world
        self._search = search
        self._base_url = base_url
        self._retry_scale = retry_scale
        self._accounts = Accounts(store)
        self._wake = threading.Condition()
        self._waiting: list[tuple[float, int, str]] = []
        self._stopping = False
        self._threads: list[threading.Thread] = []
        world.listeners.append(self._hear)
        self._send_what_was_left()

    def _send_what_was_left(self) -> None:
        with self._store.lock:
            for delivery in list(self._store.all("deliveries").values()):
                if delivery["state"] == "waiting":
                    self._enqueue(delivery, 0.0)

    def _start_threads(self) -> None:
        if not self._threads:
            self._threads = [threading.Thread(target=self._send_forever, daemon=True) for _ in range(_SENDERS)]
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Stop sending; what is waiting stays in the store."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(timeout=1.0)

    def _hear(self, changed: Changed) -> None:
        event = f"jira:issue_{changed.kind}"
        wanted = [hook for hook in self._store.all("webhooks").values() if self._wants(hook, event, changed)]
        if not wanted:
            return
        body = json.dumps(self._payload(event, changed), ensure_ascii=False)
        for hook in wanted:
            self._enqueue(self._delivery(hook, event, body, changed), 0.0)

    def _wants(self, hook: Document, event: str, changed: Changed) -> bool:
        if not hook["enabled"] or event not in hook["events"]:
            return False
        jql = hook["filters"].get(_FILTER, "")
        owner = self._accounts.by_id(hook["lastUpdatedUser"])
        try:
            # [S] developer.atlassian.com webhooks: the query runs for each event. [U] as the account that registered.
            return self._search.matches(jql, changed.issue, owner)
        except JqlError:
            return False  # [U] a query that no longer holds (its project is gone) matches nothing

    def _payload(self, event: str, changed: Changed) -> Document:
        # [S2] Atlassian's page on webhooks; [U] times in UTC, since no viewer is there.
        names = {"created": "issue_created", "deleted": "issue_deleted"}
        moved = any(item["field"] == "status" for item in changed.items)
        issue = IssueJson(self._world, self._base_url, "2", None).issue(changed.issue, (), "*all")
        payload = {
            "timestamp": int(changed.at.timestamp() * 1000),
            "webhookEvent": event,
            "issue_event_type_name": names.get(changed.kind, "issue_generic" if moved else "issue_updated"),
            "user": user(changed.by, self._base_url, "2"),
            "issue": issue,
        }
        if changed.items:
            payload["changelog"] = {"id": str(self._store.next_id("changelog", 20000)), "items": changed.items}
        return payload

    def _delivery(self, hook: Document, event: str, body: str, changed: Changed) -> Document:
        number = self._store.next_id("delivery", 1)
        delivery: Document = {
            "id": str(number),
            "webhook": hook["id"],
            "event": event,
            "issue": changed.issue["key"],
            # [S2] the same on every try of one delivery, unique within the site.
            "identifier": hashlib.sha256(f"{self._base_url} {number} {changed.at}".encode()).hexdigest()[:32],
            "flow": "Secondary" if changed.cascade else "Primary",
            "trace": request.headers.get(_TRACE) if has_request_context() else None,
            "body": body,
            "state": "waiting",
            "attempts": [],
        }
        self._forget_oldest()
        return delivery

    def _forget_oldest(self) -> None:
        remembered = self._store.all("deliveries")
        if len(remembered) >= _MOST_REMEMBERED:
            ended = (key for key, delivery in remembered.items() if delivery["state"] != "waiting")
            oldest = next(ended, None)
            if oldest:
                self._store.delete("deliveries", oldest)

    def _enqueue(self, delivery: Document, seconds: float) -> None:
        self._store.put("deliveries", delivery["id"], delivery)
        with self._wake:
            if len(self._waiting) >= _MOST_WAITING:
                self._end(delivery, "dropped")
                return
            heappush(self._waiting, (time.monotonic() + seconds, int(delivery["id"]), delivery["id"]))
            self._start_threads()
            self._wake.notify()

    def _send_forever(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (delivery_id := self._next_due()) is not None:
                self._send(session, delivery_id)

    def _next_due(self) -> str | None:
        with self._wake:
            while not self._stopping:
                if not self._waiting:
                    self._wake.wait()
                elif (seconds := self._waiting[0][0] - time.monotonic()) > 0:
                    self._wake.wait(seconds)
                else:
                    return heappop(self._waiting)[2]
        return None

    def _send(self, session: requests.Session, delivery_id: str) -> None:
        with self._store.lock:
            delivery = self._store.get("deliveries", delivery_id)
            hook = self._store.get("webhooks", delivery["webhook"]) if delivery else None
            if delivery is None:
                return
            if hook is None:
                self._end(delivery, "dropped")  # [U] a webhook that was deleted sends nothing more
                return
            url, headers, body = hook["url"], _headers(delivery, hook["secret"]), delivery["body"].encode()
        began = self._store.now()
        outcome = _post(session, url, headers, body)
        with self._store.lock:
            seconds = (self._store.now() - began).total_seconds()
            delivery["attempts"].append({"at": began.isoformat(), "seconds": seconds, "outcome": outcome})
            self._after(delivery, outcome)

    def _after(self, delivery: Document, outcome: int | str) -> None:
        if isinstance(outcome, int) and outcome not in RETRIED:
            self._end(delivery, "delivered" if outcome < 300 else "refused")
        elif len(delivery["attempts"]) > MOST_RETRIES:
            self._end(delivery, "given up")
        else:
            self._enqueue(delivery, random.uniform(*SECONDS_BETWEEN) * self._retry_scale)

    def _end(self, delivery: Document, state: str) -> None:
        delivery["state"] = state
        self._store.put("deliveries", delivery["id"], delivery)


def _post(session: requests.Session, url: str, headers: dict[str, str], body: bytes) -> int | str:
    try:
        # [U] whether Jira follows redirects; here it does not.
        return session.post(url, data=body, headers=headers, timeout=TIMEOUTS, allow_redirects=False).status_code
    except requests.RequestException as error:
        return type(error).__name__


def _headers(delivery: Document, secret: str | None) -> dict[str, str]:
    # [S] github.com/MrRefactoring/jira.js issue 294 shows the headers of a real delivery.
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "User-Agent": "Atlassian Webhook HTTP Client",
        "X-Atlassian-Webhook-Identifier": delivery["identifier"],
        "X-Atlassian-Webhook-Flow": delivery["flow"],
    }
    if delivery["attempts"]:
        headers["X-Atlassian-Webhook-Retry"] = str(len(delivery["attempts"]))
    if delivery["trace"]:
        headers[_TRACE] = delivery["trace"]
    if secret:
        headers["X-Hub-Signature"] = signature(secret, delivery["body"].encode())
    return headers


def signature(secret: str, body: bytes) -> str:
    """[S] developer.atlassian.com, "Secure admin webhooks": HMAC-SHA256 of the raw body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
