"""JQL: what is understood, what it means, and how the rest is refused."""

import pytest

from tests.site import roster
from tests.site.accounts import Account
from tests.site.jql import And, Clause, Not, Or, Order, Value, parse
from tests.site.jql_tokens import JqlError
from tests.unit.site.jira_world import MINUTE, NOON, SmallJira, local


@pytest.fixture
def jira() -> SmallJira:
    return SmallJira()


def word(text: str) -> Value:
    return Value("word", text)


def test_and_binds_more_than_or_and_not_more_than_and() -> None:
    tree = parse("NOT a = 1 AND b = 2 OR c = 3").where
    one, two, three = (Clause(name, "=", (Value("number", n),)) for name, n in (("a", "1"), ("b", "2"), ("c", "3")))
    assert tree == Or((And((Not(one), two)), three))


def test_parentheses_lists_functions_and_order_are_parsed() -> None:
    query = parse("(project IN (ABC, 'two words') OR cf[10036] is not EMPTY) && updated >= now() order by key desc, id")
    assert query.where == And(
        (
            Or((Clause("project", "in", (word("ABC"), Value("string", "two words"))),
                Clause("cf[10036]", "is not", (Value("empty", ""),)))),
            Clause("updated", ">=", (Value("function", "now"),)),
        )
    )  # fmt: skip
    assert query.order == (Order("key", True), Order("id", False))


def test_escapes_in_quotes_are_read() -> None:
    clause = parse(r'summary ~ "say \"hi\" \\ \u0041"').where
    assert clause == Clause("summary", "~", (Value("string", 'say "hi" \\ A'),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("project = (ABC", "Operator '=' does not support lists"),
        ("project in (ABC", "Expecting ')' before the end of the query."),
        ("project = 'ABC", "The quoted string 'ABC' has not been completed. (line 1, character 11)"),
        ("project = a@b", "The character '@' is a reserved JQL character. You must enclose it in a string or use the "
         "escape '\\u0040' instead. (line 1, character 12)"),
        ("set = 1", "'set' is a reserved JQL word. You must surround it in quotation marks to use it in a query."),
        ("project =", "Expecting either a value, list or function before the end of the query."),
        ("project = OR", "Expecting either a value, list or function but got 'OR'. You must surround 'OR' in quotation "
         "marks to use it as a value. (line 1, character 11)"),
        ("project ABC", "Expecting operator but got 'ABC'."),
        ("project = ABC key = ABC-1", "Expecting either 'OR' or 'AND' but got 'key'. (line 1, character 15)"),
        ("project = ABC order key", "Expecting 'BY' but got 'key'."),
        (r"summary ~ 'a\qb'", "'\\q' is an illegal JQL escape sequence."),
        ("(" * 500 + "a = 1" + ")" * 500, "too complex"),
    ],
)  # fmt: skip
def test_what_cannot_be_parsed_is_refused_in_jiras_words(text: str, message: str) -> None:
    with pytest.raises(JqlError) as refused:
        parse(text)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("parent = ABC-1", "ABC-2 ABC-3 ABC-4 GRO-2"),
        ("parent in (ABC-1, 102)", "ABC-2 ABC-3 ABC-4 ABC-5 GRO-2"),
        ("parent not in (ABC-1)", "ABC-5"),
        ("parent is EMPTY", "ABC-1 ABC-6 GRO-1"),
        ("key in (abc-1, ABC-6)", "ABC-1 ABC-6"),
        ("id in (101, 202)", "ABC-1 GRO-2"),
        ("project = 'Project GRO'", "GRO-1 GRO-2"),
        ("project != ABC", "GRO-1 GRO-2"),
        ("status = Done and project = ABC", "ABC-2 ABC-5 ABC-6"),
        ("statusCategory != done and project = abc", "ABC-1 ABC-3 ABC-4"),
        ("statusCategory = 'In Progress'", "ABC-1 ABC-3"),
        ("issuetype in (Epic, Feature)", "ABC-1 GRO-1"),
        ("resolution = Unresolved", "ABC-1 ABC-3 ABC-4 GRO-1 GRO-2"),
        ("resolution != \"Won't Do\"", "ABC-2 ABC-5"),
        ("resolution in (Done, EMPTY) and project = ABC", "ABC-1 ABC-2 ABC-3 ABC-4 ABC-5"),
        ("labels = okr", "ABC-1"),
        ("labels not in (okr)", ""),
        ("'Story Points' > 4", "ABC-3"),
        ("cf[10016] = 3 or cf[10036] = 5", "ABC-3 GRO-2"),
        ("'Story Points' is EMPTY and parent = ABC-1", "ABC-2 ABC-4 GRO-2"),
        ("summary ~ 'hello'", "ABC-3"),
        ("text ~ 'hel*' AND NOT summary ~ nothing", "ABC-3"),
        ("'Epic Link' = ABC-1", "ABC-2 ABC-3 ABC-4 GRO-2"),
        ("NOT (project = ABC OR key = GRO-1)", "GRO-2"),
    ],
)  # fmt: skip
def test_a_query_means_what_it_means_in_jira(jira: SmallJira, jql: str, keys: str) -> None:
    assert jira.keys(jql) == keys.split()


