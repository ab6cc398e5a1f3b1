"""Deliveries to webhooks that wait until they are due, and what became of those that were made."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from heapq import heappop, heappush

from tests.site.store import Document, Store
from tests.site.webhook_trouble import Copy, Troubles

_MOST_WAITING = 20_000
_MOST_REMEMBERED = 5_000


class Outbox:
    """Deliveries in a table of the store: id, event, body, state (waiting, or how it ended), due (epoch milliseconds),
    attempts, trouble (what was done to it on purpose, or nothing).

    `changed` is held by whoever changes anything, and told of it. `begins_to_wait` is called when a delivery does.
    """

    def __init__(self, store: Store, table: str) -> None:
        self.changed = threading.Condition(store.lock)
        self.begins_to_wait: Callable[[], None] = lambda: None
        self._store, self._table = store, table
        self._troubles = Troubles(store)
        self._waiting: list[tuple[int, int, str]] = []
        self._ended: deque[str] = deque()

    def take_up(self) -> None:
        """After a restart: what waited is due at once."""
        with self.changed:
            for delivery in list(self._store.all(self._table).values()):
                if delivery["state"] == "waiting":
                    self.wait(delivery, 0.0)
                else:
                    self._ended.append(delivery["id"])

    def accept(self, delivery: Document, old_body: Callable[[], str], seconds: float = 0.0) -> None:
        """Take a delivery (without id, state and due) that is due in so many seconds, unless trouble is planned."""
        with self.changed:
            number = self._store.next_id(self._table, 1)
            fate = self._troubles.fate(delivery["event"], number)
            made = {**delivery, "id": str(number), "attempts": [], "trouble": fate.name}
            if not fate.copies:
                self.end({**made, "due": self._in(0.0)}, "lost")
            for copy in fate.copies[:1]:
                self._accept(made, copy, old_body, seconds)
            for copy in fate.copies[1:]:
                another = str(self._store.next_id(self._table, 1))
                self._accept({**made, "id": another}, copy, old_body, seconds)

    def _accept(self, made: Document, copy: Copy, old_body: Callable[[], str], seconds: float) -> None:
        body = {"body": old_body()} if copy.old else {}
        self.wait({**made, **body, "attempts": []}, seconds + copy.seconds)

    def wait(self, delivery: Document, seconds: float) -> None:
        """Let a delivery wait until it is due in so many seconds."""
        with self.changed:
            delivery.update(state="waiting", due=self._in(seconds))
            if len(self._waiting) >= _MOST_WAITING:
                self.end(delivery, "dropped")
                return
            self._store.put(self._table, delivery["id"], delivery)
            heappush(self._waiting, (delivery["due"], int(delivery["id"]), delivery["id"]))
            self.begins_to_wait()
            self.changed.notify()

    def _in(self, seconds: float) -> int:
        return round((self._store.now().timestamp() + seconds) * 1000)

    def end(self, delivery: Document, state: str) -> None:
        """Nothing more will be tried."""
        with self.changed:
            delivery["state"] = state
            self._store.put(self._table, delivery["id"], delivery)
            self._ended.append(delivery["id"])
            if len(self._ended) > _MOST_REMEMBERED:
                self._store.delete(self._table, self._ended.popleft())

    def all(self) -> list[Document]:
        """Every delivery that is remembered, oldest first."""
        return list(self._store.all(self._table).values())

    # ---- commands; each raises KeyError if there is no such delivery

    def drop(self, delivery_id: str) -> None:
        """A waiting delivery is never made."""
        with self.changed:
            self.end(self.one_waiting(delivery_id), "lost")

    def delay(self, delivery_id: str, seconds: float) -> None:
        """A waiting delivery is due in so many seconds from now."""
        with self.changed:
            self.wait(self.one_waiting(delivery_id), seconds)

    def again(self, delivery_id: str, seconds: float = 0.0) -> str:
        """The same delivery once more in so many seconds, whatever became of the first; the answer is its id.

        It has the identifier and the body of the first, so it tells an old state as soon as there is a newer one.
        """
        with self.changed:
            first = self._store.all(self._table)[delivery_id]
            number = str(self._store.next_id(self._table, 1))
            self.wait({**first, "id": number, "attempts": [], "trouble": "again"}, seconds)
            return number

    def one_waiting(self, delivery_id: str) -> Document:
        """The delivery, if it waits."""
        delivery = self._store.all(self._table)[delivery_id]
        if delivery["state"] != "waiting":
            raise KeyError(delivery_id)
        return delivery

    # ---- what is due

    def next_due(self) -> datetime | None:
        """When the next delivery is due; None if none waits."""
        with self.changed:
            self._skip_settled()
            return datetime.fromtimestamp(self._waiting[0][0] / 1000, UTC) if self._waiting else None

    def take_due(self) -> Document | None:
        """The delivery that is due first, if it is due now; nobody else is given it."""
        with self.changed:
            due = self.next_due()
            if due is None or due > self._store.now():
                return None
            return self._store.all(self._table)[heappop(self._waiting)[2]]

    def _skip_settled(self) -> None:
        """Forget entries of deliveries that ended, or are due at another time by now."""
        while self._waiting:
            due, _, delivery_id = self._waiting[0]
            delivery = self._store.get(self._table, delivery_id)
            if delivery and delivery["state"] == "waiting" and delivery["due"] == due:
                return
            heappop(self._waiting)
