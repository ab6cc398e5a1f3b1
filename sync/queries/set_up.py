"""How far the first set-up has come. A step is done when what it is for is there, however it came there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from connector.connecting import DATA_CENTER
from connector.store import setting_up
from connector.store.connections import Connection, load_connections
from sync.ports import Resources


class Step(StrEnum):
    """The order is that of the set-up."""

    SITE = "site"
    EVENTS = "events"
    OKRS = "okrs"
    EPIC = "epic"
    PAGE = "page"


# Without a site and without OKRs there is nothing to show; the rest only makes it faster or better.
MAY_BE_LEFT_OUT = frozenset({Step.EVENTS, Step.EPIC, Step.PAGE})


@dataclass(frozen=True, slots=True)
class SetUp:
    """``next`` is the first step that is neither done nor left out, None where the set-up is at its end."""

    connections: tuple[Connection, ...]
    done: frozenset[Step]
    left_out: frozenset[Step]

    @property
    def next(self) -> Step | None:
        return next((step for step in Step if step not in self.done | self.left_out), None)

    @property
    def has_the_needed(self) -> bool:
        """True where only such steps are open as may wait."""
        return all(step in self.done for step in Step if step not in MAY_BE_LEFT_OUT)

    @property
    def can_follow(self) -> tuple[Step, ...]:
        """What may wait and is not done."""
        return tuple(step for step in Step if step in MAY_BE_LEFT_OUT and step not in self.done)

    def after(self, step: Step) -> Step | None:
        """Where to go from this step: the next one that is open, else the next in order."""
        later = list(Step)[list(Step).index(step) + 1 :]
        still_open = [each for each in later if each not in self.done | self.left_out]
        return next(iter(still_open), self.next if self.next is not step else next(iter(later), None))

    @property
    def telling(self) -> tuple[Connection, ...]:
        """The connections that can send their events to us."""
        return tuple(each for each in self.connections if can_send(each))


def can_send(connection: Connection) -> bool:
    """Whether this site can send its events: every Jira, and Confluence where it is a Data Center."""
    return connection.product == "jira" or connection.deployment == DATA_CENTER


def load_set_up(on: Resources, workspace_id: int) -> SetUp:
    """As it is now."""
    with on.database.read() as conn:
        connections = load_connections(conn, workspace_id)
        present = setting_up.what_is_there(conn, workspace_id)
        left_out = setting_up.steps_left_out(conn, workspace_id)
    telling = [each for each in connections if can_send(each)]
    done = {
        Step.SITE: bool(connections),
        Step.EVENTS: any(each.last_event_at for each in telling) or bool(connections and not telling),
        Step.OKRS: present.key_results,
        Step.EPIC: present.links,
        Step.PAGE: present.tables,
    }
    return SetUp(
        connections,
        frozenset(step for step in Step if done[step]),
        frozenset(Step(name) for name in left_out if name in set(Step)),
    )
