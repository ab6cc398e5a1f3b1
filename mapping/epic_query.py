"""What a person typed to find epics: a key or an address, a JQL query, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mapping.issue import ISSUE_KEY_PATTERN

LONGEST = 1000
MOST_WORDS = 12

_OPERATOR = re.compile(
    r"[=~<>]|\bin\s*\(|\bis\s+(?:not\s+)?(?:empty|null)\b|\border\s+by\b|\b(?:was|changed)\b.*\b(?:after|before|by)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*\'""", re.DOTALL)
_FUNCTION_OF_AN_APP = re.compile(r"\bissuefunction\b", re.IGNORECASE)


class Meant(StrEnum):
    """How a text is taken."""

    NOTHING = "nothing"
    KEY = "key"
    JQL = "jql"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class EpicQuery:
    """``key`` belongs to a key, ``words`` to words; a JQL query is ``text`` itself."""

    meant: Meant
    text: str = ""
    key: str = ""
    words: tuple[str, ...] = ()


def read_epic_query(typed: str) -> EpicQuery:
    """``pay-412``, ``…/browse/PAY-412?x=1``, ``project = PAY``, ``retry payment``; JQL is known by its operators."""
    text = " ".join(typed.split())[:LONGEST]
    key = text.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2].upper()
    if ISSUE_KEY_PATTERN.fullmatch(key):
        return EpicQuery(Meant.KEY, text, key=key)
    if _OPERATOR.search(text):
        return EpicQuery(Meant.JQL, text)
    words = tuple(dict.fromkeys(_WORD.findall(text)))[:MOST_WORDS]
    return EpicQuery(Meant.WORDS, text, words=words) if words else EpicQuery(Meant.NOTHING, text)


def asks_about_texts(jql: str) -> bool:
    """Whether a query looks into what issues say: whoever may not see a title could guess it by what is found.

    Only the operators ``~`` and ``!~`` look into texts (support.atlassian.com, "JQL operators": CONTAINS), besides the
    functions of a widespread app.
    """
    return "~" in _QUOTED.sub("", jql) or _FUNCTION_OF_AN_APP.search(jql) is not None
