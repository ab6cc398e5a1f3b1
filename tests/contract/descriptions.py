"""Interface descriptions to judge calls by: Atlassian's own where they are at hand, else what is kept here.

Jira's is Apache-2.0, so the part that we use is kept. Confluence's has no licence, so none of it is: ours says in our
own words what we send and what we rely on.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
JIRA_FILE = "jira-v3.json.gz"
CONFLUENCE_FILE = "confluence-v2.json"
KEPT_JIRA = HERE / "jira_extract.json"
OWN_CONFLUENCE = HERE / "confluence_own.yaml"

Document = dict[str, Any]


class MissingDescriptions(Exception):
    """Atlassian's descriptions are not at hand; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Description:
    """An OpenAPI document and the path below which its own paths lie at a site."""

    document: Document
    root: str


def official_descriptions(environment: Mapping[str, str] = os.environ) -> dict[str, Description]:
    """Atlassian's own documents, by product, from the folder ``OKR_OPENAPI_DIR``. Raises MissingDescriptions."""
    given = environment.get("OKR_OPENAPI_DIR", "")
    if not given:
        raise MissingDescriptions(
            "OKR_OPENAPI_DIR is not set. It names the folder with Atlassian's interface descriptions: "
            f"{JIRA_FILE} (dac-static.atlassian.com/cloud/jira/platform/swagger-v3.v3.json, packed with gzip) and "
            f"{CONFLUENCE_FILE} (dac-static.atlassian.com/cloud/confluence/openapi-v2.v3.json)."
        )
    folder = Path(given)
    missing = [name for name in (JIRA_FILE, CONFLUENCE_FILE) if not (folder / name).is_file()]
    if missing:
        raise MissingDescriptions(f"The folder of OKR_OPENAPI_DIR, {folder}, holds no {' and no '.join(missing)}.")
    confluence = json.loads((folder / CONFLUENCE_FILE).read_bytes())
    return {
        "jira": Description(json.loads(gzip.decompress((folder / JIRA_FILE).read_bytes())), ""),
        "confluence": Description(confluence, "/wiki/api/v2"),
    }


def kept_descriptions() -> dict[str, Description]:
    """What is kept in this folder, by product."""
    return {
        "jira": Description(json.loads(KEPT_JIRA.read_text()), ""),
        "confluence": Description(yaml.safe_load(OWN_CONFLUENCE.read_text()), "/wiki/api/v2"),
    }
