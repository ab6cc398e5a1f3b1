"""The `okr` command as people start it, in processes of its own, against the stand-in site."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from mapping.interchange import parse_okrs, write_okrs
from tests.demo_okrs import demo_okrs
from tests.site.accounts import Account
from tests.site.roster import JIRA_ADMIN, LOW, SYNC
from tests.site.running import Site

ROOT = Path(__file__).parents[2]


@dataclass
class Okr:
    """One installation in a folder of its own."""

    folder: Path
    site: Site

    def __call__(self, *words: str, token: str = "", typed: str = "") -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OKR_")}
        environment |= {
            "OKR_DATA_DIR": str(self.folder / "data"),
            "OKR_ALLOW_PRIVATE_SITES": "true",
            "OKR_GATEWAY_URL": self.site.url,
            **({"OKR_TOKEN": token} if token else {}),
        }
        command = [sys.executable, "-m", "web.cli.main", *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=120, check=False
        )

    def connect(self, account: Account, token: str, *words: str) -> subprocess.CompletedProcess[str]:
        return self("connect", self.site.url, "--email", account.email, *words, token=token)

    def done(self, *words: str, **more: str) -> str:
        """The command must succeed; what it printed."""
        result = self(*words, **more)
        assert result.returncode == 0, result.stderr
        return result.stdout


@pytest.fixture
def okr(site: Site, tmp_path: Path) -> Okr:
    """Migrated, with nothing connected."""
    made = Okr(tmp_path, site)
    made.done("migrate")
    return made


@pytest.fixture
def okrs(tmp_path: Path) -> Path:
    """The demo's OKRs."""
    path = tmp_path / "okrs.yaml"
    path.write_text(write_okrs(demo_okrs()))
    return path


def test_before_anything_was_migrated_it_says_so(site: Site, tmp_path: Path) -> None:
    result = Okr(tmp_path, site)("export")
    assert (result.returncode, "okr migrate" in result.stderr) == (1, True)


def test_from_nothing_to_a_table_in_a_page(okr: Okr, okrs: Path, site: Site) -> None:
    connected = okr.connect(SYNC, SYNC.classic_tokens[0])
    assert connected.returncode == 0, connected.stderr
    assert "with a classic token" in connected.stdout
    assert "15 links added" in okr.done("import", str(okrs))
    page_id = str(site.page_called("OKRs Q4 2026")["id"])
    before = site.page(page_id)
    assert "Median checkout" in okr.done("table", "add", page_id, "--cycle", "2026-q4", "--dry-run")
    assert "Table 1" in okr.done("table", "add", f"{site.url}/wiki/spaces/OKR/pages/{page_id}/x", "--cycle", "2026-q4")
    assert site.page(page_id) == before
    assert len(parse_okrs(okr.done("export")).links) == 15


def test_a_scoped_token_is_recognised_and_goes_through_the_gateway(okr: Okr, site: Site) -> None:
    result = okr.connect(SYNC, SYNC.scoped_tokens[0])
    assert (result.returncode, "with a scoped token" in result.stdout) == (0, True)
    okr.connect(SYNC, SYNC.scoped_tokens[0], "--scoped", "--jira")
    asked = [call["path"] for call in site.requests(SYNC) if call["status"] == 200]
    assert asked
    assert all(path.startswith("/ex/") for path in asked)


@pytest.mark.parametrize(
    ("account", "token", "text"),
    [
        (SYNC, "wrong", "accepts neither this e-mail address with this token"),
        (LOW, SYNC.classic_tokens[0], "accepts neither"),
        (LOW, LOW.classic_tokens[0], "sees no space"),
    ],
)
def test_an_account_that_cannot_work_is_refused_and_nothing_is_kept(
    okr: Okr, account: Account, token: str, text: str
) -> None:
    result = okr.connect(account, token)
    assert (result.returncode, result.stdout) == (2, "")
    assert text in result.stderr
    assert token not in result.stderr
    assert "okr connect" in okr("doctor").stdout


def test_an_address_where_nobody_listens_is_said(okr: Okr) -> None:
    result = okr("connect", "http://127.0.0.1:1", "--email", SYNC.email, token="t")
    assert (result.returncode, "Check the address" in result.stderr) == (1, True)


def test_a_token_that_ran_out_is_renewed(okr: Okr, okrs: Path, site: Site) -> None:
    okr.connect(SYNC, SYNC.classic_tokens[0])
    site.change_account(SYNC, classic_tokens=["another-token"])
    refused = okr("import", str(okrs))
    assert (refused.returncode, f"okr connect {site.url}" in refused.stderr) == (1, True)
    assert okr.connect(SYNC, "another-token").stdout.startswith("Renewed")
    assert okr("import", str(okrs)).returncode == 0


def test_the_webhook_is_registered_by_an_administrators_account_only(okr: Okr, site: Site) -> None:
    okr.connect(SYNC, SYNC.classic_tokens[0])
    refused = okr("webhook", "register")
    assert (refused.returncode, "a Jira administrator does this once" in refused.stderr) == (2, True)
    okr.connect(JIRA_ADMIN, JIRA_ADMIN.classic_tokens[0])
    assert "signed" in okr.done("webhook", "register")
    assert "takes the place" in okr.done("webhook", "register")


def test_the_token_is_nowhere_in_clear(okr: Okr, okrs: Path) -> None:
    okr.connect(SYNC, SYNC.classic_tokens[0])
    okr("import", str(okrs))
    token = SYNC.classic_tokens[0].encode()
    files = [path for path in okr.folder.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if token in path.read_bytes()] == []


def test_two_imports_at_once_are_one(okr: Okr, okrs: Path) -> None:
    okr.connect(SYNC, SYNC.classic_tokens[0])
    environment = {**os.environ, "OKR_DATA_DIR": str(okr.folder / "data"), "OKR_ALLOW_PRIVATE_SITES": "true"}
    command = [sys.executable, "-m", "web.cli.main", "import", str(okrs)]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert len(parse_okrs(okr.done("export")).check_ins) == len(demo_okrs().check_ins)
