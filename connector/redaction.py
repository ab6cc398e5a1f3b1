"""Taking secrets out of text before people or logs see it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MASK = "[hidden]"
_PATTERNS = (
    # Authorization values, and e-mail:token pairs in them.
    (re.compile(r"\b(basic|bearer|jwt)(\s+)[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE), rf"\1\2{_MASK}"),
    # Atlassian's API tokens and personal access tokens begin with these letters.
    (re.compile(r"\bAT(?:ATT|CTT|BB|STT)[A-Za-z0-9+/=_-]{8,}"), _MASK),
    # JSON web tokens. That a run of their letters goes on like one is asked once for the run, not at each beginning in
    # it: else a text full of beginnings takes the square of its length.
    (
        re.compile(
            r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]++\.[A-Za-z0-9_-]{4,}+\.)([A-Za-z0-9_-]*?)"
            r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"
        ),
        rf"\1{_MASK}",
    ),
    # name=value and "name": "value" where the name says that it is secret.
    (
        re.compile(
            r"((?:password|passwd|secret|token|api_?key|authorization|cookie|signature|setup_?code)[\"']?\s*[=:]\s*[\"']?)"
            r"(?!\[hidden\])(?!(?:basic|bearer|jwt)\s)[^\s\"'&,;}]{4,}",
            re.IGNORECASE,
        ),
        rf"\1{_MASK}",
    ),
    # The password in an address: scheme://user:password@host.
    (re.compile(r"(\b[a-z][a-z0-9+.-]{1,20}://[^/\s:@]{0,200}:)[^@\s/]{1,500}@", re.IGNORECASE), rf"\1{_MASK}@"),
)


def redact(text: str, known: Sequence[str] = ()) -> str:
    """``text`` with the ``known`` secrets and everything that looks like one replaced by ``[hidden]``."""
    for secret in known:
        text = text.replace(secret, _MASK)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
