"""The same story in one process, with clock, ids and seeds handed in, is the same to the byte."""

import itertools
import json
import uuid
from datetime import UTC, datetime, timedelta

from tests.site import generated, wiki_sample
from tests.site.app import assemble
from tests.site.faults import FaultPlan
from tests.site.parts import SiteParts
from tests.site.roster import JIRA_ADMIN, PEOPLE
from tests.site.store import Document, Store
from tests.site.webhook_trouble import WebhookTrouble
from tests.unit.site.posted import Posted

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
Told = tuple[list[Document], list[bytes], list[str], list[Document]]


class Story:
    """A site with trouble of every kind, in which a little happens."""

    def __init__(self, seed: int) -> None:
        self._now = START
        numbers = itertools.count(1)
        self.posted = Posted(answers=[503, 200, 429])
        store = Store(None, lambda: self._now, lambda: str(uuid.UUID(int=next(numbers))))
        generated.fill(store, 2, 6)
        wiki_sample.fill(store)
        self.parts = assemble(store, cloud_id="cloud-1", post=self.posted, sleep=self._pass)
        self.parts.world.search_index.lag, self.parts.world.search_index.seed = timedelta(seconds=300), seed
        self.parts.traffic.plan_faults(FaultPlan(seed, 0.4))
        self.parts.troubles.plan([WebhookTrouble(seed, drop=0.1, double=0.2, delay=0.2, reorder=0.2, stale=0.2)])

    def _pass(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    def told(self) -> Told:
        """All that can be seen of it from outside."""
        _call(self.parts, "POST", "/rest/webhooks/1.0/webhook", JIRA_ADMIN.email, JIRA_ADMIN.classic_tokens[0], HOOK)
        for number in range(2, 12):
            fields = {"fields": {"labels": [f"n{number}"]}}
            _call(self.parts, "PUT", f"/rest/api/3/issue/GEN-{number}", *LOGIN, fields)
            _call(self.parts, "POST", "/rest/api/3/search/jql", *LOGIN, {"jql": "project = GEN", "fields": ["labels"]})
            self._pass(45.5)
            self.parts.deliver_due()
        for _ in range(60):
            self._pass(120)
            self.parts.deliver_due()
        letters = self.posted.letters
        bodies, names = [letter.body for letter in letters], self.posted.identifiers
        return self.parts.traffic.calls(), bodies, names, self.parts.issue_postman.outbox.all()


LOGIN = (PEOPLE[0].email, PEOPLE[0].classic_tokens[0])
HOOK = {"name": "okr", "url": "http://okr/hook", "events": ["jira:issue_updated"]}


def _call(parts: SiteParts, method: str, path: str, email: str, token: str, sent: object) -> None:
    """Whatever becomes of it."""
    try:
        _ = parts.app.test_client().open(path, method=method, auth=(email, token), json=sent).data
    except ConnectionError:
        return


def test_the_same_seed_the_same_story_and_another_seed_another_one() -> None:
    first, again, other = (Story(seed).told() for seed in (3, 3, 4))
    assert json.dumps(first, default=bytes.decode) == json.dumps(again, default=bytes.decode)
    assert first != other
    assert {call["fault"] for call in first[0]} > {None}
    assert len({delivery["trouble"] for delivery in first[3]}) > 2
    assert all(delivery["state"] != "waiting" for delivery in first[3])
