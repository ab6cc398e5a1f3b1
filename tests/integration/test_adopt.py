"""A hand-made OKR table in a page of the site: looked at, taken over, and ours in its place only where that is safe."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.store.check_ins import load_check_ins
from connector.store.links import load_links
from connector.store.okrs import load_cycle, load_cycles
from connector.store.tables import PageTable, TableState
from mapping.okr import Kind
from sync.commands.adopt import Adopted, Confirmed, adopt_table
from sync.commands.adopt_draft import AdoptionWish, draft_adoption, look_at_tables
from sync.commands.not_possible import NotPossible
from tests.integration.line import Line
from tests.site.roster import PEOPLE
from web.cli.service import Service
from web.cli.table import table

ANA = PEOPLE[1]

TABLE = (
    '<table data-layout="wide"><tbody>'
    "<tr><th>Objective</th><th>Key result</th><th>Owner</th><th>Baseline</th><th>Target</th><th>Now</th>"
    "<th>Confidence</th><th>Epic</th><th>Next step</th></tr>"
    '<tr><td rowspan="2"><p>Paying feels instant</p></td><td><p>Median checkout time</p></td>'
    '<td><p><ac:link><ri:user ri:account-id="{ana}" /></ac:link></p></td><td>38 s</td><td>20 s</td><td>29 s</td>'
    "<td>6</td><td>{epic}, NOPE-99999</td><td>Call the bank</td></tr>"
    "<tr><td>Chargebacks</td><td></td><td></td><td>&lt; 12</td><td>9</td><td>perhaps</td><td></td><td></td></tr>"
    "</tbody></table>"
)
BEFORE, AFTER = "<p>Our goals &amp; why.</p>", "<h2>Notes</h2><p>Tuesdays, 10:00.</p>"


class HandMadePage:
    """A page with one hand-made table between words of people, and what is done with it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        line.connect()
        self.epic = line.site.create_issue("PAY", "One-page checkout", "Epic")
        body = BEFORE + TABLE.format(ana=ANA.account_id, epic=self.epic) + AFTER
        self.page_id = line.site.create_page("OKR", f"OKRs Q4 2031 {self.epic}", body)
        self.wish = AdoptionWish(self.page_id, prefix="ADO")

    def adopt(self, *, replace: bool = False, confirmed: Confirmed | None = None) -> Adopted:
        return adopt_table(
            self.line.on, self.line.workspace_id, self.wish, confirmed or Confirmed(), who="Rosa",
            replace_original=replace,
        )  # fmt: skip

    def body(self) -> str:
        return self.line.site.body(self.page_id)

    def table(self) -> PageTable:
        return self.line.table(1)

    def edit(self, change: Callable[[str], str]) -> None:
        self.line.site.edit_page(self.page_id, change)


@pytest.fixture
def page(okr_line: Line) -> HandMadePage:
    return HandMadePage(okr_line)


def around(body: str) -> tuple[str, str]:
    """What stands before and behind the first region of ours."""
    start = body.index('<ac:structured-macro ac:name="details"')
    end = body.index("</ac:structured-macro>", body.rindex("</ac:rich-text-body>")) + len("</ac:structured-macro>")
    return body[:start], body[end:]


def test_looking_changes_nothing_and_names_people(page: HandMadePage) -> None:
    on, workspace_id = page.line.on, page.line.workspace_id
    looked = look_at_tables(on, workspace_id, page.page_id)
    adoption = draft_adoption(on, workspace_id, looked, page.wish, "Rosa")
    assert [kr.owner for kr in adoption.draft.okrs.key_results] == [ANA.display_name, ""]
    assert adoption.cycle.okrs is None
    assert (adoption.cycle.cycle.key, adoption.cycle.cycle.name) == ("2031-q4", "Q4 2031")
    assert [remark.left_out.text for remark in adoption.draft.remarks] == ["perhaps"]
    assert page.line.site.versions(page.page_id)[0]["number"] == looked.page.version == 1


def test_okrs_links_and_first_check_ins_are_taken_over(page: HandMadePage) -> None:
    adopted = page.adopt()
    with page.line.on.database.read() as conn:
        okrs = load_cycle(conn, page.line.workspace_id, "2031-q4")
        links = load_links(conn, page.line.workspace_id, ["ADO-KR1"])
        said = load_check_ins(conn, page.line.workspace_id, ["ADO-KR1", "ADO-KR2"])
    assert [(kr.key, kr.kind, kr.owner) for kr in okrs.key_results] == [
        ("ADO-KR1", Kind.METRIC, ANA.display_name),
        ("ADO-KR2", Kind.THRESHOLD, ""),
    ]
    assert len(links) == 1
    assert [key for key, _ in adopted.not_linked] == ["NOPE-99999"]
    assert [(each.value, each.confidence, each.next_step, each.author) for each in said["ADO-KR1"]] == [
        (Decimal(29), 6, "Call the bank", ANA.display_name)
    ]
    assert [each.author for each in said["ADO-KR2"]] == ["Rosa"]


