"""What people call the columns and rows of OKR tables that they made by hand, in English and German."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from mapping.visible_text import folded
from mapping.words import Language


class Meaning(StrEnum):
    """What a column holds. ``AIM`` says baseline and target in one cell (``38 → 20 s``); ``LABEL`` only names or
    numbers its row; ``IGNORE`` was chosen by a person; ``UNKNOWN`` is everything else. Both are left out."""

    OBJECTIVE = "objective"
    KEY_RESULT = "key_result"
    LABEL = "label"
    WHY = "why"
    OWNER = "owner"
    SPONSOR = "sponsor"
    TEAM = "team"
    AIM = "aim"
    BASELINE = "baseline"
    TARGET = "target"
    NOW = "now"
    UNIT = "unit"
    PROGRESS = "progress"
    CONFIDENCE = "confidence"
    DUE = "due"
    INITIATIVES = "initiatives"
    NEXT_STEP = "next_step"
    BLOCKERS = "blockers"
    NOTE = "note"
    IGNORE = "ignore"
    UNKNOWN = "unknown"


# A phrase after "=" must be the whole header; any other may stand among more words. ``|`` separates the phrases.
_ENGLISH = {
    Meaning.OBJECTIVE: "objective|objectives|=o",
    Meaning.KEY_RESULT: "key result|key results|keyresult|keyresults|kr|krs|=result|=results",
    Meaning.LABEL: "=#|=no|=number|=id|=key",
    Meaning.WHY: "why|rationale|context",
    Meaning.OWNER: "owner|owners|dri|responsible|accountable|lead|assignee|who",
    Meaning.SPONSOR: "sponsor|sponsors",
    Meaning.TEAM: "team|teams|squad",
    Meaning.AIM: "metric|metrics|measure|kpi|measurement|=from to|from → to|from - to|from / to",
    Meaning.BASELINE: "baseline|=from|=start|start value|starting value|starting point|initial value|initial",
    Meaning.TARGET: "target|targets|target value|=to|=goal|=end|end value",
    Meaning.NOW: "now|current|actual|actuals|current value|today|latest|latest value|=value",
    Meaning.UNIT: "unit|units",
    Meaning.PROGRESS: "progress|% done|% complete|completion|complete|=%|=done|score|grade|achieved|attainment",
    Meaning.CONFIDENCE: "confidence|confidence level|rag|health|=status|rag status|status",
    Meaning.DUE: "due|due date|deadline|target date|start date|end date|=date|by when|timeline|last updated|updated",
    Meaning.INITIATIVES: "initiative|initiatives|epic|epics|jira|jira link|tickets|ticket|issues|projects",
    Meaning.NEXT_STEP: "next step|next steps|next action|next actions|=next|action|actions|todo|to do",
    Meaning.BLOCKERS: "blocker|blockers|impediments|=risks|obstacles",
    Meaning.NOTE: "comment|comments|note|notes|remarks|remark|update|updates|learnings",
}
_GERMAN = {
    Meaning.OBJECTIVE: "zielsetzung|qualitatives ziel",
    Meaning.KEY_RESULT: "schlüsselergebnis|schlüsselergebnisse|ergebnis|=ergebnisse|schlüsselresultat|"
    "schlüsselresultate",
    Meaning.LABEL: "=nr|=nummer|=schlüssel",
    Meaning.WHY: "warum|begründung|wozu",
    Meaning.OWNER: "verantwortlich|verantwortliche|verantwortlicher|verantwortung|zuständig|wer|besitzer",
    Meaning.SPONSOR: "sponsorin|auftraggeber",
    Meaning.TEAM: "bereich|abteilung",
    Meaning.AIM: "messgröße|metrik|kennzahl|messung|=von bis|=von auf|messkriterium",
    Meaning.BASELINE: "startwert|ausgangswert|anfangswert|ausgangslage|=von",
    Meaning.TARGET: "zielwert|sollwert|=soll|=auf|=bis|=ziel",
    Meaning.NOW: "istwert|ist-wert|=ist|aktuell|aktueller wert|aktueller stand|=stand|derzeit|heute",
    Meaning.UNIT: "einheit",
    Meaning.PROGRESS: "fortschritt|erfüllung|zielerreichung|erreicht|erledigt",
    Meaning.CONFIDENCE: "zuversicht|konfidenz|ampel|ampelstatus|vertrauen",
    Meaning.DUE: "fällig|fällig am|fälligkeit|termin|bis wann|=datum|frist|enddatum|zieltermin",
    Meaning.INITIATIVES: "initiativen|maßnahme|maßnahmen|vorhaben|projekte",
    Meaning.NEXT_STEP: "nächster schritt|nächste schritte|=nächstes",
    Meaning.BLOCKERS: "blockaden|hindernis|hindernisse|=risiken",
    Meaning.NOTE: "kommentar|kommentare|bemerkung|bemerkungen|notiz|notizen|anmerkung|anmerkungen",
}


def _phrases(words: Mapping[Meaning, str]) -> dict[str, Meaning]:
    return {phrase: meaning for meaning, text in words.items() for phrase in text.split("|")}


_BY_LANGUAGE: Mapping[Language, Mapping[str, Meaning]] = MappingProxyType(
    {"en": MappingProxyType(_phrases(_ENGLISH)), "de": MappingProxyType(_phrases(_GERMAN))}
)
# A header is short; a longer text is a sentence that happens to hold one of these words.
_LONGEST_HEADER = 60
# Alone, these name key results; beside a column that names them surely, they tell how far each one came.
_RESULT = frozenset({"result", "results", "ergebnis", "ergebnisse"})
_APART = re.compile(r"[^\w#%→/-]+")
_NUMBERED = re.compile(r"(?<=[a-zß]) ?\d{1,2}$")

_OBJECTIVE_MARK = re.compile(
    r"(?:objective|o|ziel|goal)\s*(?:#?\s*\d{1,3}(?:\.\d{1,3})?\s*(?:[.:)|–—-]\s*|\s+|$)|[:–—]\s*|$)", re.IGNORECASE
)
_KEY_RESULT_MARK = re.compile(
    r"(?:key[ -]?results?|kr|schlüsselergebnis|se)\s*"
    r"(?:#?\s*\d{1,3}(?:\.\d{1,3}){0,2}\s*(?:[.:)|–—-]\s*|\s+|$)|[:–—]\s*|$)",
    re.IGNORECASE,
)
_NUMBER_MARK = re.compile(r"#?\d{1,3}(?:\.\d{1,3}){0,2}[.)]\s+|#?\d{1,3}(?:\.\d{1,3}){0,2}[.)]?$")
_TOTAL = re.compile(
    r"(?:total|sum|average|mean|overall|ø|gesamt|summe|durchschnitt|mittelwert)\b.{0,30}", re.IGNORECASE
)


def header_meaning(text: str) -> tuple[Meaning, Language] | None:
    """What a header says; None where it says nothing that is known, or is no header at all."""
    found = _found_in(_as_header(text)) if len(text) <= _LONGEST_HEADER else {}
    if not found:
        return None
    meanings = {meaning for meaning, _ in found.values()}
    if {Meaning.BASELINE, Meaning.TARGET} <= meanings:
        return Meaning.AIM, next(iter(found.values()))[1]
    return found[max(found, key=len)]


def says_result(header: str) -> bool:
    """``Result``, which is a key result or how far one came."""
    return _as_header(header) in _RESULT


def objective_title(text: str) -> str | None:
    """``O1: Paying feels instant`` → ``Paying feels instant``; None where nothing marks it as an objective."""
    return _after(_OBJECTIVE_MARK, text)


def key_result_title(text: str) -> str | None:
    """``KR 1.2 – Median checkout time`` → ``Median checkout time``; None where nothing marks it as a key result."""
    return _after(_KEY_RESULT_MARK, text)


def unnumbered(text: str) -> str:
    """Without a number at its start: ``2. Median checkout time`` → ``Median checkout time``."""
    mark = _NUMBER_MARK.match(text)
    return text[mark.end() :].strip() or text if mark else text


def is_number_mark(text: str) -> bool:
    """``1``, ``1.2`` or ``#3``, which only number a row."""
    mark = _NUMBER_MARK.match(text)
    return mark is not None and mark.end() == len(text)


def is_total(text: str) -> bool:
    """The first words of a row that sums up others."""
    return _TOTAL.fullmatch(text) is not None


def _after(mark: re.Pattern[str], text: str) -> str | None:
    found = mark.match(text)
    return None if found is None else text[found.end() :].strip()


def _as_header(text: str) -> str:
    words = folded(_APART.sub(" ", text.casefold().replace("✎", " ")))
    return _NUMBERED.sub("", words.strip("-/ "))


def _found_in(header: str) -> dict[str, tuple[Meaning, Language]]:
    return {phrase: found for phrase, found in _known_phrases() if _says(header, phrase)}


def _known_phrases() -> Iterator[tuple[str, tuple[Meaning, Language]]]:
    for language, phrases in _BY_LANGUAGE.items():
        for phrase, meaning in phrases.items():
            yield phrase, (meaning, language)


def _says(header: str, phrase: str) -> bool:
    if phrase.startswith("="):
        return header == phrase[1:]
    return f" {phrase} " in f" {header.replace('/', ' / ')} " or header == phrase
