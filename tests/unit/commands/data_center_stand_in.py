"""A Confluence Data Center that is an object in this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from connector.connecting import DATA_CENTER, PERSONAL
from connector.site_answers import SiteUser, Webhook
from connector.store.connections import Connection, NewConnection, add_connection
from tests.unit.commands.stand_in import SECRET, FakeConfluence, Stand

WIKI = "https://wiki.acme.example/confluence"


@dataclass
class FakeDataCenter(FakeConfluence):
    """Answers from ``pages``; raises ``trouble`` instead, for the calls that it names."""

    hooks: list[Webhook] = field(default_factory=list)

    def current_user(self) -> SiteUser:
        self._asked("current_user")
        return SiteUser("ff80", "okr-sync", "OKR sync")

    def register_webhook(self, name: str, url: str, events: Sequence[str], secret: str) -> Webhook:
        self._asked("register_webhook")
        made = Webhook(str(len(self.hooks) + 1), name, url, tuple(events), True, bool(secret))
        self.hooks.append(made)
        return made

    def webhooks(self) -> tuple[Webhook, ...]:
        self._asked("webhooks")
        return tuple(self.hooks)

    def delete_webhook(self, webhook_id: str) -> None:
        self._asked("delete_webhook")
        self.hooks = [hook for hook in self.hooks if hook.webhook_id != webhook_id]


def with_data_center(service: Stand) -> tuple[FakeDataCenter, Connection]:
    """A Data Center that is connected without being asked anything."""
    wiki = FakeDataCenter()
    wiki.allowed = service.confluence.allowed
    service.sites.confluences[WIKI] = wiki
    new = NewConnection(
        product="confluence",
        deployment=DATA_CENTER,
        site_url=WIKI,
        api_url=WIKI,
        auth_kind=PERSONAL,
        account_email="okr-sync",
        account_id="ff80",
        credentials=service.on.secrets.seal("token"),
        webhook_secret=service.on.secrets.seal(SECRET),
    )
    with service.on.database.write() as conn:
        return wiki, add_connection(conn, service.workspace_id, new, service.clock.now())
