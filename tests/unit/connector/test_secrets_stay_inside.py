"""Canary secrets in every place that has one: at DEBUG, through answers and failures, none comes out."""

from __future__ import annotations

import base64
import io
import logging
import traceback
from collections.abc import Iterator

import pytest
import responses

from connector.errors import OutsideError
from connector.jira import JiraClient
from tests.unit.connector.every_call import ALL_CALLS, DATA_CENTER_CALLS, OneCall
from tests.unit.connector.recorded_calls import EMAIL, SITE, TOKEN, jira_at

PAIR = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
CANARIES = (TOKEN, PAIR, "hook-secret")


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """All that anybody logs, unfiltered; also by a transport whose log somebody had set to DEBUG before."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, transport = logging.getLogger(), logging.getLogger("atlassian")
    before = (root.level, transport.level)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    transport.setLevel(logging.NOTSET)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])
    transport.setLevel(before[1])


@pytest.mark.parametrize("call", [*ALL_CALLS, *DATA_CENTER_CALLS], ids=lambda call: call.name)
@pytest.mark.parametrize("status", [200, 401, 500])
@responses.activate
def test_no_secret_in_logs_or_errors(call: OneCall, status: int, everything_logged: io.StringIO) -> None:
    echoed = f"Authorization: Basic {PAIR} was refused for token {TOKEN}"
    responses.add(call.verb, SITE + call.path, status=status, json={"errorMessages": [echoed]})
    told = ""
    try:
        call.run()
    except OutsideError as error:
        told = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    assert responses.calls[0].request.headers["Authorization"] in {f"Basic {PAIR}", f"Bearer {TOKEN}"}
    for canary in CANARIES:
        assert canary not in everything_logged.getvalue()
        assert canary not in told


def test_no_secret_in_what_clients_show() -> None:
    client: JiraClient = jira_at(SITE)
    assert not any(canary in repr(client) + repr(vars(client)) for canary in CANARIES)
