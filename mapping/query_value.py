"""The value that a JQL source gives: the number of issues found, or the sum or average of a number field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from mapping.issue import MalformedIssue
from mapping.okr import Aggregate, JqlSource


@dataclass(frozen=True, slots=True)
class QueryTotal:
    """What was found so far. Issues whose field is empty count as found, and stay out of sum and average."""

    source: JqlSource
    found: int = 0
    with_number: int = 0
    summed: Decimal = Decimal(0)

    def plus(self, raw_issues: Iterable[object]) -> QueryTotal:
        """With one more page of Jira's raw issues. Raises MalformedIssue where the field holds no number."""
        total = self
        for raw in raw_issues:
            number = _number(raw, self.source.field_id) if self.source.field_id else None
            total = replace(
                total,
                found=total.found + 1,
                with_number=total.with_number + (number is not None),
                summed=total.summed + (number or 0),
            )
        return total

    @property
    def value(self) -> Decimal | None:
        """None for an average of nothing: unknown is not 0."""
        if self.source.aggregate is Aggregate.COUNT:
            return Decimal(self.found)
        if self.source.aggregate is Aggregate.SUM:
            return self.summed
        return (self.summed / self.with_number).quantize(Decimal("0.01")) if self.with_number else None


def _number(raw: object, field_id: str) -> Decimal | None:
    fields = raw.get("fields") if isinstance(raw, dict) else None
    value = fields.get(field_id) if isinstance(fields, dict) else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise MalformedIssue(f"the field {field_id} holds no number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise MalformedIssue(f"the field {field_id} holds no number") from None
    if not number.is_finite():
        raise MalformedIssue(f"the field {field_id} holds no number")
    return number
