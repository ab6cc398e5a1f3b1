"""What may not change without a reason once an OKR set is agreed: wording, baseline, target, or dropping it."""

from __future__ import annotations

from decimal import Decimal

from mapping.okr import KeyResult, Kind, Objective, Stage, Step

SHOWN = 120  # characters of an old or new text in a line of the log, which has to hold both and the reason


class ReasonNeeded(ValueError):
    """Agreed OKRs would change without a reason. ``changes`` says what, one text each."""

    def __init__(self, changes: tuple[str, ...]) -> None:
        super().__init__(
            "These OKRs are agreed. Say why they change (it is recorded and shown):\n  " + "\n  ".join(changes)
        )
        self.changes = changes


def objective_changes(old: Objective, new: Objective) -> tuple[str, ...]:
    """What changes of an agreed or graded objective; nothing of one that is still a draft."""
    if old.stage is Stage.DRAFT:
        return ()
    changes = [_change(old.key, name, getattr(old, name), getattr(new, name)) for name in ("title", "why")]
    if new.stage is Stage.DRAFT:
        changes.append(f"{old.key}: {old.stage} → draft")
    return tuple(change for change in changes if change)


def key_result_changes(stage: Stage, old: KeyResult, new: KeyResult) -> tuple[str, ...]:
    """What changes of a key result whose objective is at ``stage``. Its first baseline is no change but an answer, and
    dropping it with its own reason needs no second one."""
    if stage is Stage.DRAFT:
        return ()
    names = ["title"] if old.kind is Kind.TO_MEASURE else ["title", "kind", "baseline", "target", "bound", "unit"]
    changes = [_change(old.key, name, getattr(old, name), getattr(new, name)) for name in names]
    changes.append(_change(old.key, "steps", _steps(old.steps), _steps(new.steps)))
    if old.dropped_on != new.dropped_on and not new.dropped_why.strip():
        changes.append(_change(old.key, "dropped on", old.dropped_on, new.dropped_on))
    return tuple(change for change in changes if change)


def _change(key: str, name: str, old: object, new: object) -> str:
    return "" if old == new else f"{key}: {name} {_said(old)} → {_said(new)}"


def _said(value: object) -> str:
    if value is None or value == "":
        return "none"
    said = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"


def _steps(steps: tuple[Step, ...]) -> str:
    return ", ".join(f"{step.title} ({step.share})" for step in steps)
