"""Every method of the clients × everything that can come back instead of an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
import requests
import responses
from urllib3.exceptions import IncompleteRead, ProtocolError

from connector.errors import (
    Conflict,
    Forbidden,
    Gone,
    OutsideError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from tests.unit.connector.every_call import (
    ALL_CALLS,
    DATA_CENTER_CALLS,
    DELETE_DATA_CENTER_WEBHOOK,
    READING_CALLS,
    OneCall,
)
from tests.unit.connector.recorded_calls import SITE, TOKEN, Counted

JIRA_ERROR = json.dumps({"errorMessages": ["Jira's own words"], "errors": {"jql": "about the query"}})
CONFLUENCE_ERROR = json.dumps({"errors": [{"status": 1, "code": "X", "title": "Its own words", "detail": "more"}]})
HTML = "<!DOCTYPE html><html><title>Log in</title></html>"
DATA_CENTER_ERROR = json.dumps({"statusCode": 1, "data": {"authorized": False}, "message": "Its words"})
STALE = json.dumps({"errors": [{"title": "Version must be incremented on update. Current version is: 9"}]})


EVERY_CALL = (*ALL_CALLS, *DATA_CENTER_CALLS, DELETE_DATA_CENTER_WEBHOOK)
EVERY_READING_CALL = (*READING_CALLS, *DATA_CENTER_CALLS)


@dataclass(frozen=True)
class Answered:
    """What the site answers, and what the client must make of it."""

    name: str
    error: type[OutsideError]
    status: int = 200
    body: str | Exception = ""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


def _json_error(status: int, error: type[OutsideError]) -> list[Answered]:
    bodies = (("Jira", JIRA_ERROR), ("Confluence", CONFLUENCE_ERROR), ("Data Center", DATA_CENTER_ERROR))
    return [Answered(f"{status} as {name} says it", error, status, body) for name, body in bodies]


HTML_HEADERS = {"Content-Type": "text/html; charset=utf-8"}
REFUSALS = (
    *_json_error(400, Rejected),
    *_json_error(401, Unauthorized),
    *_json_error(403, Forbidden),
    *_json_error(404, Gone),
    *_json_error(409, Conflict),
    *_json_error(410, Gone),
    *_json_error(413, Rejected),
    *_json_error(415, Rejected),
    *_json_error(429, RateLimited),
    *_json_error(500, Unavailable),
    Answered("400 for a stale version", Conflict, 400, STALE),
    Answered("400 without a word", Rejected, 400),
    Answered("401 as plain text", Unauthorized, 401, "Client must be authenticated", {"Content-Type": "text/plain"}),
    Answered("401 of the gateway", Unauthorized, 401, '{"code":401,"message":"Unauthorized; scope does not match"}'),
    Answered("401 as a web page", Unauthorized, 401, HTML, HTML_HEADERS),
    Answered("403 of a firewall", Unavailable, 403, HTML, HTML_HEADERS),
    Answered("403 wanting a captcha", Unauthorized, 403, HTML, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}),
    Answered("403 without a word", Forbidden, 403),
    Answered("404 as a web page", Unavailable, 404, HTML, HTML_HEADERS),
    Answered("404 of the gateway", Unavailable, 404, '{"code":404,"message":"Not Found"}'),
    Answered("404 without a word", Unavailable, 404),
    Answered("408", Unavailable, 408),
    Answered("425", Unavailable, 425),
    Answered("502 as a web page", Unavailable, 502, HTML, HTML_HEADERS),
    Answered("503", Unavailable, 503),
    Answered("503 that says when", RateLimited, 503, "", {"Retry-After": "30"}),
    Answered("504", Unavailable, 504),
    Answered("599", Unavailable, 599),
    Answered("a redirect to a login page", Unavailable, 302, "", {"Location": "https://id.example/login"}),
    Answered("200 as a web page", Unavailable, 200, HTML, HTML_HEADERS),
    Answered("200 as a web page that says it is JSON", Unavailable, 200, f"\n {HTML}"),
    Answered("a refused connection", Unavailable, body=requests.ConnectionError("refused")),
    Answered("no answer in time", Unavailable, body=requests.ReadTimeout("slow")),
    Answered("no connection in time", Unavailable, body=requests.ConnectTimeout("slow")),
    Answered("an untrusted certificate", Unavailable, body=requests.exceptions.SSLError("bad")),
    Answered("a proxy that is away", Unavailable, body=requests.exceptions.ProxyError("away")),
    Answered("an answer that breaks off", Unavailable, body=requests.exceptions.ChunkedEncodingError("cut")),
    Answered("a bad compression", Unavailable, body=requests.exceptions.ContentDecodingError("gzip")),
    Answered("an answer shorter than announced", Unavailable, body=ProtocolError("cut", IncompleteRead(1, 2))),
)
UNUSABLE = (
    Answered("200 with nothing", Unavailable),
    Answered("200 with spaces", Unavailable, body=" \n"),
    Answered("204", Unavailable, 204),
    Answered("truncated JSON", Unavailable, body='{"issues": [{"id": "1"'),
    Answered("a text", Unavailable, body='"fine"'),
    Answered("null", Unavailable, body="null"),
    Answered("a number", Unavailable, body="7"),
    Answered("an empty object", Unavailable, body="{}"),
    Answered("a list of numbers", Unavailable, body="[1, 2]"),
    Answered("NaN", Unavailable, body='{"count": NaN}'),
    Answered("nested without end", Unavailable, body="[" * 100_000),
    Answered("a number of 5,000 digits", Unavailable, body='{"count": ' + "9" * 5000 + "}"),
    Answered("an error with status 200", Unavailable, body=JIRA_ERROR),
    Answered("bytes that are no text", Unavailable, body="\udcff\udcfe"),
)


def _answer_with(answered: Answered, call: OneCall) -> None:
    body = answered.body if isinstance(answered.body, Exception) else answered.body.encode(errors="surrogateescape")
    responses.add(call.verb, SITE + call.path, status=answered.status, body=body, headers=answered.headers)


@pytest.mark.parametrize("call", EVERY_CALL, ids=lambda call: call.name)
@pytest.mark.parametrize("answered", REFUSALS, ids=lambda answered: answered.name)
@responses.activate
def test_a_refusal_becomes_the_error_that_says_what_to_do(answered: Answered, call: OneCall) -> None:
    _answer_with(answered, call)
    counted = Counted()
    with pytest.raises(answered.error) as caught:
        call.run(counted)
    assert type(caught.value) is answered.error
    assert len(responses.calls) == len(counted.calls) == 1
    assert counted.calls[0][2] == (0 if isinstance(answered.body, Exception) else answered.status)
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("call", EVERY_READING_CALL, ids=lambda call: call.name)
@pytest.mark.parametrize("answered", UNUSABLE, ids=lambda answered: answered.name)
@responses.activate
def test_an_answer_that_is_not_whole_is_no_answer(answered: Answered, call: OneCall) -> None:
    _answer_with(answered, call)
    with pytest.raises(Unavailable):
        call.run()
    assert len(responses.calls) == 1


@pytest.mark.parametrize("call", EVERY_CALL, ids=lambda call: call.name)
@responses.activate
def test_each_call_is_counted_under_its_template(call: OneCall) -> None:
    responses.add(call.verb, SITE + call.path, status=500)
    counted = Counted()
    with pytest.raises(Unavailable):
        call.run(counted)
    ((verb, template, status),) = counted.calls
    assert (verb, status) == (call.verb, 500)
    assert "77" not in template
    assert "PAY-1" not in template


@responses.activate
def test_the_vendors_words_are_told_in_one_short_line() -> None:
    said = {"errorMessages": ["first\nline\x1b[31m", "token=abcdefghijkl"], "errors": {"jql": "x" * 5000}}
    responses.post(f"{SITE}/rest/api/3/search/approximate-count", status=400, json=said)
    with pytest.raises(Rejected) as caught:
        READING_CALLS[2].run()
    text = str(caught.value)
    assert text.startswith(
        "POST /rest/api/3/search/approximate-count was answered with 400: first line [31m; token=[hidden]; jql: xxx"
    )
    assert len(text) < 400
    assert caught.value.status == 400


@responses.activate
def test_confluences_words_are_its_titles_and_details() -> None:
    responses.get(f"{SITE}/wiki/api/v2/pages/77", status=404, body=CONFLUENCE_ERROR)
    with pytest.raises(Gone, match=r"404: Its own words; more\. It is not there, or this account may not see it"):
        next(call for call in READING_CALLS if call.name == "read").run()


@responses.activate
def test_a_rate_limit_says_how_long_and_what() -> None:
    headers = {"Retry-After": "17", "RateLimit-Reason": "jira-quota-tenant-based"}
    responses.get(f"{SITE}/rest/api/3/myself", status=429, headers=headers)
    with pytest.raises(RateLimited, match="asks to wait 17 s") as caught:
        next(call for call in READING_CALLS if call.name == "myself").run()
    assert (caught.value.retry_after, caught.value.scope) == (17.0, "quota")
    assert len(responses.calls) == 1


@responses.activate
def test_a_deletion_needs_no_content() -> None:
    call = ALL_CALLS[-1]
    responses.delete(SITE + call.path, status=204, headers={"Content-Type": "text/html"})
    assert call.run() is None


@pytest.mark.parametrize(
    ("status", "body", "headers", "said"),
    [
        (200, HTML, HTML_HEADERS, "was answered with a web page instead of data. Check the address"),
        (200, "", {}, "was answered with nothing."),
        (200, "{", {}, "was answered with something that is not whole JSON."),
        (302, "", {"Location": "https://id.example/login"}, "was answered with 302. That is a redirect"),
        (
            404,
            HTML,
            HTML_HEADERS,
            "404: a web page. The answer does not come from Jira or Confluence. Check the address",
        ),
    ],
)
@responses.activate
def test_what_stands_in_front_of_the_site_is_told(status: int, body: str, headers: dict[str, str], said: str) -> None:
    responses.get(f"{SITE}/rest/api/3/myself", status=status, body=body, headers=headers)
    with pytest.raises(Unavailable) as caught:
        next(call for call in READING_CALLS if call.name == "myself").run()
    assert said in str(caught.value)


@responses.activate
def test_a_number_that_is_none_spoils_the_whole_answer() -> None:
    url = f"{SITE}/rest/api/3/issue/PAY-1"
    responses.get(url, body='{"id": "1", "key": "PAY-1", "fields": {"customfield_10036": NaN}}')
    with pytest.raises(Unavailable, match="not whole JSON"):
        next(call for call in READING_CALLS if call.name == "issue").run()
