"""Histories that once failed, kept for ever: a number alone, or with the few steps that were enough."""

from __future__ import annotations

from dataclasses import dataclass

from tests.campaign.verdict import Step


@dataclass(frozen=True)
class Kept:
    """``why``: what was wrong then. Without steps it is the whole history of its number."""

    seed: int
    why: str
    steps: tuple[Step, ...] | None = None


KEPT: tuple[Kept, ...] = (
    Kept(
        26,
        "a child that was deleted while its project was closed to us kept its epic unknown for ever",
        (Step("permission lost", 10459), Step("issue deleted", 49933)),
    ),
)