def test_the_original_stays_byte_for_byte_and_ours_goes_to_the_end(page: HandMadePage) -> None:
    before = page.body()
    page.adopt()
    page.line.work()
    assert page.table().state is TableState.CURRENT
    assert around(page.body()) == (before, "")


def test_with_replace_ours_takes_its_place_and_nothing_else_changes(page: HandMadePage) -> None:
    before = page.body()
    start, end = before.index("<table"), before.index("</table>") + len("</table>")
    page.adopt(replace=True)
    page.line.work()
    assert around(page.body()) == (before[:start], before[end:])
    assert page.table().findings == ()


def test_an_original_that_was_touched_since_is_never_replaced(page: HandMadePage) -> None:
    page.adopt(replace=True)
    page.edit(lambda body: body.replace("<td>Chargebacks</td>", "<td>Chargebacks of cards</td>"))
    before = page.body()
    page.line.work()
    assert around(page.body()) == (before, "")
    assert [finding["what"] for finding in page.table().findings] == ["kept_apart"]
    page.line.after(days=1)
    assert [finding["what"] for finding in page.table().findings] == ["kept_apart"]
    page.edit(lambda body: BEFORE + body[body.index(AFTER[:10]) :])
    page.line.next_poll()
    page.line.after(days=1)
    assert page.table().findings == ()


def test_doing_it_again_changes_nothing(page: HandMadePage) -> None:
    page.adopt()
    again = page.adopt()
    assert again.report.is_nothing
    assert not again.table.is_new


def test_nothing_is_done_where_the_page_was_published_since(page: HandMadePage) -> None:
    page.edit(lambda body: body + "<p>More.</p>")
    with pytest.raises(NotPossible, match="has version 2 by now; you looked at version 1"):
        page.adopt(confirmed=Confirmed(page_version=1))


def test_a_draft_that_was_corrected_by_hand_is_taken_instead(page: HandMadePage) -> None:
    on, workspace_id = page.line.on, page.line.workspace_id
    looked = look_at_tables(on, workspace_id, page.page_id)
    text = draft_adoption(on, workspace_id, looked, page.wish, "Rosa").draft.yaml
    page.adopt(confirmed=Confirmed(looked.page.version, text.replace("to: 20", "to: 18")))
    with on.database.read() as conn:
        assert load_cycle(conn, workspace_id, "2031-q4").key_results[0].target == 18


def okr_table(page: HandMadePage, *words: str) -> str:
    """``okr table adopt PAGE …``, which must succeed; what it printed."""
    service = Service(page.line.on, page.line.workspace_id, "Rosa")
    result = CliRunner().invoke(table, ["adopt", page.page_id, "--prefix", "ADO", *words], obj=lambda: service)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_the_command_shows_columns_rows_and_what_was_not_understood(page: HandMadePage) -> None:
    shown = okr_table(page, "--column", "9=ignore")
    assert "Column 2 “Key result” → key result, by its header" in shown
    assert "Column 9 “Next step” → nothing, as you said" in shown
    assert "Cycle 2031-q4 (new): Q4 2031, 2031-10-01 to 2031-12-31." in shown
    assert f"row 2 ADO-KR1 Median checkout time: 38 → 20 s, {ANA.display_name} now 29; confidence 6 epics: " in shown
    assert "row 3 “perhaps”: it is no confidence from 0 to 10" in shown
    assert "Nothing was changed." in shown
    with page.line.on.database.read() as conn:
        assert load_cycles(conn, page.line.workspace_id) == ()
    assert page.line.site.versions(page.page_id)[0]["number"] == 1


def test_the_command_takes_over_the_file_as_it_was_corrected(page: HandMadePage, tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    okr_table(page, "--yaml", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace("Chargebacks", "Chargebacks of cards"), encoding="utf-8")
    done = okr_table(page, "--yaml", str(file), "--yes", "--version", "1")
    assert "Taken over: 4 new, 0 changed, 1 link and 2 check-ins added." in done
    assert "not linked: NOPE-99999" in done
    assert "The hand-made table stays as it is" in done
    with page.line.on.database.read() as conn:
        (_, second) = load_cycle(conn, page.line.workspace_id, "2031-q4").key_results
    assert second.title == "Chargebacks of cards"


def test_a_cycle_that_nothing_names_is_asked_for(page: HandMadePage) -> None:
    page.page_id = page.line.site.create_page("OKR", f"Our goals {page.epic}", TABLE.format(ana="", epic=page.epic))
    assert "names no quarter, so say which cycle these OKRs belong to" in okr_table(page)
    assert "There is no cycle 'spring' yet. Say its days" in okr_table(page, "--cycle", "spring")
    days = ("--cycle", "spring", "--cycle-name", "Spring", "--starts", "2031-02-01", "--ends", "2031-04-30")
    assert "Cycle spring (new): Spring, 2031-02-01 to 2031-04-30." in okr_table(page, *days)
