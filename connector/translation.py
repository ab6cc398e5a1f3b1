"""What an answer of Jira or Confluence means: JSON, or one of the errors of ``connector.errors``.

The texts are for an admin: what was asked, what came back, what to do. They hold the vendor's own words, cut short and
without anything that looks like a secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NoReturn

import requests

from connector.errors import Conflict, Forbidden, Gone, OutsideError, RateLimited, Rejected, Unauthorized, Unavailable
from connector.pacing import asked_wait, limit_scope
from connector.redaction import redact

_LONGEST_VENDOR_TEXT = 300
# The product's own error bodies: Jira's ErrorCollection, Confluence v2's errors, Confluence v1's statusCode. A 404
# without one comes from in front of the product (wrong host, gateway, suspended site) and says nothing about a thing.
_OWN_ERROR_FIELDS = ("errorMessages", "errors", "statusCode", "messages")
# Confluence's texts for a stale version, also seen with status 400: justmiles/go-markdown2confluence issues 33 and 43.
_STALE_TEXTS = ("version must be incremented", "optimisticlock", "attempted to update stale data")

Json = dict[str, object] | list[object]


def translate(response: requests.Response, asked: str) -> Json:
    """The JSON object or list of an answer with content. ``asked`` names the call in texts (``GET /rest/api/3/field``).

    Raises the errors of ``connector.errors``: everything that is not 2xx with whole JSON.
    """
    if not response.ok or response.status_code >= 300:
        _refuse(response, asked)
    if not response.content.strip():
        raise Unavailable(f"{asked} was answered with nothing.")
    if is_web_page(response):
        raise Unavailable(f"{asked} was answered with a web page instead of data. {_PAGE_ADVICE}")
    found = read_json(response.content)
    if not isinstance(found, dict | list):
        raise Unavailable(f"{asked} was answered with something that is not whole JSON.")
    return found


def check_done(response: requests.Response, asked: str) -> None:
    """For calls whose answer holds nothing of interest (a deletion): as ``translate``, but no content is fine."""
    if not response.ok or response.status_code >= 300:
        _refuse(response, asked)
    if is_web_page(response):
        raise Unavailable(f"{asked} was answered with a web page instead of data. {_PAGE_ADVICE}")


def read_json(content: bytes) -> object:
    """The value, or None for what is not JSON, too deep, or holds NaN or a number of thousands of digits."""
    try:
        found: object = json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return found


def is_web_page(response: requests.Response) -> bool:
    """Whether the answer is HTML: a login page, a proxy, a block page."""
    if not response.content.strip():
        return False
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml"} or response.content[:200].lstrip().lower().startswith(
        (b"<!doctype html", b"<html")
    )


_PAGE_ADVICE = "Check the address; a login page, a proxy or a firewall may stand in front of it."


def _refuse(response: requests.Response, asked: str) -> NoReturn:
    said = _vendor_text(response)
    got = f"{asked} was answered with {response.status_code}{f': {said}' if said else ''}."
    raise _error(response, got, said) from None


def _error(response: requests.Response, got: str, said: str) -> OutsideError:
    status = response.status_code
    if status == 429 or (status == 503 and "Retry-After" in response.headers):
        wait = asked_wait(response.headers)
        return RateLimited(f"{got} The site asks to wait {wait:.0f} s.", wait, limit_scope(response.headers))
    if status in {401, 403}:
        return _no_access(response, got)
    if status in {404, 410}:
        return _not_there(response, got)
    if status == 409 or (status == 400 and any(text in said.lower() for text in _STALE_TEXTS)):
        return Conflict(f"{got} Somebody else changed it first.")
    if 300 <= status < 400:
        return Unavailable(f"{got} That is a redirect, which is not followed. {_PAGE_ADVICE}")
    if status in {408, 425} or not 400 <= status < 500:
        return Unavailable(got)
    return Rejected(got, status, said)


def _no_access(response: requests.Response, got: str) -> OutsideError:
    # Jira's login reason: after several wrong passwords it wants a captcha and answers 403 to everything.
    if "AUTHENTICATION_DENIED" in response.headers.get("X-Seraph-LoginReason", ""):
        return Unauthorized(f"{got} The site asks for a captcha: sign in once in the browser with this account.")
    if response.status_code == 401:
        return Unauthorized(f"{got} The e-mail address or the token is not accepted; renew the token.")
    if is_web_page(response):
        return Unavailable(f"{got} It is a web page, so something in front of the site refused it. {_PAGE_ADVICE}")
    return Forbidden(f"{got} The account may not do this; an administrator of the site can allow it.")


def _not_there(response: requests.Response, got: str) -> OutsideError:
    body = read_json(response.content)
    if isinstance(body, dict) and any(name in body for name in _OWN_ERROR_FIELDS):
        return Gone(f"{got} It is not there, or this account may not see it.")
    return Unavailable(f"{got} The answer does not come from Jira or Confluence. {_PAGE_ADVICE}")


def _vendor_text(response: requests.Response) -> str:
    if is_web_page(response):
        return "a web page"
    body = read_json(response.content[:100_000])
    text = "; ".join(_sentences(body)) if body is not None else response.content[:1000].decode(errors="replace")
    folded = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return redact(folded)[:_LONGEST_VENDOR_TEXT].rstrip(" .")


def _sentences(body: object) -> Iterator[str]:
    """Jira: ``errorMessages``, ``errors`` by field; Confluence v2: ``errors``, title and detail; else ``message``."""
    if not isinstance(body, dict):
        return
    yield from (text for text in _listed(body.get("errorMessages")) if isinstance(text, str))
    errors = body.get("errors")
    if isinstance(errors, dict):
        yield from (f"{name}: {text}" for name, text in list(errors.items())[:20])
    for entry in _listed(errors):
        if isinstance(entry, dict):
            yield from (str(entry[name]) for name in ("title", "detail") if entry.get(name))
    if isinstance(body.get("message"), str):
        yield body["message"]


def _listed(value: object) -> list[object]:
    return value[:20] if isinstance(value, list) else []


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
