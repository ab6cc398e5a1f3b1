"""What stands of the texts of several check-ins: a form shows every field, a cell only itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mapping.history import History
from mapping.okr import CheckIn, CheckInOrigin

FORM, CELL = CheckInOrigin.WEB, CheckInOrigin.CONFLUENCE


def history(*said: tuple[CheckInOrigin, dict[str, object]]) -> History:
    """One check-in a day."""
    return History.of(
        CheckIn("PAY-KR1", datetime(2026, 11, day, 9, tzinfo=UTC), origin=origin, **texts)  # type: ignore[arg-type]
        for day, (origin, texts) in enumerate(said, start=1)
    )


@pytest.mark.parametrize("field", ["note", "blockers"])
@pytest.mark.parametrize(
    ("later", "stands"),
    [(CheckInOrigin.WEB, ""), (CheckInOrigin.IMPORT, ""), (CELL, "Issuer B"), (CheckInOrigin.API, "Issuer B")],
)
def test_a_text_stands_until_a_form_leaves_it_empty(field: str, later: CheckInOrigin, stands: str) -> None:
    assert getattr(history((FORM, {field: "Issuer B"}), (later, {})), field) == stands
    again = history((FORM, {field: "Issuer B"}), (later, {}), (CELL, {field: "Issuer C"}), (CELL, {}))
    assert getattr(again, field) == "Issuer C"
    assert getattr(history(), field) == ""


def test_what_was_learned_stays_learned() -> None:
    said = history((FORM, {"note": "Ask earlier."}), (FORM, {}))
    assert (said.note, said.learned) == ("", "Ask earlier.")


@pytest.mark.parametrize("later", [FORM, CELL])
def test_a_next_step_stands_until_another_is_said(later: CheckInOrigin) -> None:
    assert history((FORM, {"next_step": "Ask."}), (later, {})).next_step == "Ask."


def test_confidence_is_compared_with_the_one_before_it() -> None:
    """A check-in in between said nothing about it."""
    said = history((FORM, {"confidence": 6}), (CELL, {"next_step": "Ask."}), (CELL, {"confidence": 4}))
    assert (said.confidence, said.confidence_change) == (4, -2)
