"""All versions of a round's page, and what each of them changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tests.campaign.listening import Read, Written
from tests.campaign.sheet import Cell, Sheet
from tests.chaos.world import REGION, World
from tests.site.roster import SYNC


@dataclass(frozen=True)
class Version:
    number: int
    author: str
    message: str
    at: datetime
    body: str

    @property
    def is_ours(self) -> bool:
        return self.author == SYNC.account_id

    @property
    def inputs(self) -> dict[Cell, str]:
        return Sheet(self.body, REGION).inputs


@dataclass(frozen=True)
class Typed:
    """What a person left in a cell. ``stood``: nobody typed over it before we wrote the page, so we have to have it."""

    version: int
    cell: Cell
    text: str
    stood: bool


def versions_of(world: World) -> list[Version]:
    """Oldest first."""
    listed = sorted(world.site.versions(world.page_id), key=lambda each: each["number"])
    return [_version(world, each["number"], each["authorId"], each["message"], each["createdAt"]) for each in listed]


def _version(world: World, number: int, author: str, message: str, at: str) -> Version:
    answer = world.site.confluence("GET", f"/pages/{world.page_id}?version={number}&body-format=storage").json()
    moment = datetime.fromisoformat(at)
    return Version(number, author, message, moment, answer["body"]["storage"]["value"])


def typed_in(versions: list[Version]) -> Iterator[Typed]:
    """Every cell that a person's version left other than it was."""
    for place, (before, after) in enumerate(pairwise(versions), 1):
        if after.is_ours:
            continue
        for cell, text in after.inputs.items():
            if before.inputs.get(cell, text) != text:
                yield Typed(after.number, cell, text, _stood(versions[place + 1 :], cell, text))


def _stood(later: list[Version], cell: Cell, text: str) -> bool:
    for version in later:
        if version.is_ours:
            return True
        if version.inputs.get(cell) != text:
            return False
    return True


def written_by_us(versions: list[Version]) -> list[Written]:
    """As the judges of single writes want them; what was sent is taken for what was stored."""
    return [
        Written(
            number=after.number,
            before_number=before.number,
            before=before.body,
            reads=(Read(before.number, before.body),),
            sent=after.body,
            stored=after.body,
            message=after.message,
            draft=None,
            title_before="",
            title="",
            at=after.at,
            step=0,
        )
        for before, after in pairwise(versions)
        if after.is_ours
    ]
