"""What goes wrong in a round: processes die or stand still, servers are away, full or refuse, a clock steps.

Those points are struck the likelier that were tried little so far for how often they are passed, so that a long
campaign reaches all of them.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import sqrt
from random import Random

from tests.chaos.gate import KILL, STOP, Gate
from tests.chaos.house import COMMAND, SERVING, House
from tests.chaos.outages import Outages

STRUCK_WITHIN = 3.0
# Longer than a claim is held (sync.work), so that others take over what a dead or standing process had in hand.
LEASE_STEP = 200.0
FEWEST_PASSES = 2
# The bell is passed most often, and losing it matters least.
BELL_IS_STRUCK_LESS = 4


@dataclass
class Nemesis:
    """``done`` counts what was done by name, ``missed`` the points that nobody passed while they were to be struck."""

    house: House
    outages: Outages
    done: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def knows_points(self) -> bool:
        """Whether anybody has passed any yet, after a house was set up."""
        return any(gate.passed for gate in self.house.gates if gate.kind == "worker")

    def strike(self, chance: Random, provoke: Callable[[], None], command: Callable[[], tuple[str, ...]]) -> str:
        """One act, with something going on that makes processes work. The answer says what was done."""
        acts: list[tuple[Callable[[], str], int]] = [
            (lambda: self.kill_at_points(chance, provoke), 56),
            (lambda: self.kill_a_command(chance, provoke, command), 6),
            (lambda: self.stop_at_a_point(chance, provoke), 8),
            (lambda: self.at_random(chance, provoke), 12),
            (lambda: self.outage(chance, provoke, "redis"), 7),
            (lambda: self.outage(chance, provoke, "postgres"), 6),
            (lambda: self.outage(chance, provoke, "wire"), 3),
            (lambda: self.on_the_clock(chance, provoke), 2),
        ]
        said = chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]()
        self.done[said.partition(":")[0]] += 1
        self.house.start_what_is_down()
        return said

    # ---- processes

    def kill_at_points(self, chance: Random, provoke: Callable[[], None]) -> str:
        """Of one, two or all three, each at a point of its own."""
        names = chance.choice((SERVING, SERVING, ("worker 1", "worker 2"), *((name,) for name in SERVING)))
        gates = {name: self.house.members[name].gate for name in names}
        points = {name: self._point(chance, gate.kind) for name, gate in gates.items()}
        for name, gate in gates.items():
            gate.arm(KILL, points[name], chance.choice((1, 1, 1, 2)))
        provoke()
        provoke()
        struck = self._await(gates, all)
        for name in struck:
            self.house.members[name].kill()  # it is dead; now it is gone as well
        return self._told(KILL, points, struck)

    def kill_a_command(
        self, chance: Random, provoke: Callable[[], None], command: Callable[[], tuple[str, ...]]
    ) -> str:
        member, point = self.house.members[COMMAND], self._point(chance, COMMAND)
        member.gate.arm(KILL, point)
        member.words = command()
        member.start()
        provoke()
        member.ends_with()
        return self._told(KILL, {COMMAND: point}, self._await({COMMAND: member.gate}, any, 0.0))

    def stop_at_a_point(self, chance: Random, provoke: Callable[[], None]) -> str:
        """Whichever worker comes there first, or the web service; the others go on."""
        names = chance.choice((("worker 1", "worker 2"), ("worker 1", "worker 2"), ("web",)))
        gates = {name: self.house.members[name].gate for name in names}
        points = dict.fromkeys(names, self._point(chance, gates[names[0]].kind))
        for name, gate in gates.items():
            gate.arm(STOP, points[name])
        provoke()
        struck = self._await(gates, any)
        if struck:
            self._stand_still(chance, {gates[name].group for name in struck}, provoke)
        return self._told(STOP, points, struck)

    def _await(
        self, gates: dict[str, Gate], enough: Callable[[Iterable[bool]], bool], within: float = STRUCK_WITHIN
    ) -> list[str]:
        """Whom it has happened to, once it has happened to enough of them or took too long."""
        end = time.monotonic() + within
        while time.monotonic() < end and not enough(gate.happened.is_set() for gate in gates.values()):
            time.sleep(0.01)
        return [name for name, gate in gates.items() if gate.disarm()]

    def _told(self, act: str, points: dict[str, str], struck: list[str]) -> str:
        self.missed.update(point for name, point in points.items() if name not in struck)
        if not struck:
            return f"nothing: nobody passed {', '.join(points.values())}"
        return f"{act} at a point: {'; '.join(f'{name}, {points[name]}' for name in struck)}"

    def _stand_still(self, chance: Random, standing: set[int], provoke: Callable[[], None]) -> None:
        """Others take over in the meantime; then it goes on with what it has in hand."""
        if chance.random() < 0.7:
            self.house.step_clock(LEASE_STEP)
            for name in ("worker 1", "worker 2"):
                member = self.house.members[name]
                if member.gate.group not in standing:
                    member.kill()
                    member.start()
        provoke()
        time.sleep(chance.uniform(0.3, 1.5))
        for member in self.house.members.values():
            member.signal(signal.SIGCONT)
            self.house.switchboard.let_go(member.gate)

    def _point(self, chance: Random, kind: str) -> str:
        """One that was tried little for how often it is passed; what is passed rarely is mostly waited for in vain."""
        passed, tried = Counter[str](), Counter(self.missed)
        for gate in self.house.gates:
            passed += gate.passed
            tried.update({point: times for (_, point), times in gate.struck.items()})
        known = sorted(point for point, times in passed.items() if times >= FEWEST_PASSES and point.startswith(kind))
        weights = [
            sqrt(passed[point]) / (1 + tried[point]) ** 2 / (BELL_IS_STRUCK_LESS if " redis " in point else 1)
            for point in known
        ]
        return chance.choices(known, weights)[0] if known else ""

    def at_random(self, chance: Random, provoke: Callable[[], None]) -> str:
        """One of them or all at once, whatever they do just then."""
        provoke()
        time.sleep(chance.uniform(0, 0.5))
        names = chance.choice((*((name,) for name in SERVING), ("worker 1", "worker 2"), SERVING))
        for name in names:
            member = self.house.members[name]
            member.kill()
            member.gate.struck[KILL, f"{member.gate.kind} at any time"] += 1
        return f"kill at any time: {', '.join(names)}"

    def on_the_clock(self, chance: Random, provoke: Callable[[], None]) -> str:
        by = chance.choice((-90.0, 45.0, LEASE_STEP, 1900.0))
        self.house.step_clock(by)
        provoke()
        self.house.members[chance.choice(("worker 1", "worker 2"))].kill()  # a new one hears of it at once
        return f"the clock steps: by {by:g} s"

    def outage(self, chance: Random, provoke: Callable[[], None], of: str) -> str:
        """Something is away or refuses for a while, and is back."""
        name, act = chance.choice(sorted(self.outages.acts(of, chance).items()))
        act()
        provoke()
        time.sleep(chance.uniform(0.2, 1.5))
        self.outages.mend()
        return name
