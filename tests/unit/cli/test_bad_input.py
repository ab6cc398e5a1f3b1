"""What cannot be done: a message on stderr that says what to do, an exit code, and nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from connector.crypto import BadKeys, WrongKey
from connector.errors import Forbidden, Unauthorized, Unavailable
from connector.settings import BadSettings
from connector.store.errors import DatabaseNotMigrated, DatabaseTooNew, StoreUnavailable
from tests.unit.cli.conftest import Run
from tests.unit.commands.stand_in import OKRS, OTHER_SITE, FakeJira, Stand, page, raw_issue
from web.cli.folder_lock import FolderInUse
from web.cli.main import okr
from web.cli.up import PortInUse

KEPT = ("cycle", "key_result", "initiative", "issue", "check_in", "page_table", "work", "activity", "connection")
TOKEN = {"OKR_TOKEN": "canary-token"}
Prepare = Callable[[Stand], None]


def everything(service: Stand) -> list[list[tuple[Any, ...]]]:
    return [service.rows(f"SELECT * FROM {table}") for table in KEPT]


def _two_with_one_key(service: Stand) -> None:
    service.connected("jira", OTHER_SITE)
    service.sites.jiras[OTHER_SITE] = FakeJira({"PAY-412": raw_issue("PAY-412", "1")})


def _two_confluences(service: Stand) -> None:
    service.connected("confluence", OTHER_SITE)


def _archived(service: Stand) -> None:
    service.confluence.pages["4711"] = page(status="archived")


def _not_editable(service: Stand) -> None:
    service.confluence.editable = False


def _jira_away(service: Stand) -> None:
    service.jira.trouble["fetch"] = Unavailable("POST /rest/api/3/issue/bulkfetch: no answer within 60 s.")


def _token_refused(service: Stand) -> None:
    service.jira.trouble["fetch"] = Unauthorized("401")


def _confluence_away(service: Stand) -> None:
    service.confluence.trouble["read"] = Unavailable("no connection")


def _may_not(service: Stand) -> None:
    service.confluence.trouble["read"] = Forbidden("403")


def _nothing(_service: Stand) -> None:
    """Everything is as it should be but for the words."""


TABLE: list[tuple[str, Prepare, tuple[str, ...], int, str]] = [
    ("no site", _nothing, ("connect", "acme", "--email", "a@b.example"), 2, "Did you mean https://acme.atlassian.net"),
    ("no address", _nothing, ("connect", "two words", "--email", "a@b.example"), 2, "for example https://acme"),
    ("token in address", _nothing, ("connect", "https://a:b@c.example", "--email", "a@b.example"), 2, "before @"),
    ("inside the network", _nothing, ("connect", "http://10.0.0.1", "--email", "a@b.example"), 2, "10.0.0.1"),
    ("no e-mail", _nothing, ("connect", "acme.atlassian.net", "--email", "rosa"), 2, "no e-mail address"),
    ("e-mail left out", _nothing, ("connect", "acme.atlassian.net"), 2, "--email"),
    ("unknown issue", _nothing, ("link", "PAY-KR1", "PAY-999"), 2, "PAY-999 is not there"),
    ("no issue", _nothing, ("link", "PAY-KR1", "???"), 2, "no issue key"),
    ("unknown key result", _nothing, ("link", "PAY-KR9", "PAY-412"), 2, "no key result PAY-KR9"),
    ("weight of nothing", _nothing, ("link", "PAY-KR2", "PAY-412", "--drives", "0"), 2, "not above 0"),
    ("weight in words", _nothing, ("link", "PAY-KR2", "PAY-412", "--drives", "much"), 2, "no number"),
    ("weight without bound", _nothing, ("link", "PAY-KR2", "PAY-412", "--drives", "NaN"), 2, "not above 0"),
    ("nothing to drive", _nothing, ("link", "PAY-KR1", "PAY-412", "--drives", "2"), 2, "does not come from its"),
    ("two sites, one key", _two_with_one_key, ("link", "PAY-KR1", "PAY-412"), 2, "--site"),
    ("not linked", _nothing, ("unlink", "PAY-KR1", "PAY-431"), 2, "not linked"),
    ("no page", _nothing, ("table", "add", "999", "--cycle", "2026-q4"), 2, "no page 999"),
    ("no address of a page", _nothing, ("table", "add", "our page", "--cycle", "2026-q4"), 2, "copy its address"),
    ("archived page", _archived, ("table", "add", "4711", "--cycle", "2026-q4"), 2, "is archived"),
    ("not editable", _not_editable, ("table", "add", "4711", "--cycle", "2026-q4"), 2, "may not edit"),
    ("dry run, archived", _archived, ("table", "add", "4711", "--cycle", "2026-q4", "--dry-run"), 2, "is archived"),
    ("no cycle", _nothing, ("table", "add", "4711", "--cycle", "2027-q1"), 2, "There are: 2026-q4"),
    ("cycle left out", _nothing, ("table", "add", "4711"), 2, "--cycle"),
    ("no team", _nothing, ("table", "add", "4711", "--cycle", "2026-q4", "--team", "X"), 2, "has no team X"),
    ("two sites, one number", _two_confluences, ("table", "add", "4711", "--cycle", "2026-q4"), 2, "whole address"),
    ("no table", _nothing, ("table", "remove", "7"), 2, "no table 7"),
    ("no number of a table", _nothing, ("table", "remove", "x"), 2, "okr table list"),
    ("no file", _nothing, ("import", "no-such-file.yaml"), 2, "does not exist"),
    ("no cycle to export", _nothing, ("export", "--cycle", "2027-q1"), 2, "no cycle '2027-q1'"),
    ("unknown site", _nothing, ("webhook", "show", "--site", "x.example"), 2, "is not connected"),
    ("jira away", _jira_away, ("link", "PAY-KR1", "PAY-412"), 1, "no answer within 60 s"),
    ("token refused", _token_refused, ("link", "PAY-KR1", "PAY-412"), 1, "Renew it: okr connect"),
    ("confluence away", _confluence_away, ("table", "add", "4711", "--cycle", "2026-q4"), 1, "no connection"),
    ("may not read", _may_not, ("table", "add", "4711", "--cycle", "2026-q4"), 1, "403"),
    ("no event", _nothing, ("events", "show", "7"), 2, "no event 7"),
    ("no event to replay", _nothing, ("events", "replay", "7"), 2, "okr events list"),
    ("events not chosen", _nothing, ("events", "replay"), 2, "--since 2h"),
    ("events chosen twice", _nothing, ("events", "replay", "1", "--kind", "x"), 2, "Not both"),
    ("no time", _nothing, ("events", "list", "--since", "lately"), 2, "Write it like 30min"),
    ("nobody works", _nothing, ("sync", "--now"), 1, "okr up"),
]


@pytest.mark.parametrize(
    ("prepare", "words", "code", "text"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_bad_input_is_refused_with_what_to_do(
    service: Stand, run: Run, file: Path, prepare: Prepare, words: tuple[str, ...], code: int, text: str
) -> None:
    run("import", str(file))
    prepare(service)
    before = everything(service)
    result = run(*words, env=TOKEN)
    assert result.exit_code == code, result.output
    assert text in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert "canary" not in result.output
    assert everything(service) == before


FILES: list[tuple[str, bytes, int, str]] = [
    ("empty", b"", 2, "Nothing was taken over"),
    ("no YAML", b"cycle: [", 2, "line 2"),
    ("a wrong word", OKRS.replace("owner:", "onwer:").encode(), 2, "line 9"),
    ("a wrong date", OKRS.replace("2026-12-31", "2026-13-31").encode(), 2, "line 1"),
    ("an unknown issue", OKRS.replace("PAY-431", "PAY-999").encode(), 2, "line 22: PAY-999"),
    ("no text", b"\xff\xfe\x00", 2, "UTF-8"),
    ("bombs", b"a: &a [1]\nb: *a\n", 2, "Nothing was taken over"),
]


@pytest.mark.parametrize(("content", "code", "text"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_a_file_that_cannot_be_taken_over_leaves_nothing(
    service: Stand, run: Run, tmp_path: Path, content: bytes, code: int, text: str
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(content)
    before = everything(service)
    result = run("import", str(path))
    assert (result.exit_code, result.stdout) == (code, "")
    assert text in result.stderr
    assert everything(service) == before


OPENING: list[tuple[Exception, int]] = [
    (BadSettings("Some settings cannot be used:\n  OKR_PORT: too large"), 2),
    (BadKeys("secret.keys can be read by others. Run: chmod 600 secret.keys"), 2),
    (WrongKey("Put that key back"), 2),
    (DatabaseTooNew("The database was made by a newer version. Install that version again."), 1),
    (DatabaseNotMigrated("Run `okr migrate` first"), 1),
    (StoreUnavailable("The database does not answer."), 1),
    (FolderInUse("data is in use by another `okr up`"), 1),
    (PortInUse("Port 8400 on 127.0.0.1 cannot be used"), 1),
]


@pytest.mark.parametrize(("error", "code"), OPENING, ids=lambda value: type(value).__name__)
def test_a_service_that_cannot_be_opened_is_told_in_its_own_words(error: Exception, code: int) -> None:
    def opener() -> None:
        raise error

    result = CliRunner().invoke(okr, ["export"], obj=opener)
    assert (result.exit_code, result.stderr, result.stdout) == (code, f"{error}\n", "")


def test_a_fault_of_our_own_is_no_refusal() -> None:
    def opener() -> None:
        raise ZeroDivisionError

    assert isinstance(CliRunner().invoke(okr, ["export"], obj=opener).exception, ZeroDivisionError)


def test_ctrl_c_is_no_fault() -> None:
    def opener() -> None:
        raise click.Abort

    result = CliRunner().invoke(okr, ["export"], obj=opener)
    assert (result.exit_code, result.stderr) == (1, "Aborted!\n")
