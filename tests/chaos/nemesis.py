"""What goes wrong in a round: processes die or stand still, servers are away, full or refuse, a clock steps."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from tests.chaos.choosing import any_call, little_struck
from tests.chaos.gate import KILL, STOP, Gate
from tests.chaos.house import COMMAND, SERVING, WORKERS, House
from tests.chaos.outages import Outages

# A process is let run past so many points, or for so long, to one that was struck little; then what it passes will do.
CHOOSY_PAST, CHOOSY_FOR = 40, 2.5
STRUCK_WITHIN = 5.0
PROVOKED_EVERY = 0.4
# Longer than a claim is held (sync.work), so that others take over what a dead or standing process had in hand.
LEASE_STEP = 200.0
# After a worker's death mostly such a step, sometimes one in which the page may be written again, sometimes none.
STEPS_AFTER_DEATH = (LEASE_STEP, LEASE_STEP, LEASE_STEP, 1900.0, 0.0)


@dataclass
class Nemesis:
    """``done`` counts what was done by name."""

    house: House
    outages: Outages
    done: Counter[str] = field(default_factory=Counter)

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
        names = chance.choice((SERVING, SERVING, WORKERS, *((name,) for name in SERVING)))
        gates = {name: self.house.members[name].gate for name in names}
        for gate in gates.values():
            gate.arm(KILL, self._wanted(chance, gate.kind), chance.choice((1, 1, 1, 2)))
        struck = self._await(chance, gates, all, provoke)
        for name in struck:
            self.house.members[name].kill()  # it is dead; now it is gone as well
        self._let_claims_run_out(chance, struck)
        return self._told(KILL, gates, struck)

    def kill_a_command(
        self, chance: Random, provoke: Callable[[], None], command: Callable[[], tuple[str, ...]]
    ) -> str:
        member = self.house.members[COMMAND]
        member.gate.arm(KILL, self._wanted(chance, COMMAND))
        member.words = command()
        member.start()
        provoke()
        member.ends_with()
        return self._told(KILL, {COMMAND: member.gate}, [COMMAND] if member.gate.disarm() else [])

    def stop_at_a_point(self, chance: Random, provoke: Callable[[], None]) -> str:
        """Whichever worker comes there first, or the web service; the others go on."""
        names = chance.choice((WORKERS, WORKERS, ("web",)))
        gates = {name: self.house.members[name].gate for name in names}
        wanted = self._wanted(chance, gates[names[0]].kind)
        for gate in gates.values():
            gate.arm(STOP, wanted)
        struck = self._await(chance, gates, any, provoke)
        if struck:
            self._stand_still(chance, {gates[name].group for name in struck}, provoke)
        return self._told(STOP, gates, struck)

    def _wanted(self, chance: Random, kind: str) -> Callable[[str], bool]:
        return little_struck(chance, self.house.gates, kind)

    def _await(
        self,
        chance: Random,
        gates: dict[str, Gate],
        enough: Callable[[Iterable[bool]], bool],
        provoke: Callable[[], None],
    ) -> list[str]:
        """Whom it has happened to, once it has happened to enough of them or took too long. People go on meanwhile."""
        began, will_do = time.monotonic(), any_call(chance)
        while (waited := time.monotonic() - began) < STRUCK_WITHIN:
            for gate in gates.values():
                if gate.ran > CHOOSY_PAST or waited > CHOOSY_FOR:
                    gate.settle_for(will_do)
            provoke()
            if self._have_happened(gates, enough, PROVOKED_EVERY):
                break
        return [name for name, gate in gates.items() if gate.disarm()]

    def _have_happened(self, gates: dict[str, Gate], enough: Callable[[Iterable[bool]], bool], within: float) -> bool:
        end = time.monotonic() + within
        while not enough(gate.happened.is_set() for gate in gates.values()):
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    def _told(self, act: str, gates: dict[str, Gate], struck: list[str]) -> str:
        if not struck:
            return f"nothing: {', '.join(gates)} passed no point"
        return f"{act} at a point: {'; '.join(f'{name}, {gates[name].last}' for name in struck)}"

    def _let_claims_run_out(self, chance: Random, dead: list[str]) -> None:
        """What a dead worker had in hand is free again; those that run notice within a minute, new ones at once."""
        if any(self.house.members[name].gate.kind == "worker" for name in dead):
            self.house.step_clock(chance.choice(STEPS_AFTER_DEATH))

    def _stand_still(self, chance: Random, standing: set[int], provoke: Callable[[], None]) -> None:
        """Others take over in the meantime; then it goes on with what it has in hand."""
        if chance.random() < 0.7:
            self.house.step_clock(LEASE_STEP)
            for name in WORKERS:
                member = self.house.members[name]
                if member.gate.group not in standing:
                    member.kill()
                    member.start()
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
        by = chance.choice((-90.0, 45.0, LEASE_STEP, 1900.0))
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
