"""The check-ins of one key result in YAML."""

from __future__ import annotations

from collections.abc import Iterator

from mapping.okr import CONFIDENCE_RANGE, CheckIn, CheckInOrigin
from mapping.yaml_fields import FieldReader

_CHECK_IN_FIELDS = ("at", "value", "confidence", "done", "note", "blockers", "next", "by")


def read_check_ins(reader: FieldReader, key: str) -> Iterator[CheckIn]:
    """The check-ins of one key result; two of one moment would leave open which of them holds."""
    seen: set[object] = set()
    for check_in_reader in reader.each("check_ins", _CHECK_IN_FIELDS):
        check_in = check_in_reader.made(lambda: _check_in(check_in_reader, key))  # noqa: B023  called at once
        if check_in is not None and check_in.at in seen:
            what, to_do = "there are two check-ins of this moment", "give them times, e.g. 2026-11-19T14:30:00Z"
            check_in_reader.refuse(check_in_reader.line, "at", what, to_do)
        elif check_in is not None:
            seen.add(check_in.at)
            yield check_in


def _check_in(reader: FieldReader, key: str) -> CheckIn | None:
    at = reader.moment("at")
    if at is None:
        return None
    return CheckIn(
        key_result_key=key,
        at=at,
        value=reader.number("value"),
        confidence=reader.whole("confidence", CONFIDENCE_RANGE),
        done_since=reader.text("done"),
        note=reader.text("note"),
        blockers=reader.text("blockers"),
        next_step=reader.text("next"),
        author=reader.text("by"),
        origin=CheckInOrigin.IMPORT,
    )
