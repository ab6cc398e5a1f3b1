"""Does a recorded call fit a description? Stricter than OpenAPI in one way: what a description does not name is wrong.

A query parameter or a member of a body that nobody described is a guess of ours that a site may ignore today and refuse
tomorrow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing.requests import MockRequest
from openapi_core.testing.responses import MockResponse

from tests.contract.descriptions import Description, Document
from tests.contract.recorded import Call

_HOST = "https://site.test"


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit. ``kind``: path, method, deprecated, query, request, status or answer."""

    call: Call
    kind: str
    detail: str

    def __str__(self) -> str:
        door = " (gateway)" if self.call.by_gateway else ""
        return f"{self.call}{door}: {self.kind}: {self.detail}"


class Judge:
    """Judges calls of one product by one description."""

    def __init__(self, description: Description) -> None:
        self._root = description.root
        self._document = _usable(description)
        # Atlassian's documents are not strictly valid OpenAPI (a default outside its enum), so they are not checked.
        self._openapi = OpenAPI.from_dict(self._document, config=Config(spec_validator_cls=None))  # type: ignore[arg-type]

    def misfits(self, call: Call) -> list[Misfit]:
        """Everything found wrong with the call."""
        path = self._path_of(call)
        if path is None:
            return [Misfit(call, "path", "no such path is described")]
        operation = self._document["paths"][path].get(call.method.lower())
        if operation is None:
            return [Misfit(call, "method", "the path is described without this method")]
        return [
            *([Misfit(call, "deprecated", "it is described as deprecated")] if operation.get("deprecated") else []),
            *(Misfit(call, "query", each) for each in _wrong_query(call, self._parameters(path, operation))),
            *(Misfit(call, "request", each) for each in self._wrong_request(call, operation)),
            *self._wrong_answer(call, operation),
        ]

    def _path_of(self, call: Call) -> str | None:
        """The described path that matches, the one with the fewest placeholders."""
        if not call.path.startswith(self._root):
            return None
        asked = call.path.removeprefix(self._root)
        matching = [path for path in self._document["paths"] if re.fullmatch(_pattern(path), asked)]
        return min(matching, key=lambda path: path.count("{"), default=None)

    def _parameters(self, path: str, operation: Document) -> list[Document]:
        both = [*self._document["paths"][path].get("parameters", []), *operation.get("parameters", [])]
        return [self._resolved(each) for each in both]

    def _resolved(self, node: Document) -> Document:
        while "$ref" in node:
            found: Any = self._document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/")]
            node = found
        return node

    def _wrong_request(self, call: Call, operation: Document) -> Iterator[str]:
        try:
            self._openapi.validate_request(_request(call))
        except OpenAPIError as error:
            yield from _faults(error)
        if not call.sent:
            return
        if "requestBody" not in operation:
            yield "a body was sent where none is described"
            return
        content = self._resolved(operation["requestBody"])["content"]
        described = content.get("application/json", {}).get("schema", {})
        yield from (f"{name} is not described" for name in self._unknown(json.loads(call.sent), described, "body"))

    def _wrong_answer(self, call: Call, operation: Document) -> Iterator[Misfit]:
        answer = operation["responses"].get(str(call.status))
        if answer is None:
            yield Misfit(call, "status", f"{call.status} is not described")
            return
        # Jira describes a content for some answers that have none by their status.
        if call.status == 204 or not self._resolved(answer).get("content"):
            return
        response = MockResponse(call.answer, call.status, content_type=call.answer_type)
        try:
            self._openapi.validate_response(_request(call), response)
        except OpenAPIError as error:
            yield from (Misfit(call, "answer", each) for each in _faults(error))

    def _unknown(self, value: Any, schema: Document, place: str) -> Iterator[str]:
        """Members of what was sent that the schema does not name, where it names any."""
        schema = self._resolved(schema)
        if isinstance(value, list):
            for each in value:
                yield from self._unknown(each, schema.get("items", {}), f"{place}[]")
            return
        named = self._named(schema)
        if not isinstance(value, dict) or named is None:
            return
        for name, inner in value.items():
            if name in named:
                yield from self._unknown(inner, named[name], f"{place}.{name}")
            else:
                yield f"{place}.{name}"

    def _named(self, schema: Document) -> Document | None:
        """All members that the schema and its parts name; None where any are allowed."""
        schema = self._resolved(schema)
        parts = [part for word in ("allOf", "anyOf") for part in schema.get(word, [])]
        found = [self._named(part) for part in parts]
        if schema.get("additionalProperties") or (not parts and "properties" not in schema) or None in found:
            return None
        return {name: inner for each in (schema.get("properties", {}), *found) for name, inner in (each or {}).items()}


def _wrong_query(call: Call, parameters: list[Document]) -> Iterator[str]:
    described = {each["name"] for each in parameters if each["in"] == "query"}
    for name, _ in call.query:
        if name not in described:
            yield f"the parameter {name} is not described"


def _request(call: Call) -> MockRequest:
    query: Any = list(call.query)
    return MockRequest(
        _HOST, call.method, call.path, args=query, data=call.sent or None, content_type=call.sent_type.partition(";")[0]
    )


def _pattern(path: str) -> str:
    return "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", path))


def _usable(description: Description) -> Document:
    """A copy at our own host, without security, and with ``oneOf`` read as ``anyOf``: the two
    forms of a page's body both match any body."""
    document: Document = _loosened(deepcopy(description.document))
    document["servers"] = [{"url": _HOST + description.root}]
    document.pop("security", None)
    for operations in document["paths"].values():
        for method in operations.keys() - {"parameters"}:
            # Who may call is not judged here, and not every scheme is known to the library.
            operations[method].pop("security", None)
    return document


def _loosened(node: Any) -> Any:
    if isinstance(node, list):
        return [_loosened(each) for each in node]
    if not isinstance(node, dict):
        return node
    is_choice = isinstance(node.get("oneOf"), list)
    return {"anyOf" if is_choice and name == "oneOf" else name: _loosened(value) for name, value in node.items()}


def _faults(error: OpenAPIError) -> Iterator[str]:
    """What the schema says is wrong, one line each; where no schema speaks, the error in one line."""
    cause: BaseException | None = error
    while cause is not None:
        faults = list(getattr(cause, "schema_errors", ()))
        if faults:
            yield from (f"{'.'.join(map(str, each.path)) or 'it'}: {each.message[:300]}" for each in faults)
            return
        cause = cause.__cause__
    yield f"{error}"[:300] + (f" ({error.__cause__})"[:300] if error.__cause__ else "")
