"""The planted bugs as they stand in ``planted/*.toml``: each a small edit that a tired developer could make.

They were written from the list of failure modes and from the product's code, by somebody who had not read the
simulation, the campaign, the model or the integration tests.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "planted"


class DoesNotFit(ValueError):
    """The text that a bug replaces does not stand exactly once in its file, or what comes out is no Python."""


@dataclass(frozen=True, slots=True)
class Edit:
    """``file`` is a path inside the project; ``old`` stands in it exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Bug:
    """``mode``: the failure mode that it brings back. ``breaks``: what must stay true, and does not with it. ``group``:
    the name of its file."""

    name: str
    mode: str
    breaks: str
    edits: tuple[Edit, ...]
    group: str = ""


def load_bugs(folder: Path = FOLDER) -> tuple[Bug, ...]:
    """All of them, group by group, in the order of their files."""
    return tuple(bug for file in sorted(folder.glob("*.toml")) for bug in _read(file))


def edited(bug: Bug, texts: Mapping[str, str]) -> dict[str, str]:
    """What the files of the bug say with it. ``texts``: what they say without. Raises DoesNotFit."""
    found: dict[str, str] = {}
    for edit in bug.edits:
        text = found.get(edit.file, texts[edit.file])
        if text.count(edit.old) != 1:
            raise DoesNotFit(f"{bug.name}: its old text stands {text.count(edit.old)} times in {edit.file}")
        found[edit.file] = text.replace(edit.old, edit.new)
    return found


def check_compiles(bug: Bug, texts: Mapping[str, str]) -> None:
    """Raises DoesNotFit where one of these files is no Python."""
    for file, text in texts.items():
        try:
            compile(text, file, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise DoesNotFit(f"{bug.name} does not compile: {file}, line {error.lineno}: {error.msg}") from None


def files_of(bugs: Sequence[Bug]) -> frozenset[str]:
    """The files that they change."""
    return frozenset(edit.file for bug in bugs for edit in bug.edits)


def _read(file: Path) -> list[Bug]:
    return [_bug(row, file.stem) for row in tomllib.loads(file.read_text("utf-8"))["bug"]]


def _bug(row: Mapping[str, Any], group: str) -> Bug:
    edits = tuple(Edit(each["file"], each["old"].strip("\n"), each["new"].strip("\n")) for each in row["edit"])
    return Bug(row["name"], row["mode"], row["breaks"], edits, group)
