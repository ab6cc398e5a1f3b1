"""What is kept says where it comes from and is what the source says; without the source, asking for it fails."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.cut_jira import as_text, cut
from tests.contract.descriptions import (
    CONFLUENCE_FILE,
    JIRA_FILE,
    KEPT_JIRA,
    OWN_CONFLUENCE,
    MissingDescriptions,
    kept_descriptions,
    official_descriptions,
)

ROOT = Path(__file__).parents[2]


def test_the_extract_names_its_source_and_licence() -> None:
    kept = json.loads(KEPT_JIRA.read_text())
    assert set(kept["x-origin"]) == {"source", "date", "sha256", "changes"}
    assert kept["info"]["license"]["name"] == "Apache 2.0"


def test_the_extract_is_what_the_script_cuts_out_of_its_source(tmp_path: Path) -> None:
    folder = os.environ.get("OKR_OPENAPI_DIR", "")
    if not folder or not (Path(folder) / JIRA_FILE).exists():
        pytest.skip("not run: needs Atlassian's description of Jira in the folder OKR_OPENAPI_DIR")
    source = gzip.decompress((Path(folder) / JIRA_FILE).read_bytes())
    assert as_text(cut(source)) == KEPT_JIRA.read_text()


def test_the_cut_keeps_all_that_it_refers_to() -> None:
    kept = json.loads(KEPT_JIRA.read_text())
    wanted = {part.partition('"')[0] for part in KEPT_JIRA.read_text().split('"#/components/schemas/')[1:]}
    assert wanted == set(kept["components"]["schemas"])


def test_nothing_of_confluences_description_is_kept() -> None:
    assert "own words" in OWN_CONFLUENCE.read_text()
    assert set(kept_descriptions()["confluence"].document["paths"]) <= {
        "/pages",
        "/pages/{id}",
        "/pages/{id}/operations",
        "/pages/{id}/versions",
        "/spaces",
        "/users-bulk",
    }


def test_without_the_setting_nothing_official_is_found() -> None:
    with pytest.raises(MissingDescriptions, match="OKR_OPENAPI_DIR is not set"):
        official_descriptions({})


@pytest.mark.parametrize("there", [JIRA_FILE, CONFLUENCE_FILE])
def test_a_missing_file_is_named(tmp_path: Path, there: str) -> None:
    (tmp_path / there).touch()
    missing = {JIRA_FILE, CONFLUENCE_FILE} - {there}
    with pytest.raises(MissingDescriptions, match=missing.pop()):
        official_descriptions({"OKR_OPENAPI_DIR": str(tmp_path)})


def test_asking_for_them_without_having_them_fails_and_does_not_skip(tmp_path: Path) -> None:
    environment = {**os.environ, "OKR_OPENAPI_DIR": str(tmp_path)}
    chosen = "tests/contract/test_judge.py::test_a_right_call_fits"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", chosen]
    asked = subprocess.run(
        [*command, "--require-descriptions"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (asked.returncode, "holds no jira-v3.json.gz" in asked.stdout) == (1, True)
    unasked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (unasked.returncode, "3 passed, 3 skipped" in unasked.stdout) == (0, True)
