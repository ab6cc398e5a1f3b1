"""JQL: text to a syntax tree, with Jira's own messages for what it refuses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

ValueKind = Literal["word", "string", "number", "empty", "function"]


class JqlError(Exception):
    """A query that Jira answers with 400; the text is its error message."""


@dataclass(frozen=True)
class Value:
    """One operand. `text` is the unescaped value, or the name of a function without its brackets."""

    kind: ValueKind
    text: str


@dataclass(frozen=True)
class Clause:
    """`field operator operand`; the field as written, the operator in lower case (`not in`, `is not` …)."""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class And:
    """All parts hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Or:
    """At least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition: TypeAlias = Clause | And | Or | Not


@dataclass(frozen=True)
class Order:
    """One field to sort by."""

    field: str
    descending: bool


@dataclass(frozen=True)
class Query:
    """A parsed query; `where` is None if it has no search restriction."""

    where: Condition | None
    order: tuple[Order, ...]


def parse(text: str) -> Query:
    """The query's tree. Raises JqlError with the message that Jira gives."""
    return _Parser(text).query()


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
_RESERVED_WORDS = frozenset(_RESERVED.split())
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
class _Token:
    kind: str
    text: str
    start: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind, found, start = match.lastgroup or "", match.group(), match.start()
        if kind == "open":
            # [S] wording: github.com/steyep/alfred-jira issue 95.
            raise _located(text, f"The quoted string '{text[start + 1 :]}' has not been completed.", start)
        if kind == "reserved":
            raise _reserved_character(text, found, start)
        if kind == "operator" and found in _SAME:
            yield _Token("word", _SAME[found], start)
        elif kind != "space":
            yield _Token(kind, _unescaped(text, found, start) if kind in ("string", "word") else found, start)
    yield _Token("end", "", len(text))


def _unescaped(text: str, found: str, start: int) -> str:
    inner = found[1:-1] if found[0] in "\"'" else found

    def replace(match: re.Match[str]) -> str:
        if match.group(1).startswith("u") and len(match.group(1)) == 5:
            return chr(int(match.group(1)[1:], 16))
        if match.group(1) not in _ESCAPES:
            escape = f"'\\{match.group(1)}' is an illegal JQL escape sequence."
            valid = "The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ '."
            raise _located(text, f"{escape} {valid}", start)
        return _ESCAPES[match.group(1)]

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", replace, inner, flags=re.DOTALL)


def _located(text: str, message: str, position: int) -> JqlError:
    line = text.count("\n", 0, position) + 1
    character = position - (text.rfind("\n", 0, position) + 1) + 1
    return JqlError(f"Error in the JQL Query: {message} (line {line}, character {character})")


