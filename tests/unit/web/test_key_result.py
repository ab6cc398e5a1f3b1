"""A key result's page explains its figure with its own numbers."""

from __future__ import annotations

from decimal import Decimal

from connector.store import links
from connector.store.engine import Database
from mapping.okr import Initiative, Role
from tests.clock import FakeClock
from tests.unit.web.made_up import MadeUp, issue_id
from tests.unit.web.reading import main
from tests.unit.web.surroundings import Visitor


def test_a_metric_shows_its_sum(rosa: Visitor) -> None:
    page = main(rosa.get("/kr/PAY-KR1").text)
    assert "Why is it 50 %?" in page
    assert "(38 − 29) ÷ (38 − 20) = 9 ÷ 18 = 50 %" in page
    assert "29 s is Ana Duarte’s check-in of 19 Nov" in page
    assert "58 % was expected by today (53 of 92 days), so it is 8 points behind." in page


def test_a_rising_metric_counts_upwards(rosa: Visitor) -> None:
    assert "(26 − 18) ÷ (30 − 18) = 8 ÷ 12 = 67 %" in main(rosa.get("/kr/GRO-KR1").text)


def test_outcome_and_output_stand_apart(rosa: Visitor) -> None:
    page = main(rosa.get("/kr/PAY-KR1").text)
    assert "Completion beside it: 76 % 16 of 21 issues done. It does not feed the figure." in page
    assert "PAY-412 7 of 12 done" in page


def test_driving_initiatives_show_their_weights(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    second = Initiative("PLA-KR3", filled.jira.id, issue_id("PLA-77"), Role.DRIVES, Decimal(2))
    with sqlite_database.write() as conn:
        links.record_link(conn, filled.workspace_id, second, at=clock.now(), by="Rosa Klein")
    page = main(rosa.get("/kr/PLA-KR3").text)
    assert "(63 % + 75 % × 2) ÷ 3 = 71 %" in page
    assert "PLA-70, PLA-77, each times its weight" in page


def test_one_driving_initiative_is_said_in_words(rosa: Visitor) -> None:
    assert "PLA-70 is at 63 %" in main(rosa.get("/kr/PLA-KR3").text)


def test_a_limit_has_no_percentage(rosa: Visitor) -> None:
    page = main(rosa.get("/kr/PAY-KR3").text)
    assert "Why is it held?" in page
    assert "9.4 is below 12. A limit has no percentage" in page


def test_without_a_figure_it_says_why(rosa: Visitor) -> None:
    page = main(rosa.get("/kr/GRO-KR3").text)
    assert "Why is there no figure?" in page
    assert "Its baseline is still to be measured, by 30 Nov" in page
    assert "Nobody has checked in yet." in page


def test_the_history_is_newest_first_and_a_coach_asks(rosa: Visitor) -> None:
    page = main(rosa.get("/kr/PAY-KR3").text)
    assert page.index("Read the October report.") < page.index("Watch the new markets.")
    assert "A coach would ask What has been learned since the last check-in?" in page
    assert "A coach would ask" not in main(rosa.get("/kr/PAY-KR1").text)


def test_an_unknown_key_is_no_page(rosa: Visitor) -> None:
    for key in ("PAY-KR99", "PAY-O1", "x", "PAY-KR1'--"):
        assert rosa.get(f"/kr/{key}").status_code == 404
