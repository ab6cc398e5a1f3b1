"""Each language has all words of the screens, and no screen has words that are not in the catalogues."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter

import pytest
from babel.messages.catalog import Message

from mapping.sentences import Explained
from mapping.words import LANGUAGES
from tests import translations
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor
from web import language

OTHERS = [each for each in LANGUAGES if each != "en"]
NAMED = re.compile(r"%\((\w+)\)s")


# --- the catalogues


@pytest.mark.parametrize("name", OTHERS)
def test_a_catalogue_has_exactly_the_texts_that_are_used(name: str) -> None:
    kept = {message.id for message in _messages(name)}
    used = {message.id for message in translations.used() if message.id}
    assert used - kept == set(), "give: make translations, and translate what is new"
    assert kept - used == set(), "give: make translations"


@pytest.mark.parametrize("name", OTHERS)
def test_every_text_is_translated(name: str) -> None:
    catalog = translations.load(name)
    assert not catalog.fuzzy
    assert not catalog.obsolete
    bad = [message.id for message in _messages(name) if message.fuzzy or not _is_complete(message)]
    assert bad == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_translation_has_the_names_of_its_text(name: str) -> None:
    for message in _messages(name):
        originals, translated = _forms(message.id), _forms(message.string)
        for original, said in zip(originals, translated, strict=True):
            assert _named(said) == _named(original), said
            assert said.count("%%") == original.count("%%"), said
            assert (said[:1].isspace(), said[-1:].isspace()) == (original[:1].isspace(), original[-1:].isspace()), said


def _messages(name: str) -> list[Message]:
    """All but the head, which is the translation of no text."""
    return [message for message in translations.load(name) if message.id]


def _forms(text_or_forms: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text_or_forms or "",) if isinstance(text_or_forms, str | None) else tuple(text_or_forms)


def _is_complete(message: Message) -> bool:
    """As many forms as its text has, both languages of ours have two, and none of them empty."""
    return len(_forms(message.string)) == len(_forms(message.id)) and all(_forms(message.string))


def _named(said: str) -> set[str]:
    if NAMED.search(said):
        return set(NAMED.findall(said))
    return {name for _, name, _, _ in Formatter().parse(said) if name} if "{" in said else set()


# --- which language an answer has


def test_the_browser_says_which_language(filled: MadeUp, stranger: Visitor) -> None:
    for asked, heading in (("de-DE,de;q=0.9,en;q=0.5", "Anmelden"), ("fr", "Sign in"), ("", "Sign in")):
        stranger.headers = {"Accept-Language": asked}
        answer = stranger.get("/sign-in").text
        assert f"<h1>{heading}</h1>" in answer
        assert f'<html lang="{"de" if heading == "Anmelden" else "en"}"' in answer


def test_a_person_s_own_choice_is_stronger(rosa: Visitor) -> None:
    rosa.headers = {"Accept-Language": "en"}
    rosa.post("/account", {"name": "Rosa Klein", "language": "de"})
    assert "Alles ist aktuell" in rosa.get("/status").text
    rosa.post("/account", {"name": "Rosa Klein", "language": ""})
    assert "Everything is current" in rosa.get("/status").text


def test_a_refusal_is_said_with_its_values(stranger: Visitor) -> None:
    app = stranger.client.application
    inner = Explained("{key}: it has no title", key="PAY-KR1")
    with app.test_request_context(headers={"Accept-Language": "de"}):
        missing = Explained("There is no key result {key}.", key="{key}")
        assert language.said(missing) == "Ein Key Result {key} gibt es nicht."
        assert language.said(Explained("Nothing was saved: {error}.", error=inner)) == (
            "Nichts wurde gespeichert: PAY-KR1: Der Titel fehlt."
        )
        assert language.said(Explained("{braces} as they were typed")) == "{braces} as they were typed"


def test_nothing_is_written_in_the_language_of_whoever_asked_first(rosa: Visitor) -> None:
    """Jinja works out what a filter makes of a fixed value when it compiles a template, once for everybody."""
    templates = rosa.client.application.jinja_env
    asked: list[str] = []

    def note(*_values: object) -> str:
        asked.append("a filter")
        return ""

    templates.filters |= {name: note for name, filter_ in templates.filters.items() if _is_ours(filter_)}
    for name in templates.list_templates():
        source = templates.loader.get_source(templates, name)[0]  # type: ignore[union-attr]
        templates.compile(source, name)
        assert asked == [], f"{name} gives a filter a fixed value"


def _is_ours(filter_: Callable[..., object]) -> bool:
    return filter_.__module__.startswith("web.")
