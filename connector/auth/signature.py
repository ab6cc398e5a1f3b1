"""Was this webhook sent by who holds the secret? HMAC-SHA256 over the raw body, in ``X-Hub-Signature``.

developer.atlassian.com/cloud/jira/platform/webhooks ("Secure admin webhooks") and
confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html: ``<method>=<hex>``.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

_HEADER = re.compile(r"sha256=([0-9a-f]{64})")


def verify_signature(secrets: str | Sequence[str], header: str, body: bytes) -> bool:
    """Whether ``header`` is the signature of ``body`` under one of ``secrets`` (several while one is being replaced).

    Only sha256, in exactly Jira's spelling; an empty secret signs nothing. ``header`` is the one header's value: of
    two, joined with a comma as HTTP does, none counts. Comparison takes the same time whatever differs.
    """
    sent = _HEADER.fullmatch(header)
    if sent is None:
        return False
    candidates = [secrets] if isinstance(secrets, str) else secrets
    matches = [hmac.compare_digest(_signature(one, body), sent[1]) for one in candidates if one]
    return any(matches)


def _signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, "sha256").hexdigest()
