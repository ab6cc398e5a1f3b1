"""OKRs as YAML → what they are, or every problem of the file at once; ``docs/okr-yaml.md`` describes the format."""

from __future__ import annotations

from dataclasses import dataclass, field

from mapping.okr import CheckIn, Cycle, CycleState, KeyResult, Objective, Stage
from mapping.okr_set import ParsedLink, ParsedOkrs, Problem, Refused
from mapping.okr_yaml_check_ins import read_check_ins
from mapping.okr_yaml_key_result import KEY_RESULT_FIELDS, read_key_result
from mapping.okr_yaml_links import read_links
from mapping.yaml_fields import FieldReader
from mapping.yaml_tree import Fields, Node, Scalar, read_documents

_DOCUMENT_FIELDS = ("cycle", "objectives")
_CYCLE_FIELDS = ("key", "name", "starts", "ends", "state")
_OBJECTIVE_FIELDS = ("key", "title", "why", "team", "sponsor", "parents", "weight", "stage", "key_results")


@dataclass
class _Found:
    """What has been read so far, and the line on which each key was first used."""

    problems: list[Problem] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    key_results: list[KeyResult] = field(default_factory=list)
    links: list[ParsedLink] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)


def parse_okrs(text: str) -> ParsedOkrs:
    """All OKRs of ``text``: one YAML document per cycle. Raises Refused, naming every problem that was found."""
    found = _Found()
    documents = [node for node in read_documents(text) if not (isinstance(node, Scalar) and node.is_null)]
    for document in documents:
        _read_document(document, found)
    if not documents:
        found.problems.append(Problem(1, "", "there is nothing in it", "start with cycle: and objectives:"))
    if found.problems:
        raise Refused(found.problems)
    return ParsedOkrs(
        cycles=tuple(found.cycles),
        objectives=tuple(found.objectives),
        key_results=tuple(found.key_results),
        links=tuple(found.links),
        check_ins=tuple(found.check_ins),
    )


def _read_document(node: Node, found: _Found) -> None:
    reader = FieldReader(node, "", _DOCUMENT_FIELDS, found.problems)
    if not isinstance(node, Fields):
        return
    cycle_key = _read_cycle(reader.nested("cycle", _CYCLE_FIELDS), reader, found)
    for position, objective_reader in enumerate(reader.each("objectives", _OBJECTIVE_FIELDS)):
        _read_objective(objective_reader, cycle_key, position, found)


def _read_cycle(reader: FieldReader | None, document: FieldReader, found: _Found) -> str:
    if reader is None:
        document.refuse(document.line, "cycle", "it is missing", "say the cycle with key, name, starts and ends")
        return ""
    key = _new_key(reader, found)
    starts, ends = reader.needed_day("starts"), reader.needed_day("ends")
    name, state = reader.text("name") or key, reader.word("state", CycleState.OPEN)
    cycle = reader.made(lambda: Cycle(key, name, starts, ends, state) if starts and ends else None)
    if cycle is not None:
        found.cycles.append(cycle)
    return key


def _read_objective(reader: FieldReader, cycle_key: str, position: int, found: _Found) -> None:
    key = _new_key(reader, found)
    objective = reader.made(
        lambda: Objective(
            key=key,
            cycle_key=cycle_key,
            title=reader.text("title", required=True),
            why=reader.text("why"),
            sponsor=reader.text("sponsor"),
            team=reader.text("team"),
            parent_keys=reader.texts("parents"),
            weight=reader.weight("weight"),
            position=position,
            stage=reader.word("stage", Stage.AGREED),
        )
    )
    if objective is not None:
        found.objectives.append(objective)
    for index, key_result_reader in enumerate(reader.each("key_results", KEY_RESULT_FIELDS)):
        _read_key_result(key_result_reader, key, index, found)


def _read_key_result(reader: FieldReader, objective_key: str, position: int, found: _Found) -> None:
    key = _new_key(reader, found)
    kr = read_key_result(reader, key, objective_key, position)
    if kr is not None:
        found.key_results.append(kr)
    found.links.extend(read_links(reader, key, kr))
    found.check_ins.extend(read_check_ins(reader, key))


def _new_key(reader: FieldReader, found: _Found) -> str:
    """The key of the thing, which names it in later problems; every key belongs to one thing only."""
    key = reader.text("key", required=True)
    line = reader.line_of("key")
    if key in found.first_lines:
        reader.refuse(line, "key", f"{key} is already used in line {found.first_lines[key]}", "give each its own key")
    if key:
        reader.path = key
        found.first_lines.setdefault(key, line)
    return key
