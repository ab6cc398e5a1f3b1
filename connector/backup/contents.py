"""The list of contents of a backup: what it holds, of which version, with a checksum of each part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from connector.backup.refusal import BackupRefused

FORMAT = 1
PROGRAM = "okr-connector"


@dataclass(frozen=True, slots=True)
class Part:
    """One table: its ``columns`` by name with the kind of their values, how many rows, and the SHA-256 of its lines."""

    table: str
    columns: Mapping[str, str]
    rows: int
    sha256: str

    @property
    def entry(self) -> str:
        return f"tables/{self.table}.jsonl"


@dataclass(frozen=True, slots=True)
class Contents:
    """``schema``: the version of the tables. ``parts`` in an order in which they can be put back. ``came_from``: the
    kind of database. ``keys_sha256``: of the entry with the keys."""

    made_at: datetime
    schema: str
    came_from: str
    keys_sha256: str
    parts: tuple[Part, ...]
    format: int = FORMAT
    program: str = PROGRAM

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


def write_contents(contents: Contents) -> str:
    """As JSON."""
    return json.dumps(asdict(contents), default=str, indent=1)


def read_contents(text: bytes) -> Contents:
    """The reverse. BackupRefused for what is no list of contents, or of a form that this version does not read."""
    try:
        told: dict[str, Any] = json.loads(text)
        if told["format"] != FORMAT or told["program"] != PROGRAM:
            raise BackupRefused(f"The backup is of the form {told['format']}, and this version reads {FORMAT}.")
        parts = tuple(Part(**part) for part in told.pop("parts"))
        made_at = datetime.fromisoformat(told.pop("made_at"))
        return Contents(parts=parts, made_at=made_at, **told)
    except (TypeError, KeyError, AttributeError, json.JSONDecodeError) as error:
        raise BackupRefused(f"The backup's list of contents cannot be read ({type(error).__name__}).") from None