@pytest.mark.parametrize(
    ("jql", "message"),
    [
        ("parent in (ABC-1, ABC-77)", "An issue with key 'ABC-77' does not exist for field 'parent'."),
        ("key = nonsense", "The issue key 'nonsense' for field 'key' is invalid."),
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("status = Dne", "The value 'Dne' does not exist for the field 'status'."),
        ("assignee = x", "Field 'assignee' does not exist or you do not have permission to view it."),
        ("project ~ ABC", "The operator '~' is not supported by the 'project' field."),
        ("summary = x", "The operator '=' is not supported by the 'summary' field."),
        ("project is ABC", "The operator 'is' only supports EMPTY and NULL."),
        ("updated >= '2026-11-22 12:00:30'", "Date value '2026-11-22 12:00:30' for field 'updated' is invalid."),
        ("updated >= startOfNever()", "Unable to find JQL function 'startOfNever()'."),
        ("project = ABC order by assignee", "Not able to sort using field 'assignee'."),
        ("order by key", "Unbounded JQL queries are not allowed here."),
        ("", "Unbounded JQL queries are not allowed here."),
    ],
)
def test_what_jira_does_not_know_is_a_400_with_its_words(jira: SmallJira, jql: str, message: str) -> None:
    assert jira.refusal(jql).startswith(message)


def test_an_issue_that_the_account_may_not_see_does_not_exist_for_it(jira: SmallJira) -> None:
    message = "An issue with key 'ABC-1' does not exist for field 'parent'."
    assert jira.refusal("parent = ABC-1", roster.LOW) == message
    assert jira.refusal("project = ABC", roster.LOW) == "The value 'ABC' does not exist for the field 'project'."


@pytest.mark.parametrize("account", [roster.SYNC, roster.LOW, roster.JIRA_ADMIN])
def test_a_bare_date_is_read_in_the_zone_of_the_account(jira: SmallJira, account: Account) -> None:
    assert jira.keys(f"project = GRO and updated >= '{local(account, 2)}'", account) == ["GRO-2"]


def test_the_same_bare_date_means_another_moment_for_another_account(jira: SmallJira) -> None:
    text = f"project = GRO and updated >= '{local(roster.SYNC, 1)}'"
    assert jira.keys(text, roster.SYNC) == ["GRO-1", "GRO-2"]
    # The same digits, read in Kathmandu, are 10 hours and 45 minutes earlier, read in Berlin 6 hours.
    before = f"project = GRO and updated < '{local(roster.SYNC, 1)}'"
    assert jira.keys(before, roster.LOW) == []
    assert jira.keys(f"project = GRO and updated >= '{local(roster.LOW, 1)}'", roster.SYNC) == []


def test_epoch_milliseconds_are_the_same_for_everybody(jira: SmallJira) -> None:
    for account in (roster.SYNC, roster.LOW):
        assert jira.keys(f"project = GRO and updated >= {NOON + 2 * MINUTE}", account) == ["GRO-2"]
        assert jira.keys(f"project = GRO and updated > {NOON + 2 * MINUTE}", account) == []


def test_a_relative_date_counts_from_now(jira: SmallJira) -> None:
    jira.call("PUT", "/issue/ABC-4", json={"fields": {"summary": "just now"}})
    assert jira.keys("project = ABC and updated >= -5m") == ["ABC-4"]
    assert "ABC-4" not in jira.keys("project = ABC and updated < -1h")


def test_a_name_in_two_categories_stands_for_both(jira: SmallJira) -> None:
    jira.store.put("statuses", "99", {"id": "99", "name": "DONE", "category": "new"})
    jira.store.all("issues")["104"]["status"] = "99"
    assert jira.keys("status = done and parent = ABC-1") == ["ABC-2", "ABC-4"]
    assert jira.keys("statusCategory = Done and parent = ABC-1") == ["ABC-2"]
