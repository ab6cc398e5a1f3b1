"""Is the page right? Judged from outside: what the site says of each linked epic against what its page says.

Shares nothing with the product's roll-up; it counts for itself.
"""

from __future__ import annotations

import re
from html import unescape

from tests.demo_okrs import demo_okrs
from tests.site.running import Site

WONT_DO = frozenset({"Won't Fix", "Won't Do", "Duplicate", "Invalid", "Cannot Reproduce", "Incomplete", "Declined"})


def what_is_wrong(site: Site, page_id: str) -> list[str]:
    """One line per linked epic whose words in the page are not what Jira has; empty where the page is right."""
    text = words_of(site.body(page_id))
    return [wrong for key in sorted(_linked()) if (wrong := _judge(site, key, text))]


def words_of(body: str) -> str:
    """The visible words of a page body, roughly: tags away, entities as characters, white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())


def _linked() -> set[str]:
    return {link.issue_key for link in demo_okrs().links}


def _judge(site: Site, key: str, text: str) -> str:
    children = [child["fields"] for child in site.search(f"parent = {key}", "status", "resolution")]
    closed = [fields for fields in children if fields["status"]["statusCategory"]["key"] == "done"]
    wont_do = [fields for fields in closed if (fields.get("resolution") or {}).get("name") in WONT_DO]
    expected = f"{key} {len(closed) - len(wont_do)} of {len(children) - len(wont_do)} done"
    if children and expected not in text:
        found = re.search(rf"{key} [^A-Z]{{0,30}}", text)
        return f"“{expected}” is expected, the page says “{found.group().strip() if found else 'nothing'}”"
    return ""
