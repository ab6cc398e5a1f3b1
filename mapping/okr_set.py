"""A set of OKRs on its way in or out: what a file holds, and why a file is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mapping.okr import CheckIn, Cycle, KeyResult, Objective, Role


@dataclass(frozen=True, slots=True)
class ParsedLink:
    """A link to an issue by its key, which only Jira can turn into an id."""

    key_result_key: str
    issue_key: str
    role: Role = Role.SUPPORTS
    weight: Decimal = Decimal(1)
    step_key: str = ""


@dataclass(frozen=True, slots=True)
class ParsedOkrs:
    """Everything in the order of the file; keys are unique within it."""

    cycles: tuple[Cycle, ...]
    objectives: tuple[Objective, ...]
    key_results: tuple[KeyResult, ...]
    links: tuple[ParsedLink, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a file has wrong: the line (from 1), where in the OKRs, what is wrong and what to do about it."""

    line: int
    path: str
    what: str
    to_do: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}, {self.path}" if self.path else f"line {self.line}"
        return f"{place}: {self.what}" + (f"; {self.to_do}" if self.to_do else "")


class Refused(ValueError):
    """A file that was not taken. ``problems`` names every one that was found, by line; nothing of it may be kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(map(str, self.problems)))
