"""The door for events as part of the whole site, with everything in front of it that guards forms."""

from __future__ import annotations

import hmac
import json

import pytest

from tests.unit.web.made_up import SECRET, MadeUp
from tests.unit.web.surroundings import Visitor
from web.protection import MOST_FORM_BYTES


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_an_event_larger_than_any_form_is_taken(kind: str, stranger: Visitor, filled: MadeUp) -> None:
    event = {"webhookEvent": "jira:issue_updated", "issue": {"id": "1"}, "text": "x" * (2 * MOST_FORM_BYTES)}
    body = json.dumps(event).encode()
    signed = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    answer = stranger.client.post(
        f"/webhooks/jira/{filled.jira.id}",
        data=body,
        content_type=kind,
        headers={"X-Hub-Signature": f"sha256={signed}"},
    )
    assert answer.status_code == 200
