"""What of a table made by hand is not taken over, and the words in which that is told."""

from __future__ import annotations

from mapping.adoption_words import Meaning
from tests.unit.mapping.adopting import draft_of, left_out
from tests.unit.mapping.hand_made import row, table

O = Meaning.OBJECTIVE  # noqa: E741
SOMEBODY = '<ac:link><ri:user ri:account-id="557058:unknown" /></ac:link>'


def why(body: str) -> list[tuple[str, str]]:
    return [(remark.left_out.text, remark.left_out.why) for remark in draft_of(body).remarks]


def test_a_second_column_of_objectives_is_told() -> None:
    body = table(row("Objective", "Goals of the objective", "Key result"), row("Grow", "Be large", "More merchants"))
    assert left_out(draft_of(body, columns={2: O})) == [(2, "Be large")]


def test_words_before_any_key_result_are_told() -> None:
    body = table(row("Key result", "Owner", "Comment"), row("", "Ana", "to be found"), row("Win markets", "", ""))
    assert left_out(draft_of(body)) == [(2, "Ana"), (2, "to be found")]


def test_too_long_a_title_is_cut_and_told() -> None:
    draft = draft_of(table(row("Key result", "Owner", "Target"), row("x" * 400, "y" * 300, "5")))
    (kr,) = draft.okrs.key_results
    assert (len(kr.title), len(kr.owner)) == (300, 200)
    assert left_out(draft) == [(2, "x" * 400), (2, "y" * 300)]


def test_the_second_of_two_owners_is_told() -> None:
    body = table(row("Key result", "Owner", "Lead"), row("Win new markets", "Ana", "Jonas"))
    assert [kr.owner for kr in draft_of(body).okrs.key_results] == ["Ana"]
    assert why(body) == [("Jonas", "another one is taken already")]


def test_a_name_beside_a_person_whom_nobody_names_is_taken() -> None:
    body = table(row("Key result", "Owner", "Lead"), row("Win new markets", SOMEBODY, "Jonas"))
    assert [kr.owner for kr in draft_of(body).okrs.key_results] == ["Jonas"]
    assert why(body) == [
        ("a person whose name Confluence does not give", "Confluence does not say who is mentioned there")
    ]


def test_of_a_name_that_is_too_long_its_own_cell_is_told() -> None:
    body = table(row("Key result", "Owner", "Lead"), row("Win new markets", SOMEBODY, "y" * 300))
    assert left_out(draft_of(body))[-1] == (2, "y" * 300)
