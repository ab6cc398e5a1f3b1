"""Both languages say the same things with the same names to fill in."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from mapping.languages import all_words, phrase, plain, words_of
from mapping.table_parts import Column
from mapping.table_pieces import AsOf, Text
from mapping.words import BlockWords, Legend, NotTakenWords, Words
from mapping.words_english import ENGLISH
from mapping.words_german import GERMAN

_NAMES = re.compile(r"\{([a-z_]+)\}")


def templates(words: Words | Legend | NotTakenWords | BlockWords) -> dict[str, str]:
    return {each.name: value for each in fields(words) if isinstance(value := getattr(words, each.name), str)}


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (templates(ENGLISH), templates(GERMAN)),
        (templates(ENGLISH.legend), templates(GERMAN.legend)),
        (templates(ENGLISH.not_taken), templates(GERMAN.not_taken)),
        (templates(ENGLISH.blocks), templates(GERMAN.blocks)),
    ],
)
def test_german_templates_have_the_names_of_the_english_ones(english: dict[str, str], german: dict[str, str]) -> None:
    names = {name: sorted(_NAMES.findall(text)) for name, text in english.items()}
    assert names == {name: sorted(_NAMES.findall(text)) for name, text in german.items()}
    assert not [name for name, text in german.items() if text.count("**") % 2]


def test_every_column_has_a_header_of_its_own_in_every_language() -> None:
    for words in all_words():
        assert set(words.headers) == {column.value for column in Column}
        assert len({header.casefold() for header in words.headers.values()}) == len(Column)


def test_no_header_means_another_column_in_another_language() -> None:
    meanings: dict[str, set[str]] = {}
    for words in all_words():
        for column, header in words.headers.items():
            meanings.setdefault(header.casefold(), set()).add(column)
    assert all(len(columns) == 1 for columns in meanings.values())


def test_months_are_twelve() -> None:
    assert [len(words.months) for words in all_words()] == [12, 12]


def test_data_is_never_read_as_a_template() -> None:
    assert phrase("**{name}** of {total}", name="**{total}** ~", total=3) == (
        Text("**{total}** ~", strong=True),
        Text(" of 3"),
    )


def test_a_piece_stays_a_piece_and_a_tilde_becomes_a_space_that_never_breaks() -> None:
    assert phrase("as~of {as_of}", as_of=AsOf("now")) == (Text("as\u00a0of "), AsOf("now"))
    assert plain("{n}~days", n=3) == "3\u00a0days"


def test_the_language_decides() -> None:
    assert words_of("de").headers[Column.NOW] == "Stand"
    assert words_of("en").headers[Column.NOW] == "Now"
