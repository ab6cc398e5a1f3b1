"""Logs: one event is one line, and no secret gets into it."""

from __future__ import annotations

import io
import json
import logging
import time
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from connector.logs import known_secrets, one_line, start_logging
from connector.redaction import redact
from connector.settings import Settings
from tests.unit.connector.recorded_calls import TOKEN

NASTY = "a\r\nb\x1b[31mred\x1b[0m\u2028c\u2029d\x85e\x00f\x0bg\u202eh\ud800i\x7fj\x9bk"
SECRETS = (
    f"Authorization: Basic {'b2tyLXN5bmM6Y2FuYXJ5' * 2}",
    "authorization=Bearer abcdefgh12345678",
    "'Authorization': 'Basic b2tyLXN5bmM6Y2FuYXJ5'",
    f"the token {TOKEN} leaked",
    '{"secret": "canary-1234"}',
    "password=canary-1234",
    "api_key: canary-1234",
    "Cookie: session=canary-1234",
    "JWT eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
    "x.session-eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
    "postgresql://okr:canary-1234@db.example/okr",
    "redis://:canary-1234@redis.example:6379/0",
    "?access_token=canary-1234&x=1",
)


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: log.level for name, log in root.manager.loggerDict.items() if isinstance(log, logging.Logger)}
    yield
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)


def started(log_format: str, level: str = "INFO", **more: Any) -> io.StringIO:
    stream = io.StringIO()
    settings = Settings(_env_file=None, log_format=log_format, log_level=level, **more)  # type: ignore[call-arg]
    start_logging(settings, stream)
    return stream


def fail(text: str) -> None:
    raise ValueError(text)


def test_a_line_of_text() -> None:
    stream = started("text")
    logging.getLogger("sync.ingest").info("%d issues read", 7)
    line = stream.getvalue()
    assert line.endswith("Z INFO sync.ingest: 7 issues read\n")
    assert line[4] == line[7] == "-"


def test_a_line_of_json() -> None:
    stream = started("json")
    logging.getLogger("sync.ingest").warning("%s", NASTY)
    event = json.loads(stream.getvalue())
    assert (event["level"], event["logger"], event["message"]) == ("WARNING", "sync.ingest", NASTY)
    assert stream.getvalue().isascii()


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_one_event_is_one_line_whatever_it_holds(log_format: str) -> None:
    stream = started(log_format)
    try:
        fail(NASTY)
    except ValueError:
        logging.getLogger(f"name{NASTY}").exception("%s %s", NASTY, {NASTY: NASTY}, stack_info=True)
    text = stream.getvalue()
    assert len(text.splitlines()) == 1
    assert text.endswith("\n")
    assert not any(c in text[:-1] for c in "\r\n\x1b\u2028\u2029\x85\x00\x0b\u202e\ud800\x7f\x9b")
    assert "ValueError" in text


def test_ordinary_text_stays_as_it_is() -> None:
    assert one_line("Größe – 50 % → ✓ 日本 🎉") == "Größe – 50 % → ✓ 日本 🎉"


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_looks_like_a_secret_is_hidden(secret: str, log_format: str) -> None:
    stream = started(log_format, "DEBUG")
    log = logging.getLogger("x")
    log.debug("%s", secret)
    try:
        fail(secret)
    except ValueError:
        log.exception(secret)
    text = stream.getvalue()
    assert "[hidden]" in text
    for part in ("canary", "b2tyLXN5bmM6Y2FuYXJ5", "abcdefgh12345678", TOKEN, "c2lnbmF0dXJl"):
        assert part not in text


def test_the_settings_own_secrets_are_hidden_in_any_text() -> None:
    given: dict[str, Any] = {
        "secret_keys": SecretStr("key-one,key-two"),
        "database_url": SecretStr("postgresql://okr:db-pass@db/okr"),
        "redis_url": SecretStr("redis://:redis-pass@redis/0"),
    }
    assert known_secrets(Settings(_env_file=None, **given)) == (  # type: ignore[call-arg]
        "key-one",
        "key-two",
        "db-pass",
        "redis-pass",
    )
    stream = started("text", **given)
    logging.getLogger("x").info("key-one xkey-twox db-pass redis-pass")
    assert stream.getvalue().endswith(": [hidden] x[hidden]x [hidden] [hidden]\n")


@pytest.mark.parametrize(
    "harmless",
    [
        "the token is not accepted; renew the token.",
        "4 of 9 key results need attention",
        "PAY-412: 7 of 12 done",
        "http://127.0.0.1:8400/kr/PAY-KR1",
        "okr-sync@acme.example",
        "Basic checks passed",
    ],
)
def test_harmless_text_is_not_hidden(harmless: str) -> None:
    assert redact(harmless) == harmless


def test_hiding_takes_no_longer_for_nasty_text() -> None:
    for piece in ("a://", "token=", "basic ", "eyJaaaaaaaa.", "eyJ-", "ATATT", "secret'", "a" * 50 + ":", ":@/"):
        began = time.perf_counter()
        redact(piece * (100_000 // len(piece)))
        assert time.perf_counter() - began < 0.5, piece


def test_libraries_do_not_tell_their_details() -> None:
    stream = started("text", "DEBUG")
    for name in ("urllib3.connectionpool", "atlassian.rest_client", "sqlalchemy.engine", "werkzeug", "rq.worker"):
        logging.getLogger(name).debug("details of %s", name)
        logging.getLogger(name).error("a fault")
    logging.getLogger("sync").debug("ours")
    assert "details" not in stream.getvalue()
    assert stream.getvalue().count("a fault") == 5
    assert "ours" in stream.getvalue()


def test_warnings_are_logged_and_nothing_is_logged_twice() -> None:
    replaced = started("text")
    stream = started("text")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("something old", stacklevel=1)
        logging.captureWarnings(False)
    assert replaced.getvalue() == ""
    assert "something old" in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 1
