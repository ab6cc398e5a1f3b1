"""What is heard of a page on its way between the product and the site: what was read, and every version of ours.

The judge lives on it: what the site had, what we had last read and what we sent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.campaign.in_process import Answer
from tests.campaign.wiki import OnePageWiki
from tests.clock import FakeClock

# Nobody reads a page more often than that before writing it.
MOST_READS = 8


@dataclass(frozen=True)
class Read:
    """The page as it was answered."""

    number: int
    body: str


@dataclass(frozen=True)
class Written:
    """One version that we wrote and the site accepted. ``reads``: what its writer had read of the page lately, oldest
    first. ``title``: what was sent, ``title_before``: what it was called. ``step``: the number of the case's step in
    which it fell. ``draft``: the open one, unless whoever wrote had looked and found none."""

    number: int
    before_number: int
    before: str
    reads: tuple[Read, ...]
    sent: str
    stored: str
    message: str
    draft: str | None
    title_before: str
    title: str
    at: datetime
    step: int


@dataclass(frozen=True)
class Before:
    """The page right before a call."""

    number: int
    body: str
    draft: str | None
    title: str


@dataclass
class Listener:
    """Listens to the calls about one page. ``step`` is moved on by whoever plays."""

    wiki: OnePageWiki
    clock: FakeClock
    step: int = 0
    written: list[Written] = field(default_factory=list)
    conflicts: int = 0
    seen_versions: list[int] = field(default_factory=list)
    refused_status: list[str] = field(default_factory=list)
    _reads: dict[str, tuple[Read, ...]] = field(default_factory=dict)
    _found_no_draft: set[str] = field(default_factory=set)

    def before(self) -> Before:
        """To be asked right before the site is."""
        return Before(self.wiki.number, self.wiki.body, self.wiki.draft, self.wiki.title)

    def hear(self, request: requests.PreparedRequest, answer: Answer, before: Before, caller: str = "") -> None:
        """One call and its answer. ``caller``: which of several workers called."""
        url = urlsplit(str(request.url))
        if not url.path.endswith(f"/pages/{self.wiki.page_id}"):
            return
        if request.method == "PUT":
            self._hear_write(request, answer, before, caller)
        elif "get-draft" in url.query:
            self._hear_look_for_draft(before, caller)
        elif answer.status == 200 and "version=" not in url.query:
            read = Read(before.number, json.loads(answer.body)["body"]["storage"]["value"])
            self._reads[caller] = (*self._reads.get(caller, ()), read)[-MOST_READS:]
            self.seen_versions.append(before.number)

    def _hear_look_for_draft(self, before: Before, caller: str) -> None:
        if before.draft is None:
            self._found_no_draft.add(caller)
        else:
            self._found_no_draft.discard(caller)

    def _hear_write(self, request: requests.PreparedRequest, answer: Answer, before: Before, caller: str) -> None:
        if answer.status == 409:
            self.conflicts += 1
        if answer.status == 200:
            self._note_write(json.loads(request.body or b"{}"), before, caller)
        else:
            self.refused_status.append(f"{answer.status}: {answer.body[:200]!r}")

    def _note_write(self, sent: dict[str, Any], before: Before, caller: str) -> None:
        # Confluence takes a write however many drafts there are: one that is opened after we looked cannot be seen.
        draft = None if caller in self._found_no_draft else before.draft
        self._found_no_draft.discard(caller)
        self.written.append(
            Written(
                number=sent["version"]["number"],
                before_number=before.number,
                before=before.body,
                reads=self._reads.get(caller, (Read(0, ""),)),
                sent=sent["body"]["value"],
                stored=self.wiki.body,
                message=sent["version"]["message"],
                draft=draft,
                title_before=before.title,
                title=sent["title"],
                at=self.clock.now(),
                step=self.step,
            )
        )
