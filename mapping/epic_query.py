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
# Outside quotes, too, a backslash takes away what a quote means, and any letter may be written by its number: so it
# stands in the lexer of JQL of JetBrains' IDEs (intellij-community, tasks-core, Jql.flex: VALID_ESCAPE).
_QUOTED = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*\'""", re.DOTALL)
_LETTER_BY_NUMBER = re.compile(r"\\u00(4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])", re.IGNORECASE)
_FUNCTION_OF_AN_APP = re.compile(r"\bissuefunction\b", re.IGNORECASE)
# Whoever may write a filter in Jira and share it writes into it what may not be asked here (support.atlassian.com, "JQL
# fields": Filter, with its other names).
_FILTER = r"(?:filter|request|savedfilter|searchrequest)"
_OPERATOR_AFTER = r"\s*(?:[=!]|(?:not\s+)?in\b)"
_BY_FILTER = re.compile(rf"\b{_FILTER}{_OPERATOR_AFTER}", re.IGNORECASE)
_BY_QUOTED_FILTER = re.compile(rf"""(["'])\s*{_FILTER}\s*\1{_OPERATOR_AFTER}""", re.IGNORECASE)
# The order of two titles tells of one what the other is chosen to find out.
_ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)
_TEXT = re.compile(r"\b(?:summary|description|environment|epic\s+name)\b", re.IGNORECASE)


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
    functions of a widespread app, saved filters, in which anything may stand, and an order by texts.
    """
    spelt = _LETTER_BY_NUMBER.sub(lambda found: chr(int(found[1], 16)), jql)
    is_named = any(each.search(spelt) for each in (_FUNCTION_OF_AN_APP, _BY_QUOTED_FILTER))
    by_filter = is_named or _BY_FILTER.search(_QUOTED.sub('""', spelt)) is not None
    return "~" in _QUOTED.sub("", jql) or by_filter or _is_ordered_by_text(spelt)


def _is_ordered_by_text(jql: str) -> bool:
    order = _ORDER.search(jql)
    return order is not None and _TEXT.search(jql, order.end()) is not None
