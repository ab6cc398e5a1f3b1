"""How often a page may be written after changes in Jira: as its table says, else as is set for its kind of site.

Confluence Cloud has no quiet edit: every version may mail the page's watchers. Data Center has minor edits, which mail
nobody, so it is written more often.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from connector.connecting import DATA_CENTER
from connector.settings import Settings


@dataclass(frozen=True, slots=True)
class WriteBudget:
    """So many writes at once (``bucket``), and one more after each ``refill``."""

    bucket: int
    refill: timedelta


def write_budget(settings: Settings, deployment: str, bucket: int | None, refill_minutes: float | None) -> WriteBudget:
    """The budget of a table in a site of this ``deployment``; None is what the table leaves to the settings."""
    usual, usual_minutes = settings.write_bucket, settings.write_refill_minutes
    if deployment == DATA_CENTER:
        usual, usual_minutes = settings.data_center_write_bucket, settings.data_center_write_refill_minutes
    return WriteBudget(bucket or usual, timedelta(minutes=refill_minutes or usual_minutes))
