"""JQL: text to a syntax tree, with Jira's own messages for what it refuses."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tests.site.jql_tokens import RESERVED_WORDS, JqlError, Token, located, tokens

ValueKind = Literal["word", "string", "number", "empty", "function"]


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


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._position = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _take(self) -> Token:
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

    def _refuse_reserved(self, token: Token) -> None:
        if token.text.lower() in RESERVED_WORDS:
            # [S] wording: github.com/canonical/gh-jira-sync-bot issue 45.
            advice = "You must surround it in quotation marks to use it in a query."
            raise located(self._text, f"'{token.text}' is a reserved JQL word. {advice}", token.start)

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
        if token.text.lower() in RESERVED_WORDS:
            self._position -= 1
            raise self._expected_value()
        return Value("number" if re.fullmatch(r"-?\d+", token.text) else "word", token.text)

    def _function(self, name: Token) -> Value:
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
        return located(self._text, message, self._next.start)
