"""Forms as a browser sends them where ``made_up`` has filled everything."""

from __future__ import annotations

from tests.unit.web.made_up import issue_id

OBJECTIVE = {
    "cycle_key": "2026-q4", "title": "New", "team": "Payments", "position": "9", "stage": "draft", "weight": "1",
}  # fmt: skip
KEY_RESULT = {
    "objective": "PAY-O1", "title": "New", "kind": "metric", "source": "check_ins", "baseline": "1", "target": "5",
    "weight": "1", "position": "9",
}  # fmt: skip
LINK = f"/mappings/links/PAY-KR1/<jira>/{issue_id('PAY-412')}"
