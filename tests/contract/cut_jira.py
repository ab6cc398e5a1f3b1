"""Cuts ``jira_extract.json`` out of Atlassian's description of Jira: ``python -m tests.contract.cut_jira FILE``.

FILE is ``jira-v3.json.gz``. Only the operations that we use stay, with the schemas that they need, without prose and
examples, so that what is left is what calls are judged by.
"""

from __future__ import annotations

import gzip
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.contract.descriptions import KEPT_JIRA, Document

USED = {
    "/rest/api/3/bulk/issues/delete": ("post",),
    "/rest/api/3/bulk/issues/fields": ("post",),
    "/rest/api/3/bulk/issues/transition": ("post",),
    "/rest/api/3/bulk/queue/{taskId}": ("get",),
    "/rest/api/3/field": ("get",),
    "/rest/api/3/issue": ("post",),
    "/rest/api/3/issue/archive": ("put",),
    "/rest/api/3/issue/bulkfetch": ("post",),
    "/rest/api/3/issue/unarchive": ("put",),
    "/rest/api/3/issue/{issueIdOrKey}": ("delete", "get", "put"),
    "/rest/api/3/issue/{issueIdOrKey}/transitions": ("get", "post"),
    "/rest/api/3/mypermissions": ("get",),
    "/rest/api/3/myself": ("get",),
    "/rest/api/3/project/search": ("get",),
    "/rest/api/3/project/{projectIdOrKey}": ("get",),
    "/rest/api/3/resolution/search": ("get",),
    "/rest/api/3/search/approximate-count": ("post",),
    "/rest/api/3/search/jql": ("post",),
    "/rest/api/3/serverInfo": ("get",),
}
UPSTREAM = "https://dac-static.atlassian.com/cloud/jira/platform/swagger-v3.v3.json"
UPSTREAM_DATE = "2026-07-21"
_PROSE = frozenset({"description", "summary", "example", "examples", "externalDocs", "tags", "security"})
_SCHEMAS = "#/components/schemas/"


def main() -> int:
    """Write the extract."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    KEPT_JIRA.write_text(as_text(cut(gzip.decompress(Path(sys.argv[1]).read_bytes()))))
    return 0


def as_text(extract: Document) -> str:
    """The extract as it stands in the file."""
    return json.dumps(extract, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def cut(source: bytes) -> Document:
    """The part of the description that we use, and where it comes from."""
    whole = json.loads(source)
    paths = {
        path: {method: _plain(whole["paths"][path][method]) for method in methods} for path, methods in USED.items()
    }
    schemas: Document = {}
    _collect(paths, whole["components"]["schemas"], schemas)
    return {
        "openapi": whole["openapi"],
        "info": {
            "title": whole["info"]["title"],
            "version": whole["info"]["version"],
            "license": whole["info"]["license"],
        },
        "x-origin": {
            "source": UPSTREAM,
            "date": UPSTREAM_DATE,
            "sha256": sha256(source).hexdigest(),
            "changes": "Cut by tests/contract/cut_jira.py: other operations and schemas, prose, examples left out.",
        },
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _plain(node: Any, *, names: bool = False) -> Any:
    """Without prose. ``names``: the members of this object are names of properties, not words of OpenAPI."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _plain(value) if names else _described(name, value)
        for name, value in node.items()
        if names or (name not in _PROSE and not name.startswith("x-"))
    }


def _described(name: str, value: Any) -> Any:
    if name == "responses":
        # OpenAPI wants a text for every answer.
        return {status: {"description": "", **_plain(answer)} for status, answer in value.items()}
    return _plain(value, names=name == "properties")


def _collect(node: Any, schemas: Document, found: Document) -> None:
    """Put every schema that the node refers to, however indirectly, into ``found``."""
    if isinstance(node, list):
        for each in node:
            _collect(each, schemas, found)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref" and isinstance(value, str) and value.startswith(_SCHEMAS):
                _take(value.removeprefix(_SCHEMAS), schemas, found)
            else:
                _collect(value, schemas, found)


def _take(name: str, schemas: Document, found: Document) -> None:
    if name not in found:
        found[name] = _plain(schemas[name])
        _collect(found[name], schemas, found)


if __name__ == "__main__":
    sys.exit(main())
