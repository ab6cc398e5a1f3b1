"""What goes wrong in a round: processes die or stand still, servers are away, full or refuse, a clock steps."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from tests.chaos.ambush import Ambush, told
from tests.chaos.choosing import a_few_that_lag, any_call, little_struck
from tests.chaos.gate import KILL, STOP, Gate
from tests.chaos.house import COMMAND, SERVING, WORKERS, House
from tests.chaos.outages import Outages
from tests.chaos.people import People

# Longer than a claim is held (sync.work), so that others take over what a dead or standing process had in hand.
LEASE_STEP = 200.0
# So long until what follows from Jira may be written into the page again, whatever was written before.
PAGE_STEP = 1900.0
# After a worker's death mostly such a step, sometimes one in which the page may be written again, sometimes none.
STEPS_AFTER_DEATH = (LEASE_STEP, LEASE_STEP, LEASE_STEP, PAGE_STEP, 0.0)


@dataclass
class Nemesis:
    """``done`` counts what was done by name."""

    house: House
    outages: Outages
    done: Counter[str] = field(default_factory=Counter)

    def strike(self, chance: Random, people: People) -> str:
        """One act, with something going on that makes processes work. The answer says what was done."""
        provoke = people.act
        acts: list[tuple[Callable[[], str], int]] = [
            (lambda: self.kill_at_points(chance, provoke), 36),
            (lambda: self.kill_far_in(chance, people), 20),
            (lambda: self.kill_a_command(chance, people), 6),
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
        names = chance.choice((SERVING, SERVING, WORKERS, *((name,) for name in SERVING)))
        ambush = Ambush(self._gates(names), all, provoke)
        for gate in ambush.gates.values():
            gate.arm(KILL, little_struck(chance, self.house.gates, gate.kind), chance.choice((1, 1, 1, 2)))
        struck = ambush.wait(any_call(chance))
        self._bury(chance, struck)
        return told("kill at a point", ambush.gates, struck)

    def kill_far_in(self, chance: Random, people: People) -> str:
        """A worker, at one of the points that lag behind, with nothing to hold it up on its way from what is typed."""
        self.house.step_clock(PAGE_STEP)
        self._renew(WORKERS)
        ambush = Ambush(self._gates(WORKERS), any, people.act_in_the_table, every=1.5, past=200, seconds=5.0)
        wanted = a_few_that_lag(chance, self.house.gates, "worker")
        for gate in ambush.gates.values():
            gate.arm(KILL, wanted)
        struck = ambush.wait(any_call(chance))
        self._bury(chance, struck)
        return told("kill far in", ambush.gates, struck)

    def kill_a_command(self, chance: Random, people: People) -> str:
        return self.kill_this_command(chance, people.command(), meanwhile=people.act)

    def kill_this_command(
        self, chance: Random, words: tuple[str, ...], meanwhile: Callable[[], object] = lambda: None
    ) -> str:
        """At one of its points; it may come to its end before."""
        member = self.house.members[COMMAND]
        member.gate.arm(KILL, little_struck(chance, self.house.gates, COMMAND))
        member.words = words
        member.start()
        meanwhile()
        member.ends_with()
        return told("kill at a point", {COMMAND: member.gate}, [COMMAND] if member.gate.disarm() else [])

    def stop_at_a_point(self, chance: Random, provoke: Callable[[], None]) -> str:
        """Whichever worker comes there first, or the web service; the others go on."""
        names = chance.choice((WORKERS, WORKERS, ("web",)))
        ambush = Ambush(self._gates(names), any, provoke)
        for gate in ambush.gates.values():
            gate.arm(STOP, little_struck(chance, self.house.gates, gate.kind))
        struck = ambush.wait(any_call(chance))
        if struck:
            self._stand_still(chance, struck, provoke)
        return told("stop at a point", ambush.gates, struck)

    def _gates(self, names: Iterable[str]) -> dict[str, Gate]:
        return {name: self.house.members[name].gate for name in names}

    def _renew(self, names: Iterable[str]) -> None:
        for name in names:
            self.house.members[name].kill()
            self.house.members[name].start()

    def _bury(self, chance: Random, dead: list[str]) -> None:
        """Wait until nothing is left of them, and let what they had in hand run out."""
        for name in dead:
            self.house.members[name].kill()
        self._let_claims_run_out(chance, dead)

    def _let_claims_run_out(self, chance: Random, dead: list[str]) -> None:
        """What a dead worker had in hand is free again; those that run notice within a minute, new ones at once."""
        if any(self.house.members[name].gate.kind == "worker" for name in dead):
            self.house.step_clock(chance.choice(STEPS_AFTER_DEATH))

    def _stand_still(self, chance: Random, standing: list[str], provoke: Callable[[], None]) -> None:
        """Others take over in the meantime; then it goes on with what it has in hand."""
        if chance.random() < 0.7:
            self.house.step_clock(LEASE_STEP)
            self._renew(name for name in WORKERS if name not in standing)
        provoke()
        time.sleep(chance.uniform(0.3, 1.5))
        for member in self.house.members.values():
            member.signal(signal.SIGCONT)
            self.house.switchboard.let_go(member.gate)

    def at_random(self, chance: Random, provoke: Callable[[], None]) -> str:
        """One of them or all at once, whatever they do just then."""
        provoke()
        time.sleep(chance.uniform(0, 0.5))
        names = chance.choice((*((name,) for name in SERVING), WORKERS, SERVING))
        for name in names:
            member = self.house.members[name]
            member.kill()
            member.gate.struck[KILL, f"{member.gate.kind} at any time"] += 1
        self._let_claims_run_out(chance, list(names))
        return f"kill at any time: {', '.join(names)}"

    def on_the_clock(self, chance: Random, provoke: Callable[[], None]) -> str:
        by = chance.choice((-90.0, 45.0, LEASE_STEP, PAGE_STEP))
        self.house.step_clock(by)
        provoke()
        self.house.members[chance.choice(WORKERS)].kill()  # a new one hears of it at once
        return f"the clock steps: by {by:g} s"

    def outage(self, chance: Random, provoke: Callable[[], None], of: str) -> str:
        """Something is away or refuses for a while, and is back."""
        name, act = chance.choice(sorted(self.outages.acts(of, chance).items()))
        act()
        provoke()
        time.sleep(chance.uniform(0.2, 1.5))
        self.outages.mend()
        return name
