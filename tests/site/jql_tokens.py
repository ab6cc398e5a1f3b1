"""The words of JQL: text to tokens, and the messages for what is no word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


class JqlError(Exception):
    """A query that Jira answers with 400; the text is its error message."""


# [S] support.atlassian.com, "JQL reserved words and characters".
_RESERVED = """
abort access add after alias all alter and any are as asc at audit avg before begin between boolean break by
byte catch cf char character check checkpoint collate collation column commit connect continue count create
current date decimal declare decrement default defaults define delete delimiter desc difference distinct divide
do double drop else empty encoding end equals escape exclusive exec execute exists explain false fetch file
field first float for from function go goto grant greater group having identified if immediate in increment
index initial inner inout input insert int integer intersect intersection into is isempty isnull join last left
less like limit lock long max min minus mode modify modulo more multiply next noaudit not notin nowait null
number object of on option or order outer output power previous prior privileges public raise raw remainder
rename resource return returns revoke right row rowid rownum rows select session set share size sqrt start
strict string subtract sum synonym table then to trans transaction trigger true uid union unique update user
validate values view when whenever where while with
"""
RESERVED_WORDS = frozenset(_RESERVED.split())
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "\\": "\\", '"': '"', "'": "'", " ": " "}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<open>["'])
    |(?P<custom>cf\s*\[\s*\d+\s*\])
    |(?P<operator><=|>=|!=|!~|&&|\|\||=|<|>|~|!)
    |(?P<bracket>[(),])
    |(?P<word>(?:\\.|[^\s"'()<>=!~,&|+.;?*/%^$\#@\[\]{}`\\])+)
    |(?P<reserved>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SAME = {"&&": "and", "||": "or", "!": "not"}


@dataclass(frozen=True)
class Token:
    """A word, string, operator, bracket, `cf[n]`, or the end; `start` is its place in the text."""

    kind: str
    text: str
    start: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words, in any case."""
        return self.kind == "word" and self.text.lower() in words


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, ending with one of kind `end`. Raises JqlError."""
    for match in _TOKEN.finditer(text):
        kind, found, start = match.lastgroup or "", match.group(), match.start()
        if kind == "open":
            # [S] wording: github.com/steyep/alfred-jira issue 95.
            raise located(text, f"The quoted string '{text[start + 1 :]}' has not been completed.", start)
        if kind == "reserved":
            raise _reserved_character(text, found, start)
        if kind == "operator" and found in _SAME:
            yield Token("word", _SAME[found], start)
        elif kind != "space":
            yield Token(kind, _unescaped(text, found, start) if kind in ("string", "word") else found, start)
    yield Token("end", "", len(text))


def _unescaped(text: str, found: str, start: int) -> str:
    inner = found[1:-1] if found[0] in "\"'" else found

    def replace(match: re.Match[str]) -> str:
        if match.group(1).startswith("u") and len(match.group(1)) == 5:
            return chr(int(match.group(1)[1:], 16))
        if match.group(1) not in _ESCAPES:
            escape = f"'\\{match.group(1)}' is an illegal JQL escape sequence."
            valid = "The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ '."
            raise located(text, f"{escape} {valid}", start)
        return _ESCAPES[match.group(1)]

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", replace, inner, flags=re.DOTALL)


def located(text: str, message: str, position: int) -> JqlError:
    """An error with line and character, as Jira writes it."""
    line = text.count("\n", 0, position) + 1
    character = position - (text.rfind("\n", 0, position) + 1) + 1
    return JqlError(f"Error in the JQL Query: {message} (line {line}, character {character})")


def _reserved_character(text: str, character: str, position: int) -> JqlError:
    # [S] wording: github.com/tebriel/jira-cli issue 21.
    advice = f"You must enclose it in a string or use the escape '\\u{ord(character):04x}' instead."
    return located(text, f"The character '{character}' is a reserved JQL character. {advice}", position)
