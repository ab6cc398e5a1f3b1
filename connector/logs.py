"""Logging to stderr, as text or JSON: one event is one line, and nothing that looks like a secret gets out."""

from __future__ import annotations

import json
import logging
import sys
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import urlsplit

from connector.redaction import redact
from connector.settings import Settings

# What would otherwise tell whole requests, statements with their values, or every line twice.
_QUIET = {
    "atlassian": logging.INFO,
    "alembic": logging.WARNING,
    "filelock": logging.WARNING,
    "requests": logging.WARNING,
    "requests_oauthlib": logging.WARNING,
    "oauthlib": logging.WARNING,
    "rq": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "urllib3": logging.WARNING,
    "werkzeug": logging.WARNING,
}
# Control and format characters (also those that turn the direction of text), line and paragraph separators, surrogates.
_ESCAPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def start_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logs of this process to ``stream`` (stderr), as ``OKR_LOG_LEVEL`` and ``OKR_LOG_FORMAT`` say.

    Replaces what was set up before, so it may be called again after a fork."""
    handler = logging.StreamHandler(stream or sys.stderr)
    formatter = JsonLines if settings.log_format == "json" else TextLines
    handler.setFormatter(formatter(known_secrets(settings)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)


def known_secrets(settings: Settings) -> tuple[str, ...]:
    """The secrets of the settings, so that they can be taken out of any text."""
    keys = settings.secret_keys.get_secret_value().replace(",", " ").split()
    addresses = (settings.database_url, settings.redis_url)
    passwords = [urlsplit(address.get_secret_value()).password for address in addresses]
    return tuple(secret for secret in (*keys, *passwords) if secret)


class TextLines(logging.Formatter):
    """``2026-11-22T09:40:02.123Z INFO sync.ingest: text``; control characters are written as escapes."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line = f"{_time(record)} {record.levelname} {record.name}: {_whole_message(self, record)}"
        return one_line(redact(line, self._secrets))


class JsonLines(logging.Formatter):
    """One JSON object per event: ``time``, ``level``, ``logger``, ``message`` and, after a fault, ``fault``."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        event = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage(), self._secrets),
        }
        fault = _fault(self, record)
        if fault:
            event["fault"] = redact(fault, self._secrets)
        return json.dumps(event)


def one_line(text: str) -> str:
    """``text`` with everything escaped that could end a line or steer a terminal."""
    return "".join(_escape(c) if unicodedata.category(c) in _ESCAPED else c for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _whole_message(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    fault = _fault(formatter, record)
    return f"{record.getMessage()}\n{fault}" if fault else record.getMessage()


def _fault(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    parts = [formatter.formatException(record.exc_info)] if record.exc_info else []
    return "\n".join([*parts, *([record.stack_info] if record.stack_info else [])])


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
