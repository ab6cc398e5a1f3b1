"""What became of the inline comments that people made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.campaign.play import Play
from tests.campaign.wiki import refs_in

_KEY_OF_ROW = re.compile(r"/kr/[A-Z0-9-]+\"")
_CHECK_IN_LINK = re.compile(r"/(?:check-in|tables)/[A-Z0-9-]+\"")


def judge_comments(play: Play) -> Iterator[str]:
    """Each inline comment stands there, unless a person took it away, or its row left the table."""
    present = set(refs_in(play.wiki.body))
    ours = {one.number for one in play.heard.written}
    versions = play.wiki.versions()
    for ref in play.refs:
        holders = [version for version in versions if ref in refs_in(version.body)]
        if ref in present or not holders:
            continue
        after = next((each for each in versions if each.number == holders[-1].number + 1), None)
        if after is None or after.number not in ours:
            continue
        if not _part_left(holders[-1].body, after.body, ref):
            yield f"c: the comment {ref} of version {holders[-1].number} is gone since our version {after.number}"


def _part_left(before: str, after: str, ref: str) -> bool:
    """Whether what it stood in is no more: the row of a key result that the table shows no longer, the row that says
    that nothing needs attention, or a line above the table that told of a text which waits no longer."""
    at = before.index(ref)
    row = before[before.rfind("<tr", 0, at) : before.find("</tr>", at)]
    line = before[before.rfind("<p", 0, at) : before.find("</p>", at)]
    in_row = before.rfind("<tr", 0, at) > before.rfind("</tr>", 0, at)
    key = _KEY_OF_ROW.search(row) if in_row else None
    if key is not None:
        return after.count(key.group()) < before.count(key.group())
    if not in_row:
        told = _CHECK_IN_LINK.search(line)
        return told is not None and after.count(told.group()) < before.count(told.group())
    return "colspan" in row and "<strong>" not in row and "/kr/" in after
