"""Tables that people made by hand, as they look in real pages, become valid OKRs; nothing is dropped without a word."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mapping.adoption import Sureness, belonging_together, find_tables, people_in
from mapping.adoption_columns import By
from mapping.adoption_keys import prefix_for
from mapping.adoption_words import Meaning
from mapping.interchange import parse_okrs
from mapping.okr import CheckIn, Kind
from tests.unit.mapping import hand_made
from tests.unit.mapping.adopting import AT, NAMES, aims, draft_of, left_out, titles
from tests.unit.mapping.hand_made import row, table

O, K = Meaning.OBJECTIVE, Meaning.KEY_RESULT  # noqa: E741


def meanings(body: str, number: int = 1) -> list[Meaning]:
    found = {each.number: each for each in find_tables(body, NAMES)}[number]
    return [column.meaning for column in found.sheet.columns]


def said(body: str) -> list[CheckIn]:
    return list(draft_of(body).okrs.check_ins)


@pytest.mark.parametrize("body", hand_made.ALL)
def test_each_is_found_and_its_draft_comes_back_from_its_file(body: str) -> None:
    assert find_tables(body, NAMES)[0].sureness is Sureness.LIKELY
    draft = draft_of(body)
    assert draft.okrs.key_results
    assert parse_okrs(draft.yaml) == draft.okrs


def test_a_header_row_with_merged_objectives() -> None:
    draft = draft_of(hand_made.HEADER_ROW)
    assert titles(draft) == {
        "Paying feels instant": ["Median checkout time", "Failed card payments", "Chargebacks stay under 12"],
        "Partners go live alone": ["Partners live"],
    }
    assert draft.okrs.objectives[0].why == "Slow checkouts cost orders."
    assert aims(draft) == ["38 → 20 s", "4.6 → 2.0 %", "below 12", "3 → 11"]
    assert [kr.owner for kr in draft.okrs.key_results] == ["Ana Duarte", "Mads Holm", "", "Lucie"]
    assert [link.issue_key for link in draft.okrs.links] == ["PAY-412", "PAY-431", "PAY-433", "PAY-434"]
    assert left_out(draft) == [(4, "and more"), (5, "about six")]


def test_what_is_said_of_today_becomes_a_first_check_in() -> None:
    first, second, third, fourth = said(hand_made.HEADER_ROW)
    assert (first.value, first.confidence, first.next_step) == (Decimal(29), 8, "Ship the one-page checkout")
    assert (second.value, second.confidence, second.next_step) == (Decimal("3.4"), 6, "Retry at the second bank")
    assert (fourth.value, fourth.confidence) == (None, 3)
    assert [each.author for each in (first, second, third, fourth)] == ["Ana Duarte", "Mads Holm", "Rosa", "Lucie"]
    assert {each.at for each in (first, second, third, fourth)} == {AT}


def test_objectives_in_spanning_rows_and_numbered_key_results() -> None:
    draft = draft_of(hand_made.SPANNING_ROWS)
    assert titles(draft) == {
        "Checkout works everywhere": ["Orders paid with a local method", "Support contacts about paying"],
        "We can trust the numbers": ["Launch the ledger"],
    }
    assert aims(draft) == ["40 → 60 %", "9 → 5", "to measure"]
    assert left_out(draft) == [(8, "Total"), (8, "64.8")]
    assert [each.note for each in draft.okrs.check_ins] == ["Five of six markets.", "", "Not begun."]


def test_german_headers_words_and_figures() -> None:
    draft = draft_of(hand_made.GERMAN)
    assert draft.language == "de"
    assert titles(draft) == {
        "Bezahlen fühlt sich sofort an": ["Mittlere Dauer der Kasse", "Fehlbuchungen von 12 auf 4 senken"],
        "Partner werden selbständig": ["Verfügbarkeit mindestens 99,9 %"],
    }
    assert aims(draft) == ["1200.5 → 800 ms", "12 → 4", "above 99.9 %"]
    assert [(each.value, each.confidence) for each in draft.okrs.check_ins] == [
        (Decimal(1100), 3),
        (Decimal(9), 8),
        (Decimal("99.95"), 8),
    ]
    assert left_out(draft) == [(2, "25 %"), (2, "31.12.2026")]


def test_a_limit_that_holds_at_itself_is_pointed_out() -> None:
    hints = [taken.hint for taken in draft_of(hand_made.GERMAN).rows if taken.key == "PAY-KR3"]
    assert hints == ["it is taken as a limit: above 99.9; exactly 99.9 counts as broken"]


def test_without_a_header_the_content_tells() -> None:
    assert meanings(hand_made.NO_HEADER) == [Meaning.LABEL, K, Meaning.OWNER, Meaning.INITIATIVES]
    draft = draft_of(hand_made.NO_HEADER)
    assert aims(draft) == ["5 → 10 %", "38 → 20 s", "to measure"]
    assert titles(draft).keys() == {"The page"}
    assert left_out(draft) == [(2, "a person whose name Confluence does not give")]


def test_headers_in_the_first_column() -> None:
    draft = draft_of(hand_made.HEADER_COLUMN)
    assert titles(draft) == {"Merchants love the dashboard": ["NPS of merchants", "Median load time"]}
    assert aims(draft) == ["31 → 45", "4.2 → 1.5 s"]


def test_rows_that_say_what_they_are() -> None:
    draft = draft_of(hand_made.LABELLED_ROWS)
    assert titles(draft) == {"Incidents are boring": ["Time to recover from 90 to 30 min", "On-call pages below 5"]}
    assert draft.okrs.objectives[0].sponsor == "Platform lead"


def test_one_table_for_each_objective_under_its_heading() -> None:
    found = find_tables(hand_made.ONE_PER_OBJECTIVE, NAMES)
    assert [each.number for each in belonging_together(found)] == [1, 2]
    draft = draft_of(hand_made.ONE_PER_OBJECTIVE)
    assert titles(draft) == {"Paying feels instant": ["Checkout time (s)"], "Partners go live alone": ["Partners live"]}
    assert aims(draft) == ["38 → 20 s", "3 → 11"]


def test_lists_in_cells_are_several_key_results() -> None:
    draft = draft_of(hand_made.LISTS_IN_CELLS)
    assert titles(draft) == {
        "Delight & retain": ["Churn from 5 % to 3 %", "NPS ≥ 50 💥"],
        "Grow": ["10 new markets", "Win 3 partners"],
    }
    assert [each.value for each in draft.okrs.check_ins] == [Decimal("4.1"), Decimal(47)]
    assert [kr.owner for kr in draft.okrs.key_results] == ["Ana", "Ana", "Mads", "Mads"]
    assert left_out(draft) == [(3, "two")]


def test_twenty_columns() -> None:
    draft = draft_of(hand_made.WIDE)
    assert titles(draft) == {
        "Paying feels instant": ["Median checkout time in the shop", "Failed payments of the week"]
    }
    assert aims(draft) == ["38 → 20 s", "4.6 → 2 %"]
    assert (draft.okrs.objectives[0].team, draft.okrs.objectives[0].sponsor) == ("Payments", "Rosa Klein")
    assert {text for _, text in left_out(draft)} >= {"In progress", "50%", "2026-12-31", "36", "failed / all"}
    assert [each.blockers for each in draft.okrs.check_ins] == ["Black Friday freeze"]


def test_headers_of_two_rows_and_epics_in_rows_of_their_own() -> None:
    draft = draft_of(hand_made.MERGED_HEADERS)
    assert titles(draft) == {"Ship weekly": ["Deployments without rollback", "Failed deployments"]}
    assert aims(draft) == ["80 → 95 %", "12 → 4 %"]
    assert [link.issue_key for link in draft.okrs.links] == ["PAY-412", "PAY-431"]


def test_what_a_person_says_of_a_column_holds() -> None:
    body = table(row("Key result", "Foo bar", "Goal"), row("Chargebacks", "Ana", "from 20 to 12"))
    assert left_out(draft_of(body)) == [(2, "Ana")]
    draft = draft_of(body, columns={2: Meaning.OWNER, 3: Meaning.IGNORE})
    assert [kr.owner for kr in draft.okrs.key_results] == ["Ana"]
    assert left_out(draft) == [(2, "from 20 to 12")]
    (found,) = find_tables(body, NAMES)
    assert [column.by for column in found.sheet.chosen({2: Meaning.OWNER}).columns] == [
        By.HEADER,
        By.PERSON,
        By.HEADER,
    ]


def test_keys_never_clash() -> None:
    draft = draft_of(hand_made.NO_HEADER, taken=frozenset({"PAY-O1", "PAY-KR1", "PAY-KR3"}))
    assert [objective.key for objective in draft.okrs.objectives] == ["PAY-O2"]
    assert [kr.key for kr in draft.okrs.key_results] == ["PAY-KR2", "PAY-KR4", "PAY-KR5"]


def test_what_the_cycle_has_already_is_not_made_twice() -> None:
    first = draft_of(hand_made.HEADER_ROW).okrs
    known = (replace(first.key_results[0], owner="Somebody else"), *first.key_results[1:])
    taken = frozenset([*(each.key for each in first.objectives), *(each.key for each in known)])
    draft = draft_of(hand_made.HEADER_ROW, taken=taken, known_objectives=first.objectives, known_key_results=known)
    assert draft.okrs.objectives == first.objectives
    assert draft.okrs.key_results == known
    assert draft.okrs.check_ins == ()
    assert draft.okrs.links == first.links


def test_repeated_and_blank_objectives_are_one() -> None:
    body = table(
        row("Objective", "Key result", "Target"),
        row("Grow", "A longer key result", "5"),
        row("grow ", "B longer key result", "6"),
        row("–", "C longer key result", "7"),
        row("Objective", "Key result", "Target"),
        row("Shrink", "D longer key result", "tbd"),
    )
    draft = draft_of(body)
    assert [len(each) for each in titles(draft).values()] == [3, 1]
    assert left_out(draft) == [(5, "Objective"), (5, "Key result"), (5, "Target")]


def test_an_objective_in_a_row_of_its_own_below_its_header() -> None:
    body = table(
        row("Objective", "Key result", "Owner"),
        row("Grow", "", "Carla"),
        row("", "More merchants than last year", "Ana"),
    )
    draft = draft_of(body)
    assert titles(draft) == {"Grow": ["More merchants than last year"]}
    assert draft.okrs.objectives[0].sponsor == "Carla"


def test_figures_of_other_sizes_and_units_are_put_into_those_of_the_key_result() -> None:
    body = table(
        row("Key result", "Baseline", "Target", "Now"),
        row("Revenue of the quarter", "800k €", "1.2M €", "950k €"),
        row("Revenue of the year", "8 M€", "9 M€", "8.5 $"),
        row("Largest of all", "5", "999999999999999", "999999999999999.123456789"),
    )
    draft = draft_of(body)
    assert aims(draft) == ["800000 → 1200000 €", "8 → 9 M €", "5 → 999999999999999"]
    assert [each.value for each in draft.okrs.check_ins] == [Decimal(950000), Decimal("999999999999999.123456789")]
    assert left_out(draft) == [(3, "8.5 $")]


def test_figures_that_contradict_become_a_baseline_to_measure() -> None:
    body = table(
        row("Key result", "Baseline", "Target"),
        row("Time to first payment", "2 h", "30 min"),
        row("Chargebacks of the month", "9", "9"),
        row("Merchants of the month", "31", ""),
    )
    draft = draft_of(body)
    assert {kr.kind for kr in draft.okrs.key_results} == {Kind.TO_MEASURE}
    assert all(taken.hint for taken in draft.rows if "KR" in taken.key)


def test_people_are_asked_for_by_the_ids_of_mentions_in_tables() -> None:
    body = hand_made.NO_HEADER + '<p><ac:link><ri:user ri:account-id="557058:elsewhere" /></ac:link></p>'
    assert people_in(body) == ("557058:ana", "557058:gone")


def test_the_prefix_is_that_of_the_commonest_project() -> None:
    assert prefix_for(find_tables(hand_made.HEADER_ROW, NAMES)) == "PAY"
    assert prefix_for(find_tables(hand_made.GERMAN, NAMES)) == "OKR"


# As our own snapshot of a closed cycle writes it.
CLOSED = table(
    row("Key result", "Result", "Owner"),
    '<tr><td colspan="3"><p><strong>Checkout works everywhere</strong> · Payments · <strong>0.6</strong></p></td></tr>',
    row("Orders paid with a local method", "40 → 60&nbsp;%, ended <strong>57</strong>", "Ana"),
    row("Support contacts about paying", "9 → 5, ended <strong>7.8</strong>", "Mads"),
)


def test_the_results_of_a_closed_cycle_are_no_more_key_results() -> None:
    draft = draft_of(CLOSED)
    assert titles(draft) == {
        "Checkout works everywhere": ["Orders paid with a local method", "Support contacts about paying"]
    }
    assert aims(draft) == ["40 → 60 %", "9 → 5"]
    assert draft.okrs.objectives[0].team == "Payments"
    assert left_out(draft) == [(2, "0.6"), (3, "40 → 60 %, ended 57"), (4, "9 → 5, ended 7.8")]


@pytest.mark.parametrize(("header", "meaning"), [("Key result", Meaning.NOW), ("Owner", Meaning.LABEL)])
def test_a_result_is_the_present_value_beside_a_column_that_names_key_results(header: str, meaning: Meaning) -> None:
    body = table(row(header, "Result", "Target"), row("Win new markets", "7", "9"), row("Keep the old ones", "3", "5"))
    assert meanings(body)[1] is meaning


def test_a_result_is_a_key_result_beside_a_column_that_only_numbers_them() -> None:
    body = table(row("KR", "Result", "Target"), row("KR1", "Win markets", "9"), row("KR2", "Keep the old ones", "5"))
    assert meanings(body)[:2] == [Meaning.LABEL, K]


@pytest.mark.parametrize(
    ("line", "title", "team"),
    [
        ("Grow · Payments · 56 %", "Grow", "Payments"),
        ("Grow · 0.6", "Grow", ""),
        ("Grow · Payments · –", "Grow", "Payments"),
        ("Grow · and stay · Payments · 0,6", "Grow · and stay", "Payments"),
        ("Grow · Payments", "Grow · Payments", ""),
        ("Sell 10 · 20 · 30", "Sell 10 · 20 · 30", ""),
    ],
)
def test_only_before_a_figure_is_a_dot_the_end_of_a_title(line: str, title: str, team: str) -> None:
    spanning = f'<tr><th colspan="3"><p>{line}</p></th></tr>'
    body = table(row("Key result", "Owner", "Target"), spanning, row("Win new markets", "Ana", "7"))
    (objective,) = draft_of(body).okrs.objectives
    assert (objective.title, objective.team) == (title, team)
