"""In which language our screens speak: as the person chose, else the first of ours that the browser asks for.

Words stand in English where they are used: in templates as ``{{ _("Save") }}`` or ``{% trans %}``, in views as
``gettext("Save")``. Other languages are catalogues, ``web/translations/<language>.po``, read when the app starts. A
sentence that a catalogue lacks stays English.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request
from markupsafe import Markup, escape

from connector.store.people import Person
from mapping.languages import words_of
from mapping.sentences import Explained
from mapping.words import LANGUAGES, Language, Words

_CATALOGUES = "okr catalogues"
_FOLDER = Path(__file__).parent / "translations"


def prepare_languages(app: Flask) -> None:
    """Read the catalogues, and let templates translate."""
    app.extensions[_CATALOGUES] = {language: _catalogue(language) for language in LANGUAGES}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # Else what a filter makes of a fixed value is worked out once, in the language of whoever asked first. What stands
    # as {{ "value" | filter }} by itself is so all the same; a test finds it.
    app.jinja_env.optimized = False
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of i18n
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals |= {"_": _in_template, "language": language, "words": words, "said": said}


def language() -> Language:
    """The language of this answer."""
    found: Language | None = g.get("language")
    if found is None:
        choose_language(_language_of_person())
    return found or cast("Language", g.language)


def choose_language(chosen: str) -> None:
    """From here on the answer is in this language; in the browser's where it is none of ours."""
    asked = request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
    g.language = chosen if chosen in LANGUAGES else asked
    g.translations = current_app.extensions[_CATALOGUES][g.language]


def words() -> Words:
    """How figures and days are written in that language, as in the tables of pages."""
    return words_of(language())


def grouped(number: int) -> str:
    """1,284"""
    return f"{number:,}".replace(",", words().thousands)


def gettext(text: str) -> str:
    """A text of ours in the language of this answer."""
    return _translations().gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """The same for a text that depends on a number."""
    return _translations().ngettext(one, many, number)


def said(why: Explained) -> str:
    """Why something cannot be, as a command or a rule of ours says it."""
    values = {name: said(value) if isinstance(value, Explained) else value for name, value in why.values.items()}
    return gettext(why.text).format(**values) if values else gettext(why.text)


def kept_words(text: str) -> str:
    """A sentence that the service wrote down, such as why a page waits; what is none of ours stays as it is."""
    return words().reasons.get(text) or (gettext(text) if text else "")


def _in_template(text: str, /, **values: object) -> Markup:
    """``_`` of templates: as the extension's own, which asks its context three times for each of a page's words."""
    found = _translations().gettext(text)
    escaped: object = {name: escape(value) for name, value in values.items()} if values else ()
    return Markup(found % escaped)  # noqa: S704  a catalogue of ours


def _translations() -> NullTranslations:
    found: NullTranslations | None = g.get("translations")
    if found is None:
        choose_language(_language_of_person())
    return found or cast("NullTranslations", g.translations)


def _language_of_person() -> str:
    person: Person | None = g.get("person")
    return person.language if person is not None else ""


@cache
def _catalogue(name: Language) -> NullTranslations:
    """A file of ours that never changes while we run, and that takes long to read."""
    path = _FOLDER / f"{name}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=name))
    compiled.seek(0)
    return Translations(compiled)
