"""Why an OKR was not kept as it was typed: which field is wrong, what needs a reason, or that another was faster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connector.store.agreement import ReasonNeeded
from connector.store.okrs import UnknownOkr
from mapping.okr import InvalidOkr
from sync.commands.not_possible import NotPossible


class WrongField(NotPossible):
    """``field`` names what is wrong, as the attribute of the noun is called."""

    def __init__(self, field: str, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.field = field


class ReasonAsked(NotPossible):
    """It is agreed, and ``changes`` of it need a reason; nothing was kept."""

    def __init__(self, changes: tuple[str, ...]) -> None:
        super().__init__("This is agreed. Say in one sentence why it changes; that is recorded and shown.")
        self.changes = changes


class ChangedMeanwhile(NotPossible):
    """Somebody else has changed it since it was looked at; nothing was kept."""

    def __init__(self) -> None:
        super().__init__("Somebody else has changed it while you were typing, so nothing is saved yet.")


@contextmanager
def keeping() -> Iterator[None]:
    """What the store and the rules of OKRs refuse within the block, as a refusal for a person."""
    try:
        yield
    except ReasonNeeded as error:
        raise ReasonAsked(error.changes) from error
    except InvalidOkr as error:
        raise WrongField(error.field, error.text, **error.values) from error
    except UnknownOkr as error:
        raise NotPossible("Nothing was saved: {error}.", error=error) from error
