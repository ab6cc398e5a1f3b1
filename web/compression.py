"""Answers are compressed for browsers that understand it: a board of 200 key results is 290 kB long, and 17 kB so.

The length of a compressed page may tell what is in it to somebody who sees the lengths and can have the reader's
browser ask again and again, with guesses that come back in the page. Nothing that such a person could use stands in a
page of ours that is asked for by an address alone: the token of its forms is masked anew in each answer
(``web/form_tokens.py``). What is secret (codes, secrets of webhooks) is only shown in answers to forms, and those need
the token.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

# Below this the headers are longer than what is saved.
LEAST_BYTES = 1024
# Files take a little longer and become a little smaller at 9; at 6 the board takes a millisecond.
LEVEL = 6
_KINDS = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})


def compress_answers(app: Flask) -> None:
    """Compress what is text and long enough."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in _KINDS or response.status_code in {204, 206, 304}:
        return response
    response.vary.add("Accept-Encoding")
    length = response.content_length or 0
    if length < LEAST_BYTES or request.accept_encodings["gzip"] <= 0:
        return response
    response.direct_passthrough = False  # a file is read, so that it can be compressed
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.content_encoding = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)  # the same file, in other bytes
    return response
