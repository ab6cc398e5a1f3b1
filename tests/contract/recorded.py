"""Calls as the stand-in site records them: one line of JSON per call, with both bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

_GATEWAY = re.compile(r"^/ex/(?:jira|confluence)/[^/]+(?=/)")


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its answer. ``path`` has no gateway prefix; ``by_gateway`` says whether there was one."""

    method: str
    path: str
    by_gateway: bool
    query: tuple[tuple[str, str], ...]
    account: str | None
    sent_type: str
    sent: bytes
    status: int
    answer_type: str
    answer: bytes

    @property
    def product(self) -> str:
        """``confluence`` for what lies below ``/wiki``, else ``jira``."""
        return "confluence" if self.path.startswith("/wiki/") else "jira"

    def __str__(self) -> str:
        asked = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.method} {self.path}{'?' if asked else ''}{asked} → {self.status}"


def read_record(file: Path) -> Iterator[Call]:
    """The calls of a recording, oldest first, but for those that a fault rule of a test tampered with."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            if found["fault"] is None:
                yield _call(found)


def _call(found: dict[str, object]) -> Call:
    headers = found["answer_headers"]
    assert isinstance(headers, dict)
    whole = str(found["path"])
    path = _GATEWAY.sub("", whole)
    return Call(
        method=str(found["method"]),
        path=path,
        by_gateway=path != whole,
        query=tuple(parse_qsl(str(found["query"]), keep_blank_values=True)),
        account=str(found["account"]) if found["account"] else None,
        sent_type=str(found["content_type"]),
        sent=str(found["request_body"]).encode(),
        status=int(str(found["status"])),
        answer_type=str(headers.get("Content-Type", "")),
        answer=str(found["answer_body"]).encode(),
    )
