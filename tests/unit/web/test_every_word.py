"""No page shows a word of ours that the catalogues do not know.

Every page is asked for in a language that puts each text of a catalogue in brackets. What then stands outside of them
is either data, or a word of tables, or somebody forgot ``_()``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser

import pytest
from babel.support import NullTranslations
from sqlalchemy import inspect, text

from connector.store.engine import Database
from mapping.languages import words_of
from tests import translations
from tests.browser.every_page import INSIDE, OUTSIDE, out_of_reach, spoil
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.reading import fields_of
from tests.unit.web.surroundings import Visitor, resources, visitor, visitor_of

WORD = re.compile(r"[^\W\d_]{2,}")
# Names, units and what people type as it stands: the same in every language.
NAMES = frozenset({
    "Jira", "Confluence", "Redis", "OKRs", "JQL", "URL", "UTC", "px", "min", "MB", "kB", "English", "Deutsch", "RK",
    "Page Properties", "Excerpt",
})  # fmt: skip
# Addresses and keys, of data or in examples; and what a site answered, in its own or the network's words.
AS_IT_IS = re.compile(
    r"\w+: no answer within 5 s\.|https?://\S+|[\w.@-]+\.(?:example|atlassian\.net)|\b[A-Z]+-(?:KR|O)?\d+\b"
)
# Kinds and states as the database spells them are no words for people.
SPELLED_FOR_US = re.compile(r"[a-z_]*")


class Marked(NullTranslations):
    """A language that puts every text in brackets, and remembers which were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, num: int) -> str:
        self.asked |= {msgid1, msgid2}
        return f"⟦{msgid1 if num == 1 else msgid2}⟧"


class Shown(HTMLParser):
    """What a person reads or hears of a page, but for code and what says that it is in a language of its own."""

    ATTRIBUTES = ("aria-label", "placeholder", "title", "alt", "data-label")
    SILENT = ("script", "style", "code", "pre", "svg", "textarea")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_silent = tag in self.SILENT or (tag != "html" and "lang" in dict(attrs))
        self._within.append((tag, is_silent))
        if not self._is_silent:
            self.texts += [value for name, value in attrs if value and name in self.ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop()[0] != tag:
            """Elements that have no end, such as input."""

    def handle_data(self, data: str) -> None:
        if not self._is_silent:
            self.texts.append(data)

    @property
    def _is_silent(self) -> bool:
        return any(silent for _, silent in self._within)


@pytest.fixture
def marked() -> Marked:
    return Marked()


@pytest.fixture
def spoilt(sqlite_database: Database, clock: FakeClock, marked: Marked) -> Visitor:
    """Rosa, who reads that language, where something of everything is to be seen and no site answers."""
    made = made_up.fill(sqlite_database, clock.now())
    on = out_of_reach(resources(sqlite_database, clock))
    spoil(on, made)
    return _reading(visitor_of(on), marked, made, clock)


def test_no_page_has_a_word_that_no_catalogue_knows(spoilt: Visitor, marked: Marked, sqlite_database: Database) -> None:
    assert _unknown_words(spoilt, (*INSIDE, *OUTSIDE, "/nowhere"), sqlite_database) == []
    assert _unknown(*_compared(spoilt), _known(sqlite_database)) == {}
    known = {form for message in translations.used() if message.id for form in _forms(message.id)}
    assert marked.asked - known - set(_data(sqlite_database)) == set(), (
        "said with a variable; mark it with sentence() where it is written"
    )


def test_no_empty_page_has_one_either(sqlite_database: Database, clock: FakeClock, marked: Marked) -> None:
    admin = made_up.add_owner(sqlite_database, clock.now())
    nobody = visitor(sqlite_database, clock)
    nobody.client.application.extensions["okr catalogues"]["de"] = marked
    nobody.headers = {"Accept-Language": "de"}
    nobody.is_let_in(admin, clock.now())
    addresses = (
        "/", "/check-ins", "/mappings", "/mappings/epics", "/mappings/gone", "/mappings/projects", "/mappings/rules",
        "/tables", "/tables/new", "/status", "/status/log", "/settings/sites", "/set-up/site", "/set-up/okrs",
        "/set-up/page", "/people", "/objectives/new", "/cycles/new",
    )  # fmt: skip
    assert _unknown_words(nobody, addresses, sqlite_database) == []


def test_what_is_outside_of_brackets_is_found() -> None:
    assert outside_brackets("⟦Link ⟦2⟧ epics⟧ of PAY-KR1").split() == ["of", "PAY-KR1"]
    shown = Shown('<p>a<input placeholder="b">c</p><code>d</code><p lang="en">e</p><b aria-label="f">g</b>').texts
    assert shown == ["a", "b", "c", "f", "g"] or shown == ["b", "a", "c", "f", "g"]


def _reading(who: Visitor, marked: Marked, made: MadeUp, clock: FakeClock) -> Visitor:
    who.client.application.extensions["okr catalogues"]["de"] = marked
    who.headers = {"Accept-Language": "de"}
    who.is_let_in(made.person, clock.now())
    return who


def _unknown_words(who: Visitor, addresses: Iterable[str], database: Database) -> list[str]:
    """Each text outside of brackets that is no data, with the first page that shows it."""
    known = _known(database)
    found: dict[str, str] = {}
    for address in addresses:
        answer = who.client.get(address, headers=who.headers, follow_redirects=True)
        found = _unknown(address, answer.text, known) | found
    return [f"{address}: {rest}" for rest, address in found.items()]


def _unknown(address: str, page: str, known: re.Pattern[str]) -> dict[str, str]:
    rests = (known.sub(" ", " ".join(outside_brackets(said).split())) for said in Shown(page).texts)
    stripped = (AS_IT_IS.sub(" ", rest).strip() for rest in rests)
    return {rest: address for rest in stripped if WORD.search(rest)}


def _compared(who: Visitor) -> tuple[str, str]:
    """The table's form with what its next write changes, which is asked for by itself."""
    typed = fields_of(who.get("/tables/1/edit").text, "/tables/1/edit")
    return "/tables/1/edit/preview", who.post("/tables/1/edit/preview", typed, page="/tables/1/edit").text


def _known(database: Database) -> re.Pattern[str]:
    """Data, names, and words of tables; the longest first."""
    texts = {*NAMES, *_data(database), *_pieces(words_of("de"))}
    spelled = sorted({" ".join(each.split()) for each in texts}, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in spelled if WORD.search(each)))


def _data(database: Database) -> Iterator[str]:
    with database.read() as conn:
        for table in inspect(conn).get_table_names():
            for row in conn.execute(text(f'SELECT * FROM "{table}"')):
                texts = (value for value in row if isinstance(value, str))
                yield from (value for value in texts if not SPELLED_FOR_US.fullmatch(value))


def _pieces(words: object) -> Iterator[str]:
    """Every word of a language of tables, without the places for values."""
    if isinstance(words, str):
        yield from re.split(r"\{\w+\}|\*\*|~", words)
    elif is_dataclass(words):
        for each in fields(words):
            yield from _pieces(getattr(words, each.name))
    elif isinstance(words, Iterable):
        for value in words.values() if hasattr(words, "values") else words:
            yield from _pieces(value)


def outside_brackets(said: str) -> str:
    depth, kept = 0, []
    for letter in said:
        depth -= letter == "⟧"
        kept.append(" " if depth or letter in "⟦⟧" else letter)
        depth += letter == "⟦"
    return "".join(kept)


def _forms(text_or_forms: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text_or_forms,) if isinstance(text_or_forms, str) else tuple(text_or_forms)
