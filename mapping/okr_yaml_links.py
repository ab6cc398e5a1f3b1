"""The initiatives of one key result in YAML: issue keys, and what each link does."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mapping.issue import ISSUE_KEY_PATTERN
from mapping.okr import KeyResult, Role, Source
from mapping.okr_set import ParsedLink
from mapping.yaml_fields import FieldReader
from mapping.yaml_tree import Fields, Scalar


def read_links(reader: FieldReader, key: str, kr: KeyResult | None) -> Iterator[ParsedLink]:
    """The initiatives of one key result; what a link may do is checked only where the key result could be read."""
    seen: dict[str, int] = {}
    for index, node in enumerate(reader.items("initiatives"), start=1):
        path = f"{reader.path}.initiatives[{index}]"
        fields = (
            node if not isinstance(node, Scalar) else Fields(node.line, ((Scalar(node.line, "issue", True), node),))
        )
        link_reader = FieldReader(fields, path, ("issue", "drives", "step"), reader.problems)
        link = link_reader.made(lambda: _link(link_reader, key, kr))  # noqa: B023  called at once
        if link is not None and link.issue_key in seen:
            link_reader.refuse(node.line, "", f"{link.issue_key} is linked twice", "keep one of the two")
        elif link is not None:
            seen[link.issue_key] = node.line
            yield link


def _link(reader: FieldReader, key: str, kr: KeyResult | None) -> ParsedLink:
    issue_key = reader.text("issue", required=True)
    if issue_key and not ISSUE_KEY_PATTERN.fullmatch(issue_key):
        reader.refuse(reader.line, "issue", f"{issue_key[:60]!r} is not the key of an issue", "write it like PAY-412")
    if reader.has("step"):
        return _step_link(reader, key, issue_key, kr)
    if not reader.has("drives"):
        return ParsedLink(key, issue_key)
    if kr is not None and kr.source is not Source.INITIATIVES:
        to_do = "leave it out, or say source: initiatives"
        reader.refuse(reader.line_of("drives"), "drives", f"the value of {key} does not come from initiatives", to_do)
    return ParsedLink(key, issue_key, Role.DRIVES, _driving_weight(reader))


def _driving_weight(reader: FieldReader) -> Decimal:
    node = reader.node("drives")
    return Decimal(1) if isinstance(node, Scalar) and node.text == "true" else reader.weight("drives")


def _step_link(reader: FieldReader, key: str, issue_key: str, kr: KeyResult | None) -> ParsedLink:
    step_key = reader.text("step")
    if reader.has("drives"):
        reader.refuse(reader.line_of("drives"), "drives", "a step does not drive", "keep step or drives")
    if kr is not None and step_key not in {step.key for step in kr.steps}:
        known = ", ".join(step.key for step in kr.steps) or "none"
        reader.refuse(reader.line_of("step"), "step", f"{key} has no step {step_key!r}", f"its steps: {known}")
    return ParsedLink(key, issue_key, Role.STEP, step_key=step_key)
