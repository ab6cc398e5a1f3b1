"""What callers of the Confluence interface send: checked values out of the query and the body."""

from collections.abc import Sequence
from typing import Any

from flask import request

from tests.site.confluence_pages import RefusedError

# [S: confluence-v2 description, create page] Larger requests are refused with 413; [U] the same for an update.
LARGEST_REQUEST = 5 * 1024 * 1024


def flag(name: str) -> bool:
    """A yes-or-no parameter of the query."""
    return request.args.get(name, "false").lower() == "true"


def listed(name: str, *, numbers: bool = True) -> set[str]:
    """A parameter with several values: comma-separated, or given several times. RefusedError 400 for a bad number."""
    values = {part for text in request.args.getlist(name) for part in text.split(",") if part}
    if numbers and not all(value.isascii() and value.isdigit() for value in values):
        raise RefusedError(400, f"Provided value for '{name}' is not the correct type")
    return values


def one_of(name: str, allowed: Sequence[str]) -> list[str]:
    """The values of a parameter that knows only those; RefusedError 400 for another."""
    values = [part for text in request.args.getlist(name) for part in text.split(",") if part]
    unknown = [value for value in values if value not in allowed]
    if unknown:
        raise RefusedError(400, f"Provided value {{{unknown[0]}}} for '{name}' is not the correct type")
    return values


def whole_number(name: str) -> int | None:
    """A number in the query, None if it is not given. RefusedError 400."""
    text = request.args.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise RefusedError(400, f"Provided value {{{text}}} for '{name}' is not the correct type")
    return int(text)


def sent_json(*required: str) -> dict[str, Any]:
    """The object that was sent, with at least the required fields. RefusedError 400, 413."""
    if (request.content_length or 0) > LARGEST_REQUEST:
        raise RefusedError(413, "Request too large")
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise RefusedError(400, "Request body is not a JSON object")
    for name in required:
        if sent.get(name) in (None, ""):
            raise RefusedError(400, f"{name} is required")
    return sent


def storage_text(sent: dict[str, Any]) -> str:
    """The storage text out of a page's `body`, in either form; empty if none was sent. RefusedError 400, 501."""
    if sent.get("status", "current") not in ("current", "draft"):
        raise RefusedError(400, "status must be current or draft")
    body = sent.get("body") or {"representation": "storage", "value": ""}
    if isinstance(body, dict) and "representation" not in body and len(body) == 1:
        body = next(iter(body.values()))
    if not isinstance(body, dict) or not isinstance(body.get("value"), str):
        raise RefusedError(400, "body.value is required")
    return _in_storage_format(body)


def _in_storage_format(body: dict[str, Any]) -> str:
    representation = body.get("representation")
    if representation in ("atlas_doc_format", "wiki"):
        # A gap of this stand-in.
        raise RefusedError(501, f"The stand-in site does not speak {representation}")
    if representation != "storage":
        raise RefusedError(400, "body.representation is required")
    return str(body["value"])
