"""The real product, led along a story of the model: after each step both must stand at the same place and say the
same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, update

from connector.errors import Conflict
from connector.store.schema import lease, work
from connector.store.work import mark_due
from sync.timer import tick
from tests.model.explore import Story
from tests.model.gates import Put, RealWorker
from tests.model.real_house import KEY, REGION_ID, RealHouse
from tests.model.real_state import Seen, figure_in, rows_of, seen_in_house, seen_in_model
from tests.model.sites_in_memory import PageInMemory
from tests.model.state import IDLE, Kind, State
from tests.model.steps import Step

FAR = datetime(2100, 1, 1, tzinfo=UTC)
EVENT_URGENCY = 2
ORDERS = {"reply is lost": "lose the reply", "reply times out, its PUT on the way": "time out"}
MOST_STOPS = 20


class Apart(AssertionError):
    """The product and the model are not at the same place any more."""


class Alongside:
    """Both sides of one story. ``stalled``: workers that lost their claims right before a PUT."""

    def __init__(self, house: RealHouse, workers: int, *, with_lease: bool = False) -> None:
        self._house, self._with_lease = house, with_lease
        self._workers = [RealWorker(house.on).begin() for _ in range(workers)]
        self._stalled: list[RealWorker] = []

    def play(self, first: State, story: Story) -> None:
        """Raises Apart."""
        try:
            before = first
            for number, (step, after) in enumerate(story, 1):
                self._do(before, step, after)
                self._hold_dates(after)
                self._let_losers_end(after)
                self._compare(after, f"after step {number}, {step}")
                before = after
        finally:
            self.end()

    def end(self) -> None:
        """No thread stays behind."""
        for worker in (*self._workers, *self._stalled):
            if worker.is_alive():
                worker.tell("crash")
                worker.join()

    def _compare(self, state: State, when: str) -> None:
        wanted, found = seen_in_model(state, with_lease=self._with_lease), self._seen()
        if wanted != found:
            names = [name for name in Seen._fields if getattr(wanted, name) != getattr(found, name)]
            told = [f"{name}: the model says {getattr(wanted, name)}, it is {getattr(found, name)}" for name in names]
            raise Apart("\n".join([when, *told]))

    def _seen(self) -> Seen:
        return seen_in_house(self._house, self._workers, with_lease=self._with_lease)

    # ---- one step

    def _do(self, before: State, step: Step, after: State) -> None:
        if step.who is not None and step.name.startswith("claim "):
            self._workers[step.who].tell(step.name.removeprefix("claim "))
        elif step.who is not None and before.workers[step.who].at == step.name:
            self._go_on(step.who, "go")
        elif step.who is not None and step.name in ORDERS:
            self._go_on(step.who, ORDERS[step.name])
        elif step.name.startswith("crash"):
            self._crash(step)
        elif step.name == "tick":
            self._tick(step, after)
        elif step.name.startswith("late PUT"):
            self._late(before, step, after)
        else:
            self._around(step)

    def _go_on(self, who: int, order: str) -> None:
        worker = self._workers[who]
        if worker.at == "prepare":
            self._house.clock.advance(minutes=1)  # no two looks at the page are of the same moment
        worker.tell(order)

    def _crash(self, step: Step) -> None:
        assert step.who is not None
        worker = self._workers[step.who]
        if step.name != "crash" and worker.put is not None:
            self._house.late.append(worker.put)
        self._end(worker)
        self._workers[step.who] = RealWorker(self._house.on).begin()
        self._set_lease(str(step.who), holder="dead")

    @staticmethod
    def _end(worker: RealWorker) -> None:
        worker.tell("crash")
        worker.join()

    def _tick(self, step: Step, after: State) -> None:
        self._house.clock.advance(seconds=self._house.on.settings.poll_seconds)
        tick(self._house.on, str(step.who))
        # What asks and finds nothing is not followed by the model.
        wanted = {kind.name.lower() for kind in Kind if after.rows[kind] is not None}
        mine = work.c.workspace_id == self._house.workspace_id
        with self._house.on.database.write() as conn:
            conn.execute(delete(work).where(mine, work.c.kind.not_in(wanted)))

    def _around(self, step: Step) -> None:
        house, kind = self._house, step.name.partition(" ")[0]
        acts: dict[str, Callable[[], None]] = {
            "jira changes": self._jira_changes,
            "webhook arrives": self._webhook_arrives,
            "webhook is lost": lambda: None,
            "open the editor": lambda: setattr(house.page, "draft", True),
            "give the draft up": lambda: setattr(house.page, "draft", False),
            "publish": self._publish,
            "lease runs out": lambda: self._set_lease("dead", until=house.clock.now()),
            "timer stalls": lambda: self._set_lease(str(step.who), until=house.clock.now()),
        }
        now = house.clock.now()
        if step.name in acts:
            acts[step.name]()
        elif step.name.endswith("becomes due"):
            self._set_row(kind, due_at=now, not_before=None)
        else:
            self._set_row(step.name.removeprefix("claim of ").partition(" ")[0], claimed_until=now)

    def _jira_changes(self) -> None:
        self._house.epic.truth += 1

    def _webhook_arrives(self) -> None:
        """As ``webhooks.receive`` marks it."""
        house = self._house
        with house.on.database.write() as conn:
            targets = [house.target("issue")]
            mark_due(conn, house.workspace_id, "issue", targets, house.clock.now(), urgency=EVENT_URGENCY)

    def _publish(self) -> None:
        typed = sum(page.author_id == self._house.page.versions_made[0].author_id for page in self._page.versions_made)
        self._page.publish(f"text {typed}", REGION_ID, KEY)

    @property
    def _page(self) -> PageInMemory:
        return self._house.page

    def _set_row(self, kind: str, **values: Any) -> None:
        mine = (work.c.workspace_id == self._house.workspace_id, work.c.kind == kind)
        with self._house.on.database.write() as conn:
            conn.execute(update(work).where(*mine).values(values))

    def _set_lease(self, holder_now: str, **values: Any) -> None:
        with self._house.on.database.write() as conn:
            conn.execute(update(lease).where(lease.c.name == "timer", lease.c.holder == holder_now).values(values))

    # ---- PUTs on their way

    def _late(self, before: State, step: Step, after: State) -> None:
        if step.name == "late PUT arrives":
            made = after.page[-1]
            self._arrive((made.figure, made.cell))
            return
        gone = next(sent for sent in before.on_the_way if before.on_the_way.count(sent) > after.on_the_way.count(sent))
        self._take_late((gone.figure, gone.cell))

    def _arrive(self, said: tuple[int, int]) -> None:
        found = self._take_late(said)
        if isinstance(found, RealWorker):
            found.tell("go")
            self._stalled.append(found)
            self._run_out(found)
            return
        try:
            self._page.write(found.page, found.body, found.message)
        except Conflict as error:
            raise Apart("a late PUT is refused") from error

    def _take_late(self, said: tuple[int, int]) -> Put | RealWorker:
        """The PUT on its way that says so, and still fits the page."""
        for worker in self._stalled:
            if worker.at == "put" and worker.put is not None and self._fits(worker.put, said):
                self._stalled.remove(worker)
                return worker
        late = next(put for put in self._house.late if self._fits(put, said))
        self._house.late.remove(late)
        return late

    def _fits(self, put: Put, said: tuple[int, int]) -> bool:
        is_so = figure_in(put.body) == said[0] and f"text {said[1]}<" in put.body
        return put.page.version == self._page.now.version and is_so

    # ---- what the model leaves out

    def _let_losers_end(self, state: State) -> None:
        """A worker without its claim is idle in the model: it may read, and changes nothing. Right before a PUT it
        stands still, until the model says what becomes of that."""
        for who, worker in enumerate(self._workers):
            if state.workers[who] != IDLE or worker.at == "idle":
                continue
            if worker.at == "put" and worker.put is not None and worker.put.page.version == self._page.now.version:
                self._stalled.append(worker)
                self._workers[who] = RealWorker(self._house.on).begin()
            else:
                self._run_out(worker)

    def _run_out(self, worker: RealWorker) -> None:
        before = self._seen()._replace(at=())
        for _ in range(MOST_STOPS):
            if worker.at == "idle":
                break
            worker.tell("go")
        after = self._seen()._replace(at=())
        if worker.at != "idle" or before != after:
            raise Apart(f"a worker that lost its claim changed something, or does not end: {before} {after}")

    def _hold_dates(self, state: State) -> None:
        """Dates come when the model says so. What only time will change in a page is left out."""
        now = self._house.clock.now()
        mine = work.c.workspace_id == self._house.workspace_id
        with self._house.on.database.write() as conn:
            for kind, row in rows_of(conn, self._house).items():
                if state.rows[kind] is None and row.claim_token is None and row.due_at > now:
                    conn.execute(delete(work).where(mine, work.c.id == row.id))
            for column in (work.c.due_at, work.c.not_before, work.c.claimed_until):
                conn.execute(update(work).where(mine, column > now).values({column: FAR}))
            conn.execute(update(lease).where(lease.c.name == "timer", lease.c.until > now).values(until=FAR))
