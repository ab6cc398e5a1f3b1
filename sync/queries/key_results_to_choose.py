"""The key results that somebody may choose among, with what tells them apart."""

from __future__ import annotations

from connector.store.okrs import load_cycle, load_cycles
from mapping.okr import CycleState
from sync.ports import Resources


def load_key_results_to_choose(on: Resources, workspace_id: int) -> tuple[tuple[str, str], ...]:
    """Key and words of each key result of a cycle that is not over and that nobody dropped."""
    with on.database.read() as conn:
        cycles = [each for each in load_cycles(conn, workspace_id) if each.state is not CycleState.CLOSED]
        loaded = [load_cycle(conn, workspace_id, each.key) for each in cycles]
    return tuple(
        (kr.key, f"{kr.key} · {kr.title}") for okrs in loaded for kr in okrs.key_results if kr.dropped_on is None
    )
