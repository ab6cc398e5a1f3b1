"""``make translations``: brings the catalogues of the screens up to the words that templates and code use.

What is new stands in a catalogue without a translation, what nobody uses is taken out; tests/unit/web/test_language.py
fails until each has its words. The service itself reads the catalogues as they are: nothing is compiled.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from mapping.words import LANGUAGES

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "web" / "translations"
# Which argument holds the text, where it is not the first.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "sentence": None,
    "NotPossible": None,
    "NotPossibleNow": None,
    "NotAsShown": None,
    "Explained": None,
    "BadSiteAddress": None,
    "InvalidOkr": None,
    "InvalidTable": None,
    "InvalidRule": (2,),
    "WrongChoice": (2,),
    "WrongField": (2,),
    "Hint": (3,),
}
# Where words that screens show are written; the terminal speaks English.
PLACES = {
    "web": [("cli/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")],
    "sync": [("**.py", "python")],
    "connector": [("**.py", "python")],
    "mapping": [("**.py", "python")],
}
OPTIONS = {"**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
WIDTH = 120
# No names and no dates: git knows them.
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def used() -> Catalog:
    """Every text that templates and code use, in the order of the files."""
    catalog = Catalog(project="OKR Connector", charset="utf-8")
    for text, place in sorted(_texts(), key=lambda found: found[1]):
        catalog.add(text, locations=[(place, 0)] if place else ())
    return catalog


def load(language: str) -> Catalog:
    """The catalogue as it is kept; an empty one where there is none yet."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="OKR Connector", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up(language: str) -> Catalog:
    """The kept catalogue with exactly the texts that are used."""
    catalog, present = load(language), used()
    catalog.update(present, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def write(language: str, catalog: Catalog) -> None:
    """Keep the catalogue, in the order of the files that use its texts."""
    entries = BytesIO()
    write_po(entries, catalog, width=WIDTH, omit_header=True, sort_by_file=True)
    header = HEADER.format(language=language, plural_forms=catalog.plural_forms)
    (FOLDER / f"{language}.po").write_bytes(header.encode() + entries.getvalue())


def main() -> int:
    """Write every catalogue but the English one anew."""
    for language in LANGUAGES[1:]:
        catalog = brought_up(language)
        write(language, catalog)
        missing = [message for message in catalog if message.id and not all(_strings(message.string or ""))]
        print(f"{language}: {len(catalog)} texts, {len(missing)} without a translation")
    return 0


def _strings(string: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def _texts() -> Iterator[tuple[str | tuple[str, ...], str]]:
    for place, methods in PLACES.items():
        for file, _, text, _, _ in extract_from_dir(ROOT / place, methods, OPTIONS, KEYWORDS):
            yield text, f"{place}/{file}"


if __name__ == "__main__":
    sys.exit(main())
