"""Webhooks as Jira Cloud sends them: which changes go where, in what words, signed, and tried again."""

import hashlib
import hmac
import json
import random

from flask import has_request_context, request

from tests.site.accounts import Accounts
from tests.site.jira_fields import IssueJson, user
from tests.site.jira_search import Search
from tests.site.jql_tokens import JqlError
from tests.site.outbox import Outbox
from tests.site.postman import Letter
from tests.site.store import Document, Store
from tests.site.world import Changed, World

# [S] community.developer.atlassian.com/t/30554: tried again on these, on failed connections and on time-outs.
RETRIED = frozenset({408, 409, 425, 429, *range(500, 600)})
MOST_RETRIES = 5  # [S2] public webhook reference
SECONDS_BETWEEN = (300.0, 900.0)  # [U] random, 5 to 15 minutes
TIMEOUTS = (5.0, 20.0)  # [S2] hookdeck.com guide: to connect, to answer
JIRA_SENDERS = 8  # [S2] a real tenant uses up to 20 + 10 at a time
MOST_SECONDS_IN_SECONDARY = 900.0  # [S2] what follows from other changes takes up to 15 minutes; [U] how it is spread
_FILTER = "issue-related-events-section"
_TRACE = "X-Atlassian-Webhook-Trace"


class Webhooks:
    """Listens to changes of issues and puts them into its outbox for whoever registered."""

    def __init__(self, store: Store, world: World, search: Search, base_url: str, retry_scale: float) -> None:
        """`base_url` stands in links of payloads; Jira's own waits are multiplied by `retry_scale`."""
        self.outbox = Outbox(store, "deliveries")
        self._store = store
        self._world = world
        self._search = search
        self._base_url = base_url
        self._retry_scale = retry_scale
        self._accounts = Accounts(store)
        world.listeners.append(self._hear)
        world.project_listeners.append(self._hear_of_project)

    def _hear(self, changed: Changed) -> None:
        event = f"jira:issue_{changed.kind}"
        wanted = [hook for hook in self._store.all("webhooks").values() if self._wants(hook, event, changed)]
        if not wanted:
            return
        body = self._body(event, changed)
        for hook in wanted:
            delivery = self._delivery(hook, event, body, changed.issue["key"], changed.cascade)
            self.outbox.accept(delivery, lambda: self._body(event, changed, old=True), self._first_wait(delivery))

    def _hear_of_project(self, event: str, project: Document) -> None:
        # [S2] names, and that queries choose among events of issues only; [S: Atlassian's example of a project event]
        # the payload, whose id is a number.
        root = f"{self._base_url}/rest/api/2/project/{project['id']}"
        told = {"self": root, "id": int(project["id"]), "key": project["key"], "name": project["name"]}
        now = int(self._store.now().timestamp() * 1000)
        body = json.dumps({"timestamp": now, "webhookEvent": event, "project": told})
        for hook in list(self._store.all("webhooks").values()):
            if hook["enabled"] and event in hook["events"]:
                self.outbox.accept(self._delivery(hook, event, body, None, slow=False), lambda: body)

    def _first_wait(self, delivery: Document) -> float:
        if delivery["flow"] == "Primary":
            return 0.0
        return self._chance(delivery).uniform(0.0, MOST_SECONDS_IN_SECONDARY) * self._retry_scale

    @staticmethod
    def _chance(delivery: Document) -> random.Random:
        """The same draws for the same delivery and try."""
        return random.Random(f"{delivery['identifier']} {len(delivery.get('attempts', ()))}")

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

    def _body(self, event: str, changed: Changed, *, old: bool = False) -> str:
        return json.dumps(self._payload(event, changed, changed.before if old else None), ensure_ascii=False)

    def _payload(self, event: str, changed: Changed, before: Document | None) -> Document:
        # [S2] Atlassian's page on webhooks; [U] times in UTC, since no viewer is there.
        names = {"created": "issue_created", "deleted": "issue_deleted"}
        moved = any(item["field"] == "status" for item in changed.items)
        issue = IssueJson(self._world, self._base_url, "2", None).issue(before or changed.issue, (), "*all")
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

    def _delivery(self, hook: Document, event: str, body: str, issue_key: str | None, slow: bool) -> Document:
        number = self._store.next_id("webhook_event", 1)
        return {
            "webhook": hook["id"],
            "event": event,
            "issue": issue_key,
            # [S2] the same on every try of one delivery, unique within the site.
            "identifier": hashlib.sha256(f"{self._base_url} {number} {self._store.now()}".encode()).hexdigest()[:32],
            "flow": "Secondary" if slow else "Primary",
            "trace": request.headers.get(_TRACE) if has_request_context() else None,
            "body": body,
        }

    def letter(self, delivery: Document) -> Letter | None:
        """The delivery as Jira sends it now; None if the webhook was deleted."""
        hook = self._store.get("webhooks", delivery["webhook"])
        if hook is None:
            return None
        return Letter(hook["url"], _headers(delivery, hook["secret"]), delivery["body"].encode(), TIMEOUTS)

    def after(self, delivery: Document, outcome: int | str) -> str | float:
        """Tried again after what Jira tries again, ended after anything else."""
        if isinstance(outcome, int) and outcome not in RETRIED:
            return "delivered" if outcome < 300 else "refused"
        if len(delivery["attempts"]) > MOST_RETRIES:
            return "given up"
        return self._chance(delivery).uniform(*SECONDS_BETWEEN) * self._retry_scale


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
