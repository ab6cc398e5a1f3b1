"""The names of calls, read off the wire."""

from __future__ import annotations

from tests.chaos.conversations import HttpCalls, RedisCalls, Transactions


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4) + body


def _opened() -> Transactions:
    talk = Transactions()
    assert talk.sent((8).to_bytes(4) + b"\0\3\0\0") == ""
    return talk


def test_a_call_is_named_by_its_method_and_path_without_numbers() -> None:
    talk = HttpCalls()
    assert (
        talk.sent(b"GET /ex/jira/1-2/rest/api/3/issue/PAY-7?fields=id HTTP/1.1\r\n") == "GET /jira/rest/api/*/issue/*"
    )
    assert talk.sent(b"more of it") == ""
    assert talk.answered(b"HTTP/1.1 200") == "GET /jira/rest/api/*/issue/*"
    assert talk.answered(b"the body") == ""


def test_a_page_as_it_was_is_another_call_than_the_page() -> None:
    path = b"GET /wiki/api/v2/pages/17"
    assert HttpCalls().sent(path + b" HTTP/1.1") == "GET /wiki/api/v2/pages/*"
    assert HttpCalls().sent(path + b"?version=3 HTTP/1.1") == "GET /wiki/api/v2/pages/* (older version)"
    assert HttpCalls().sent(path + b"?get-draft=true HTTP/1.1") == "GET /wiki/api/v2/pages/* (draft)"


def test_a_bundle_of_commands_is_named_by_the_first_that_does_something() -> None:
    assert RedisCalls().sent(b"*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n") == "redis SET"


def test_a_commit_is_named_by_the_tables_that_changed() -> None:
    talk = _opened()
    assert talk.sent(_message(b"Q", b"BEGIN\0")) == ""
    assert talk.sent(_message(b"P", b"one\0INSERT INTO work (id) VALUES (1)\0\0\0")) == ""
    assert talk.sent(_message(b"B", b"\0one\0")) == ""
    assert talk.sent(_message(b"Q", b"UPDATE delivery SET x = 1\0")) == ""
    assert talk.sent(_message(b"Q", b"COMMIT\0")) == "commit delivery+work"
    assert talk.answered(b"C") == "commit delivery+work"


def test_a_prepared_statement_is_known_by_its_name_and_messages_may_come_in_parts() -> None:
    talk = _opened()
    talk.sent(_message(b"P", b"one\0UPDATE lease SET x = 1\0\0\0"))
    for _ in range(2):
        talk.sent(_message(b"Q", b"BEGIN\0"))
        bound = _message(b"B", b"\0one\0")
        assert talk.sent(bound[:3]) == ""
        assert talk.sent(bound[3:]) == ""
        assert talk.sent(_message(b"Q", b"COMMIT\0")) == "commit lease"


def test_reading_alone_and_what_is_rolled_back_are_no_points() -> None:
    talk = _opened()
    for first, last in ((b"SELECT 1 FROM work\0", b"COMMIT\0"), (b"UPDATE work SET x = 1\0", b"ROLLBACK\0")):
        talk.sent(_message(b"Q", b"BEGIN\0"))
        talk.sent(_message(b"Q", first))
        assert talk.sent(_message(b"Q", last)) == ""
