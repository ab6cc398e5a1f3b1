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
    Kept(
        3_000_085,
        "what somebody typed while a slow site was being read was said to be from before it was typed",
        (
            Step("bulk change", 953008945),
            Step("outage", 322168997),
            Step("write outside", 3327595358),
            Step("issue moves on", 1772345324),
            Step("draft", 698118218),
            Step("issue estimated", 2031480682),
            Step("add a row", 2628865276),
            Step("type", 1472220300),
        ),
    ),
    Kept(
        4_000_155,
        "a child left the count of its epic when the epic's project was closed to us, and its own was not",
        (Step("type", 1034704572), Step("permission lost", 1638338467), Step("admin puts the table back", 4234206138)),
    ),
    Kept(
        20_000_232,
        "a restored version that said what we say now was written anew for its moment alone, after somebody had edited",
        (
            Step("type what nobody understands", 2788190958),
            Step("time passes", 3265126223),
            Step("issue estimated", 4234533719),
            Step("admin puts the table back", 3168697206),
            Step("a worker crashes", 1968472138),
            Step("type", 4148838248),
            Step("type in many cells", 2148843794),
            Step("restore a version", 3312587496),
            Step("issue re-parented", 73001425),
            Step("write outside", 2264040168),
            Step("write outside", 3786120537),
        ),
    ),
)
