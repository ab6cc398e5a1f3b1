"""What a process says to the outside, read off the wire: the name of each call that can be struck before or after it.

Nothing of this is known to the product; a process speaks to its database, to Redis and to the site as it always does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

_WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) \"?([a-z_]+)")
# Nothing but the claim notes the generation that is taken in hand.
_CLAIMS = re.compile(r"claimed_generation=work\.generation")
_NUMBERS = re.compile(r"(?<=/)(?:[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2,}-[0-9]+|[0-9]+)(?=/|$)")
_KINDS_OF_READING = (("get-draft=", " (draft)"), ("version=", " (older version)"))
_GATEWAY = re.compile(r"^/ex/(jira|confluence)/[^/]+")
_OF_THE_BELL = frozenset({b"SET", b"DEL", b"HSET", b"EXEC", b"BLMOVE", b"LPUSH", b"RPUSH", b"SADD"})
_VERBS = (b"GET ", b"POST ", b"PUT ", b"DELETE ", b"HEAD ", b"PATCH ")


class Conversation(Protocol):
    """One connection. Each answers with the name of the call that these bytes begin or answer, or with nothing."""

    def sent(self, data: bytes) -> str: ...

    def answered(self, data: bytes) -> str: ...


Opened = Callable[[], Conversation]


class HttpCalls:
    """Calls to the site, one at a time on a connection: ``PUT /wiki/api/v2/pages/*``."""

    def __init__(self) -> None:
        self._waiting = ""

    def sent(self, data: bytes) -> str:
        if self._waiting or not data.startswith(_VERBS):
            return ""
        method, path = data.split(b" ", 2)[:2]
        bare, _, query = _GATEWAY.sub(r"/\1", path.decode()).partition("?")
        kind = next((said for word, said in _KINDS_OF_READING if word in query), "")
        self._waiting = f"{method.decode()} {_NUMBERS.sub('*', bare)}{kind}"
        return self._waiting

    def answered(self, data: bytes) -> str:
        call, self._waiting = self._waiting, ""
        return call


class RedisCalls:
    """Commands to Redis that ring, answer or wait; of a bundle the first one gives the name: ``redis SET``. The rest is
    how two libraries greet the server and tidy up."""

    def __init__(self) -> None:
        self._waiting = ""

    def sent(self, data: bytes) -> str:
        words = data.split(b"\r\n")
        if self._waiting or not data.startswith(b"*") or len(words) < 3:
            return ""
        names = [words[at + 2] for at, word in enumerate(words[:-2]) if word[:1] == b"*" and word[1:].isdigit()]
        first = next((name for name in names if name != b"MULTI"), b"")
        self._waiting = f"redis {first.decode()}" if first in _OF_THE_BELL else ""
        return self._waiting

    def answered(self, data: bytes) -> str:
        call, self._waiting = self._waiting, ""
        return call


class Transactions:
    """Commits to PostgreSQL of what changes rows, named for the tables that change: ``commit check_in+work``.

    Messages of the protocol, version 3: a byte for the kind, four for the length. Statements that were prepared before
    are sent by name alone, so their texts are kept.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False
        self._texts: dict[bytes, str] = {}
        self._tables: set[str] = set()
        self._claims = False
        self._waiting = ""

    def sent(self, data: bytes) -> str:
        name = ""
        for kind, body in self._messages(data):
            name = self._note(kind, body) or name
        self._waiting = name or self._waiting
        return name

    def answered(self, data: bytes) -> str:
        call, self._waiting = self._waiting, ""
        return call

    def _messages(self, data: bytes) -> list[tuple[bytes, bytes]]:
        self._rest += data
        found = []
        while len(self._rest) >= 5:
            # What opens a connection has no kind.
            head = 1 if self._begun else 0
            end = head + int.from_bytes(self._rest[head : head + 4])
            if len(self._rest) < end:
                break
            if self._begun:
                found.append((self._rest[:1], self._rest[5:end]))
            self._begun = True
            self._rest = self._rest[end:]
        return found

    def _note(self, kind: bytes, body: bytes) -> str:
        if kind == b"P":
            name, text = body.split(b"\0", 2)[:2]
            self._texts[name] = text.decode(errors="replace")
        elif kind == b"B":
            return self._run(self._texts.get(body.split(b"\0", 2)[1], ""))
        elif kind == b"Q":
            return self._run(body.rstrip(b"\0").decode(errors="replace"))
        return ""

    def _run(self, text: str) -> str:
        word = text.lstrip()[:8].upper()
        if word.startswith(("BEGIN", "ROLLBACK")):
            self._tables, self._claims = set(), False
        elif word.startswith("COMMIT"):
            return self._named()
        elif found := _WRITES.search(text):
            self._tables.add(found[1])
            self._claims = self._claims or bool(_CLAIMS.search(text))
        return ""

    def _named(self) -> str:
        tables, claims = "+".join(sorted(self._tables)), self._claims
        self._tables, self._claims = set(), False
        return f"commit {'(claim) ' if claims else ''}{tables}" if tables else ""
