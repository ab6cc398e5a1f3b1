"""Rosa at her desk, with linking rules and a Jira in this process."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from connector.errors import Rejected, Unavailable
from connector.site_answers import SearchPage
from connector.store import link_rules
from connector.store.engine import Database
from connector.store.link_rules import LinkRule
from connector.store.links import load_links, record_link
from mapping.okr import Initiative, LinkOrigin
from mapping.rules import Rule, RuleKind
from sync.ports import Resources
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeJira, FakeSites, raw_issue
from tests.unit.web.made_up import SITE, MadeUp, issue_id
from tests.unit.web.reading import main
from tests.unit.web.surroundings import Visitor, resources, visitor_of

WRONG = "Expecting either a value, list or function but got '='."
NEW = "/mappings/rules/new"
JQL = Rule(RuleKind.JQL, "labels = retry", "PAY-KR2")
RETRY = {"wanted": "labels = retry", "serve": "PAY-KR2 supports", "name": "Retry work", "weight": "1"}


@dataclass
class Epics(FakeJira):
    """Finds ``found`` epics whatever it is asked, and refuses or fails where the query says so."""

    asked: list[str] = field(default_factory=list)

    def search(self, jql: str, fields: object, **more: object) -> SearchPage:
        self.asked.append(jql)
        if "= =" in jql:
            raise Rejected("HTTP 400", 400, WRONG)
        if "slow" in jql:
            raise Unavailable("no answer within 4 s.")
        return SearchPage(tuple(self.issues.values()), None, self.server_time)

    def find(self, *keys: str, **fields: object) -> None:
        self.issues = {key: raw_issue(key, issue_id(key), **fields) for key in keys}


@dataclass
class Desk:
    """Rosa at her desk."""

    rosa: Visitor
    jira: Epics
    on: Resources
    made: MadeUp

    def rule(self, rule: Rule, name: str = "Retry work") -> int:
        with self.on.database.write() as conn:
            return link_rules.add_rule(
                conn, self.made.workspace_id, self.made.jira.id, name, rule, at=self.on.clock.now(), by="Rosa Klein"
            )

    def linked_by(self, rule_id: int, key: str, key_result: str = "PAY-KR2") -> None:
        link = Initiative(key_result, self.made.jira.id, issue_id(key), origin=LinkOrigin.RULE)
        with self.on.database.write() as conn:
            record_link(conn, self.made.workspace_id, link, at=self.on.clock.now(), by="OKR Connector")
            link_rules.note_linked(conn, self.made.workspace_id, rule_id, link)

    def kept(self, rule_id: int = 1) -> LinkRule:
        with self.on.database.read() as conn:
            return link_rules.load_rule(conn, self.made.workspace_id, rule_id)

    def rules(self) -> tuple[LinkRule, ...]:
        with self.on.database.read() as conn:
            return link_rules.load_rules(conn, self.made.workspace_id)

    def links(self, key_result: str = "PAY-KR2") -> set[str]:
        with self.on.database.read() as conn:
            return {each.initiative.issue_id for each in load_links(conn, self.made.workspace_id, [key_result])}

    def shown(self, address: str, typed: dict[str, str]) -> str:
        """What the preview says would be linked, as the form carries it."""
        answer = self.rosa.post(f"{address}/preview", typed, page="/mappings/rules/new")
        found = re.search(r'name="shown" value="([^"]*)"', answer.text)
        assert found is not None
        return found[1]

    def save(self, typed: dict[str, str], address: str = NEW) -> str:
        """Look, then save, as a person does; the address after it."""
        shown = self.shown(address, typed)
        answer = self.rosa.post(address, {**typed, "shown": shown}, page=NEW)
        assert answer.status_code == 303, main(answer.text)
        return answer.location


def at_desk(database: Database, clock: FakeClock, filled: MadeUp) -> Desk:
    """Rosa has signed in; Jira finds PAY-440 and PAY-447."""
    jira = Epics({})
    jira.find("PAY-440", "PAY-447")
    on = replace(resources(database, clock), sites=FakeSites({SITE: jira}, {}))
    rosa = visitor_of(on)
    rosa.is_let_in(filled.person, clock.now())
    return Desk(rosa, jira, on, filled)