def _reserved_character(text: str, character: str, position: int) -> JqlError:
    # [S] wording: github.com/tebriel/jira-cli issue 21.
    advice = f"You must enclose it in a string or use the escape '\\u{ord(character):04x}' instead."
    return _located(text, f"The character '{character}' is a reserved JQL character. {advice}", position)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._position = 0
        self._depth = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._position]

    def _take(self) -> _Token:
        token = self._next
        self._position += 1
        return token

    def _takes(self, *words: str) -> bool:
        if self._next.is_word(*words):
            self._position += 1
            return True
        return False

    def query(self) -> Query:
        where = None
        if self._next.kind != "end" and not self._next.is_word("order"):
            where = self._any_of()
        order = self._order() if self._takes("order") else ()
        if self._next.kind != "end":
            raise self._expected("either 'OR' or 'AND'")
        return Query(where, order)

    def _order(self) -> tuple[Order, ...]:
        if not self._takes("by"):
            raise self._expected("'BY'")
        orders = [self._one_order()]
        while self._next.text == "," and self._next.kind == "bracket":
            self._take()
            orders.append(self._one_order())
        return tuple(orders)

    def _one_order(self) -> Order:
        field = self._field()
        if self._takes("desc"):
            return Order(field, True)
        self._takes("asc")
        return Order(field, False)

    def _any_of(self) -> Condition:
        parts = [self._all_of()]
        while self._takes("or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all_of(self) -> Condition:
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Condition:
        self._depth += 1
        # [U] Jira's own limit on nesting is not known; this one keeps a hostile query from exhausting the stack.
        if self._depth > 100:
            raise JqlError("The JQL query is too complex.")
        try:
            if self._takes("not"):
                return Not(self._one())
            return self._group() if self._next.text == "(" and self._next.kind == "bracket" else self._clause()
        finally:
            self._depth -= 1

    def _group(self) -> Condition:
        self._take()
        inside = self._any_of()
        self._close()
        return inside

    def _close(self) -> None:
        if self._next.kind == "bracket" and self._next.text == ")":
            self._take()
            return
        if self._next.kind == "end":
            # [S] wording: github.com/bobcarroll/jira-client issue 277.
            raise JqlError("Error in the JQL Query: Expecting ')' before the end of the query.")
        raise self._expected("')'")

    def _clause(self) -> Clause:
        field = self._field()
        operator = self._operator(field)
        return Clause(field, operator, self._operand(operator))

    def _field(self) -> str:
        token = self._take()
        if token.kind == "custom":
            return re.sub(r"\s+", "", token.text.lower())
        if token.kind == "word":
            self._refuse_reserved(token)
        if token.kind not in ("word", "string"):
            self._position -= 1
            raise self._expected("a field name")
        return token.text

    def _refuse_reserved(self, token: _Token) -> None:
        if token.text.lower() in _RESERVED_WORDS:
            # [S] wording: github.com/canonical/gh-jira-sync-bot issue 45.
            advice = "You must surround it in quotation marks to use it in a query."
            raise _located(self._text, f"'{token.text}' is a reserved JQL word. {advice}", token.start)

    def _operator(self, field: str) -> str:
        if self._next.kind == "operator":
            return self._take().text
        if self._takes("in"):
            return "in"
        if self._takes("is"):
            return "is not" if self._takes("not") else "is"
        if self._takes("not") and self._takes("in"):
            return "not in"
        operators = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'IS'"
        raise self._expected(f"operator but got '{self._next.text}'. The valid operators are {operators}", bare=True)

    def _operand(self, operator: str) -> tuple[Value, ...]:
        is_list = self._next.kind == "bracket" and self._next.text == "("
        if not is_list:
            return (self._value(),)
        if operator not in ("in", "not in"):
            raise JqlError(f"Operator '{operator}' does not support lists. Use the 'in' operator instead.")
        self._take()
        values = [self._value()]
        while self._next.text == "," and self._next.kind == "bracket":
            self._take()
            values.append(self._value())
        self._close()
        return tuple(values)

    def _value(self) -> Value:
        token = self._take()
        if token.kind == "string":
            return Value("string", token.text)
        if token.kind != "word":
            self._position -= 1
            raise self._expected_value()
        if token.is_word("empty", "null"):
            return Value("empty", "")
        if self._next.kind == "bracket" and self._next.text == "(":
            return self._function(token)
        if token.text.lower() in _RESERVED_WORDS:
            self._position -= 1
            raise self._expected_value()
        return Value("number" if re.fullmatch(r"-?\d+", token.text) else "word", token.text)

    def _function(self, name: _Token) -> Value:
        self._take()
        self._close()
        return Value("function", name.text)

    def _expected_value(self) -> JqlError:
        # [S] wording: github.com/turbot/steampipe-plugin-jira issue 200.
        got = self._next.text
        if self._next.kind == "end":
            return self._expected("either a value, list or function")
        advice = f"You must surround '{got}' in quotation marks to use it as a value."
        return self._expected(f"either a value, list or function but got '{got}'. {advice}", bare=True)

    def _expected(self, what: str, bare: bool = False) -> JqlError:
        if self._next.kind == "end":
            return JqlError(f"Error in the JQL Query: Expecting {what} before the end of the query.")
        message = f"Expecting {what}" if bare else f"Expecting {what} but got '{self._next.text}'."
        return _located(self._text, message, self._next.start)
