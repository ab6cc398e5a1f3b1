"""Puts the product together for one process: settings in, everything that the use cases need out."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from connector.confluence import ConfluenceClient
from connector.confluence_data_center import ConfluenceDataCenterClient
from connector.connecting import Client, ConnectionAccess, client_for
from connector.crypto import SecretBox, load_keys
from connector.jira import JiraClient
from connector.settings import Settings
from connector.store.connections import Connection
from connector.store.engine import Database, database_now, in_transaction, make_engine
from connector.store.errors import StoreError
from sync.ports import Resources
from sync.queues import bell_for

ASK_THE_DATABASE_EVERY = timedelta(seconds=60)


class DatabaseClock:
    """The database's time, so that all machines agree: asked once a minute, carried on with this machine's clock."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ahead = timedelta(0)
        self._asked_at: datetime | None = None
        self._same_machine = database.engine.dialect.name == "sqlite"

    def now(self) -> datetime:
        """The present moment, aware, in UTC. Never asks inside an open transaction and never fails."""
        here = datetime.now(UTC)
        if self._same_machine:
            return here
        if not in_transaction() and (self._asked_at is None or abs(here - self._asked_at) >= ASK_THE_DATABASE_EVERY):
            self._compare()
        return datetime.now(UTC) + self._ahead

    def _compare(self) -> None:
        here = self._asked_at = datetime.now(UTC)
        try:
            with self._database.read() as conn:
                there = database_now(conn)
        except StoreError:
            return  # the last comparison holds on; whoever needs the database finds out by himself
        after = datetime.now(UTC)
        self._ahead = there - (here + (after - here) / 2)


class SiteClients:
    """One client per connection and credentials, made at first use."""

    def __init__(self, settings: Settings, secrets: SecretBox) -> None:
        self._settings = settings
        self._secrets = secrets
        self._lock = threading.Lock()
        self._made: dict[tuple[int, str], Client] = {}

    def jira(self, connection: Connection) -> JiraClient:
        client = self._client(connection)
        assert isinstance(client, JiraClient)  # noqa: S101 - the row's product decides which class is made
        return client

    def confluence(self, connection: Connection) -> ConfluenceClient | ConfluenceDataCenterClient:
        client = self._client(connection)
        assert not isinstance(client, JiraClient)  # noqa: S101 - as above
        return client

    def _client(self, connection: Connection) -> Client:
        key = (connection.id, sha256(connection.credentials).hexdigest())
        with self._lock:
            if key not in self._made:
                for old in [made for made in self._made if made[0] == connection.id]:
                    del self._made[old]
                self._made[key] = client_for(self._access(connection), self._settings)
            return self._made[key]

    def _access(self, connection: Connection) -> ConnectionAccess:
        return ConnectionAccess(
            product=connection.product,
            site_url=connection.site_url,
            api_url=connection.api_url,
            email=connection.account_email,
            token=self._secrets.open(connection.credentials),
            deployment=connection.deployment,
        )


def build(settings: Settings) -> Resources:
    """Everything for this process. Call it after any fork; nothing is connected before first use."""
    database = Database(make_engine(settings.engine_url))
    secrets = SecretBox(load_keys(settings))
    return Resources(
        settings=settings,
        database=database,
        clock=DatabaseClock(database),
        bell=bell_for(settings.redis_address),
        secrets=secrets,
        sites=SiteClients(settings, secrets),
    )
