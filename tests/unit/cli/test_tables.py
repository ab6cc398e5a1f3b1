"""``okr table``: choosing, changing, looking, and deciding about what people typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.store import page_visits, tables
from connector.store.page_visits import TypedText
from connector.store.tables import TableState
from connector.store.work import mark_due
from connector.store.workers import record_alive
from tests.unit.cli.conftest import Run
from tests.unit.commands.stand_in import Stand, page
from web.cli.saying import printable


@pytest.fixture
def added(service: Stand, run: Run, file: Path) -> Stand:
    """Table 1 shows everything, in page 4711."""
    run("import", str(file))
    assert run("table", "add", "4711", "--cycle", "2026-q4").exit_code == 0
    return service


def _type(service: Stand, text: str, column: str, outcome: str, *, key: str = "PAY-KR1", settled_by: str = "") -> None:
    typed = TypedText(
        9, key, column, text, "557058:ana", "Ana Duarte", datetime(2026, 11, 22, 8, 0, tzinfo=UTC), outcome,
        settled_by=settled_by,
    )  # fmt: skip
    with service.on.database.write() as conn:
        page_visits.record_typed_text(conn, service.workspace_id, 1, typed)


def _outcomes(service: Stand) -> list[tuple[object, ...]]:
    return service.rows('SELECT "column", outcome, settled_by FROM typed_text ORDER BY id')


def test_what_is_chosen_is_kept(service: Stand, run: Run, file: Path) -> None:
    run("import", str(file))
    words = [
        "--shape",
        "objective",
        "--objective",
        "PAY-O1",
        "--columns",
        "Key result, now,next-step",
        "--width",
        "narrow",
    ]
    words += ["--in", "excerpt", "--check-in-by", "team", "--write-bucket", "9", "--write-every", "5"]
    assert run("table", "add", "4711", "--cycle", "2026-q4", *words).exit_code == 0
    assert service.rows(
        "SELECT region_id, shape, columns, width, container, check_in_by, write_bucket, write_refill_minutes "
        "FROM page_table"
    ) == [("okr-2026-q4-pay-o1", "objective", '["key_result", "now", "next_step"]', "narrow", "excerpt", "team", 9, 5)]


def test_choices_change_and_say_which(added: Stand, run: Run) -> None:
    told = run("table", "change", "1", "--shape", "meeting", "--write-every", "5").stdout
    assert "Changed for the table in 'OKRs Q4 2026': shape, time between writes." in told
    assert "until it is written next" in told
    assert added.rows("SELECT shape, write_refill_minutes FROM page_table") == [("meeting", 5)]
    assert "is so already; nothing was changed" in run("table", "change", "1", "--shape", "meeting").stdout


@pytest.mark.parametrize("words", [("--cycle", "2026-q3"), ("--page", "4712"), ()])
def test_cycle_and_page_do_not_change(added: Stand, run: Run, words: tuple[str, ...]) -> None:
    result = run("table", "change", "1", *words)
    assert result.exit_code == 2
    said = "okr table remove 1" if words else "Nothing was named to change"
    assert said in result.stderr


def test_doctor_says_first_that_texts_wait(added: Stand, run: Run) -> None:
    _type(added, "quite ok?", "confidence", "not_understood")
    _type(added, "27", "now", "to_confirm")
    last = run("doctor").stdout.splitlines()[-1]
    assert last.startswith("2 texts wait for a decision. 1 thing needs you")
    with added.on.database.write() as conn:
        record_alive(conn, "w1", started_at=added.clock.now(), seen_at=added.clock.now())
    last = run("doctor").stdout.splitlines()[-1]
    assert last.startswith("2 texts wait for a decision. ")
    assert "Nothing needs you" not in last


@pytest.mark.parametrize("act", ["show", "change", "write", "remove", "take", "give-up"])
def test_a_table_is_named_by_its_number(run: Run, act: str) -> None:
    for word in ("okr-2026-q4", "0"):
        result = run("table", act, word)
        assert result.exit_code == 2
        assert f"'{word}': a table is named by its number, see okr table list" in result.stderr


def test_the_help_names_every_column_that_can_be_chosen(added: Stand, run: Run) -> None:
    for words, shape in ((("add", "4712", "--cycle", "2026-q4"), "table"), (("change", "1"), "meeting")):
        told = " ".join(run("table", words[0], "--help").stdout.split())
        refused = run("table", *words, "--shape", shape, "--columns", "key_result,mood").stderr
        columns = re.search(r"Choose among ([a-z_, ]+)\.", refused)
        assert columns is not None
        assert all(column in told for column in columns[1].split(", "))


def test_a_table_is_shown_with_everything_about_it(added: Stand, run: Run) -> None:
    _type(added, "quite ok?", "confidence", "not_understood")
    _type(added, "27", "now", "taken", settled_by="Rosa")
    with added.on.database.write() as conn:
        page_visits.record_version(conn, added.workspace_id, 1, 8, added.clock.now(), "PAY-412 7 of 12 done")
    told = run("table", "show", "1").stdout
    assert told.startswith("Table 1 in 'OKRs Q4 2026': waits to be written.")
    assert "Key result, Progress, Now, Confidence, Owner, Initiatives, Next step" in told
    assert "anyone who may edit the page, by typing in the table" in told
    assert "after changes in Jira 4, then one per 30 min; 4 left now" in told
    assert "1 of the page this month; version 8: PAY-412 7 of 12 done" in told
    waits, lately = told.split("Typed lately:")
    assert "PAY-KR1 confidence  “quite ok?”  Ana Duarte, 08:00 UTC, version 9: stays in the page: a number" in waits
    assert "PAY-KR1 now  “27”  Ana Duarte, 08:00 UTC, version 9: became a check-in, as Rosa said" in lately


def test_where_nobody_types_nobody_is_named_who_may(added: Stand, run: Run) -> None:
    assert "Check-in by" in run("table", "show", "1").stdout
    run("table", "change", "1", "--shape", "attention")
    assert "Check-in by" not in run("table", "show", "1").stdout


def test_the_list_tells_shape_state_and_versions_of_this_month(added: Stand, run: Run) -> None:
    with added.on.database.write() as conn:
        tables.set_table(conn, added.workspace_id, 1, {"written_version": 8})
        page_visits.record_version(conn, added.workspace_id, 1, 8, added.clock.now(), "")
        tables.record_table_state(
            conn, added.workspace_id, 1, TableState.CURRENT, added.clock.now(), "A change waits for its turn."
        )
        mark_due(conn, added.workspace_id, "table", ["1"], added.clock.now())
    told = run("table", "list").stdout
    assert "a change waits        OKRs Q4 2026 · Q4 2026 · table, version 8 written, 1 version this month" in told
    assert "A change waits for its turn. We look again at 09:00 UTC." in told


def test_a_table_that_is_not_there_cannot_be_shown(run: Run) -> None:
    result = run("table", "show", "9")
    assert (result.exit_code, "okr table list" in result.stderr) == (2, True)


def test_a_table_is_written_now(added: Stand, run: Run) -> None:
    assert (
        "is written within seconds, unless something stands in the way: okr table show 1"
        in run("table", "write", "1").stdout
    )
    assert added.rows("SELECT must_write FROM page_table") == [(1,)]


def test_what_is_not_named_in_a_change_has_no_default(run: Run) -> None:
    assert "[default: " in run("table", "add", "--help").stdout
    assert "[default: " not in run("table", "change", "--help").stdout


def test_what_was_typed_is_taken_by_name(added: Stand, run: Run) -> None:
    _type(added, "27", "now", "to_confirm")
    _type(added, "Ship it.", "next_step", "to_confirm")
    assert (
        "1 text is taken as a check-in, in the name of its author"
        in run("table", "take", "1", "pay-kr1", "next-step").stdout
    )
    assert _outcomes(added) == [("now", "to_confirm", ""), ("next_step", "taken", "rosa (command line)")]


def test_without_names_all_of_it_is_decided(added: Stand, run: Run) -> None:
    _type(added, "27", "now", "to_confirm")
    _type(added, "soon", "confidence", "not_understood")
    assert "1 text is taken" in run("table", "take", "1").stdout
    assert "1 text is given up" in run("table", "give-up", "1").stdout
    assert [row[1] for row in _outcomes(added)] == ["taken", "given_up"]


def test_a_column_that_was_left_out_is_asked_for(added: Stand, run: Run) -> None:
    result = run("table", "take", "1", "PAY-KR1")
    assert (result.exit_code, "A column is missing after PAY-KR1" in result.stderr) == (2, True)


def test_a_very_long_table_is_advised_upon(service: Stand, run: Run, tmp_path: Path) -> None:
    rows = "".join(f"      - {{key: PAY-KR{n}, title: Figure {n}, from: 0, to: 10}}\n" for n in range(1, 21))
    okrs = tmp_path / "long.yaml"
    okrs.write_text(
        "cycle: {key: 2026-q4, name: Q4 2026, starts: 2026-10-01, ends: 2026-12-31}\nobjectives:\n"
        f"  - key: PAY-O1\n    title: Much\n    team: Payments\n    key_results:\n{rows}"
    )
    assert run("import", str(okrs)).exit_code == 0
    advice = "20 key results in one table"
    assert advice in run("table", "add", "4711", "--cycle", "2026-q4", "--dry-run").stdout
    assert advice in run("table", "add", "4711", "--cycle", "2026-q4").stdout
    assert advice in run("table", "show", "1").stdout


def test_a_page_title_cannot_move_the_terminal(service: Stand, run: Run, file: Path) -> None:
    service.confluence.pages["4711"] = page(title="OKRs\x1b[2J\x9b31m\u202eQ4\r")
    run("import", str(file))
    run("table", "add", "4711", "--cycle", "2026-q4")
    for words in (("table", "list"), ("table", "show", "1"), ("doctor",), ("table", "write", "1")):
        told = run(*words)
        assert "OKRs" in told.stdout
        assert [letter for letter in told.output if not letter.isprintable() and letter != "\n"] == []


def test_what_a_terminal_would_act_upon_becomes_spaces() -> None:
    assert printable("a\x1b[2Jb\x00c\u202ed\u00a0e\nf\tg") == "a [2Jb c d e\nf\tg"


def test_the_command_line_speaks_in_one_place() -> None:
    """Besides JSON and YAML, which other programs read and which escape what they hold."""
    folder = Path(__file__).parents[3] / "web" / "cli"
    speaking = {path.name for path in folder.glob("*.py") if "click.echo" in path.read_text()}
    assert speaking <= {"saying.py", "okrs.py"}
