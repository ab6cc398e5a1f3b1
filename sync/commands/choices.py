"""Which field holds estimates and which resolutions mean "won't do", found out when a Jira is connected.

Ids are what is kept. Names decide here and nowhere else, since nothing but its name tells what a resolution means; so
the report shows what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector.site_answers import Field, Resolution
from mapping.issue import FieldChoice

# Team-managed projects; the kind is the same on every site, unlike the field's id.
STORY_POINT_ESTIMATE = "com.pyxis.greenhopper.jira:jsw-story-points"
_ANY_NUMBER = "com.atlassian.jira.plugin.system.customfieldtypes:float"
_ESTIMATE_NAMES = frozenset({"story points", "story point estimate", "storypoints", "story-points", "story point"})

_WONT_DO_NAMES = frozenset({
    "won't do", "won't fix", "wont do", "wont fix", "will not do", "will not fix", "declined", "rejected", "cancelled",
    "canceled", "abandoned", "obsolete", "out of date", "invalid", "not a bug", "duplicate", "cannot reproduce",
    "incomplete", "wird nicht erledigt", "wird nicht behoben", "abgelehnt", "abgebrochen", "veraltet", "ungültig",
    "duplikat", "nicht reproduzierbar", "unvollständig",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen for one Jira; ``estimate`` is None where no field looks like estimates."""

    estimate: Field | None
    wont_do: tuple[Resolution, ...]

    def as_field_choice(self) -> FieldChoice:
        """The ids alone, as issues are read by them."""
        estimate = self.estimate.field_id if self.estimate else None
        return FieldChoice(estimate, frozenset(resolution.resolution_id for resolution in self.wont_do))


def choose(fields: Sequence[Field], resolutions: Sequence[Resolution], in_use: Callable[[Field], int]) -> Choices:
    """The choice for these fields and resolutions. ``in_use`` counts the issues with a value in a field; it is asked
    only where several look like estimates, as on sites with both kinds of projects."""
    estimates = [field for field in fields if _may_be_estimate(field)]
    most_used = max(estimates, key=in_use) if len(estimates) > 1 else next(iter(estimates), None)
    return Choices(most_used, tuple(each for each in resolutions if _folded(each.name) in _WONT_DO_NAMES))


def _may_be_estimate(field: Field) -> bool:
    if field.schema_custom == STORY_POINT_ESTIMATE:
        return True
    return field.schema_custom == _ANY_NUMBER and _folded(field.name) in _ESTIMATE_NAMES


def _folded(name: str) -> str:
    return " ".join(name.replace("’", "'").casefold().split())
