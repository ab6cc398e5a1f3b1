"""What is shown beside a table in our own screens, because a person should know of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from connector.store.page_visits import TypedText
from sync.page_look import KEPT_APART, Look

Finding = dict[str, str]

# A page may hold thousands of rows with our keys; nobody reads more lines than these.
_MOST_REPEATED = 10


def findings_of(look: Look, waiting: Iterable[TypedText]) -> list[Finding]:
    """``what``: not_understood, not_allowed or to_confirm (``text`` waits in ``column`` of the row ``key``, as ``who``
    typed it) | repeated (``key`` stands in two rows) | copies (``text`` more of this table) | kept_apart (the hand-made
    table whose place ours was to take stands there still)."""
    repeated = look.reading.repeated_keys if look.reading else ()
    keys = islice(dict.fromkeys(repeated), _MOST_REPEATED)
    twice = [{"what": "repeated", "key": key, "column": "", "text": ""} for key in keys]
    copies = [{"what": "copies", "key": "", "column": "", "text": str(look.copies)}] if look.copies else []
    apart = [{"what": KEPT_APART, "key": "", "column": "", "text": ""}] if look.kept_apart else []
    return [*map(waiting_finding, waiting), *twice, *copies, *apart]


def waiting_finding(text: TypedText) -> Finding:
    return {
        "what": text.outcome,
        "key": text.key_result_key,
        "column": text.column,
        "text": text.text,
        "who": text.author_name,
    }
