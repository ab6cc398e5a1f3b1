"""One table is paused, resumed, put back; choices are taken back; owners' names stand for accounts."""

from __future__ import annotations

import pytest

from connector.site_answers import SiteAccount
from connector.store import page_visits
from connector.store.overview import causes_of_versions
from connector.store.page_visits import Written
from connector.store.tables import PageTable, TableState, load_table, record_table_state, set_table
from connector.store.work import claim_work, record_done
from sync import commands
from sync.commands import NotPossible, TableChange
from sync.commands.owner_accounts import set_owner_account
from sync.commands.table_changes import ChangedSince, choices_seen
from sync.commands.table_choices import WrongChoice
from sync.commands.table_plan import TableWish
from sync.queries.owner_accounts import load_owner_accounts
from sync.queries.page_search import find_pages
from tests.unit.commands.stand_in import OKRS, SITE, Stand, page

ANA, OTHER_ANA = SiteAccount("557058:ana", "Ana Duarte", "person"), SiteAccount("557058:ana2", "Ana Duarte", "person")


@pytest.fixture
def added(connected: Stand) -> Stand:
    """Table 1 stands in page 4711; nothing is due."""
    commands.import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    wish = TableWish("4711", "2026-q4", teams=("Payments",), write_bucket=9)
    commands.add_table(connected.on, connected.workspace_id, wish, who="Rosa")
    claims = claim_work(connected.on.database, now=connected.clock.now(), lease_seconds=60)
    with connected.on.database.write() as conn:
        assert all(record_done(conn, claim) for claim in claims)
        record_table_state(conn, connected.workspace_id, 1, TableState.CURRENT, connected.clock.now())
    return connected


def table(service: Stand) -> PageTable:
    with service.on.database.read() as conn:
        return load_table(conn, service.workspace_id, 1)


def _is(service: Stand, state: TableState) -> None:
    with service.on.database.write() as conn:
        record_table_state(conn, service.workspace_id, 1, state, service.clock.now())


class TestPausing:
    """Nothing is written into one table."""

    def test_who_paused_it_and_since_when_is_kept_and_said(self, added: Stand) -> None:
        assert commands.pause_table(added.on, added.workspace_id, 1, who="Rosa")
        kept = table(added)
        assert (kept.state, kept.paused_at, kept.paused_by) == (TableState.PAUSED, added.clock.now(), "Rosa")
        assert kept.state_detail.startswith("Rosa paused it.")
        assert added.log()[-1] == "Rosa: paused the table okr-2026-q4-payments in OKRs Q4 2026"

    def test_again_changes_nothing(self, added: Stand) -> None:
        commands.pause_table(added.on, added.workspace_id, 1, who="Rosa")
        log = added.log()
        assert not commands.pause_table(added.on, added.workspace_id, 1, who="Noah")
        assert (table(added).paused_by, added.log()) == ("Rosa", log)

    def test_what_a_person_must_decide_is_not_hidden_by_it(self, added: Stand) -> None:
        _is(added, TableState.REMOVED)
        commands.pause_table(added.on, added.workspace_id, 1, who="Rosa")
        assert table(added).state is TableState.REMOVED
        commands.resume_table(added.on, added.workspace_id, 1, who="Rosa")
        assert table(added).state is TableState.REMOVED

    def test_resumed_it_is_looked_at_at_once(self, added: Stand) -> None:
        commands.pause_table(added.on, added.workspace_id, 1, who="Rosa")
        assert added.due("table") == []
        rung = added.bell.rung
        assert commands.resume_table(added.on, added.workspace_id, 1, who="Noah")
        assert (table(added).state, table(added).paused_at) == (TableState.WAITING, None)
        assert added.rows("SELECT target, urgency FROM work WHERE kind = 'table'") == [("1", 1)]
        assert (added.bell.rung, added.log()[-1]) == (
            rung + 1,
            "Noah: resumed the table okr-2026-q4-payments in OKRs Q4 2026",
        )
        assert not commands.resume_table(added.on, added.workspace_id, 1, who="Noah")

    def test_a_paused_table_is_not_written_when_asked(self, added: Stand) -> None:
        commands.pause_table(added.on, added.workspace_id, 1, who="Rosa")
        with pytest.raises(NotPossible, match="Rosa paused this table"):
            commands.write_table(added.on, added.workspace_id, 1, who="Noah")


class TestPuttingBack:
    """A person took the table out, and another one wants it back."""

    def test_it_is_written_anew_and_what_was_typed_stays(self, added: Stand) -> None:
        written = Written(7, added.clock.now(), added.clock.now(), "m", "f", {"a": "b"}, {"a": "b"}, cause="people")
        with added.on.database.write() as conn:
            page_visits.record_written(conn, added.workspace_id, 1, written)
        _is(added, TableState.REMOVED)
        assert commands.put_back_table(added.on, added.workspace_id, 1, who="Rosa") == "OKRs Q4 2026"
        kept = table(added)
        assert (kept.state, kept.written_version, kept.intended, kept.read_back) == (TableState.WAITING, 0, "", {})
        assert (kept.teams, kept.write_bucket) == (("Payments",), 9)
        assert added.due("table") == ["1"]
        with added.on.database.read() as conn:
            month = added.clock.now().replace(day=1)
            counted = causes_of_versions(conn, added.workspace_id, kept.connection_id, "4711", month)
        assert counted == {"people": 1}

    def test_what_nobody_took_out_is_not_put_back(self, added: Stand) -> None:
        with pytest.raises(NotPossible, match="was not taken out"):
            commands.put_back_table(added.on, added.workspace_id, 1, who="Rosa")
        assert added.confluence.calls.count("read") == 1

    def test_a_page_that_is_gone_takes_none(self, added: Stand) -> None:
        _is(added, TableState.REMOVED)
        added.confluence.pages.clear()
        with pytest.raises(NotPossible, match="no page 4711"):
            commands.put_back_table(added.on, added.workspace_id, 1, who="Rosa")
        assert table(added).state is TableState.REMOVED


class TestChoosingAnew:
    """What was chosen can be taken back, and nobody overwrites what another one chose."""

    def test_all_teams_and_the_usual_budget_again(self, added: Stand) -> None:
        change = TableChange(teams=(), usual_budget=True)
        changed = commands.change_table(added.on, added.workspace_id, 1, change, who="Rosa").changed
        assert changed == ("teams", "write_bucket")
        assert (table(added).teams, table(added).write_bucket) == ((), None)

    def test_the_usual_budget_but_for_one_number(self, added: Stand) -> None:
        change = TableChange(usual_budget=True, write_refill_minutes=5)
        commands.change_table(added.on, added.workspace_id, 1, change, who="Rosa")
        assert (table(added).write_bucket, table(added).write_refill_minutes) == (None, 5)

    def test_what_somebody_chose_meanwhile_is_not_overwritten(self, added: Stand) -> None:
        seen = choices_seen(table(added))
        commands.change_table(added.on, added.workspace_id, 1, TableChange(language="de"), who="Noah")
        with pytest.raises(ChangedSince):
            commands.change_table(added.on, added.workspace_id, 1, TableChange(design="short"), who="Rosa", seen=seen)
        assert table(added).design == "normal"

    def test_a_write_in_between_is_no_change_of_choices(self, added: Stand) -> None:
        seen = choices_seen(table(added))
        with added.on.database.write() as conn:
            set_table(conn, added.workspace_id, 1, {"written_version": 9, "page_title": "Another title"})
        change = TableChange(design="short")
        commands.change_table(added.on, added.workspace_id, 1, change, who="Rosa", seen=seen)
        assert table(added).design == "short"

    def test_a_refusal_names_its_choice(self, added: Stand) -> None:
        with pytest.raises(WrongChoice) as refused:
            commands.change_table(added.on, added.workspace_id, 1, TableChange(write_bucket=0), who="Rosa")
        assert refused.value.choice == "write_bucket"


class TestOwners:
    """Which account an owner's name stands for."""

    def say(self, service: Stand, account: str, **more: str) -> str:
        return set_owner_account(service.on, service.workspace_id, 2, " Ana  Duarte", account, who="Rosa", **more)

    def line(self, service: Stand) -> tuple[str, str]:
        (site,) = load_owner_accounts(service.on, service.workspace_id)
        return next((each.account_id, each.account_name) for each in site.owners if each.name == "Ana Duarte")

    def test_an_account_is_asked_for_kept_and_told(self, added: Stand) -> None:
        assert self.line(added) == ("", "")
        added.confluence.people = (ANA, OTHER_ANA)
        assert self.say(added, ANA.account_id) == "Ana Duarte"
        assert self.line(added) == (ANA.account_id, "Ana Duarte")
        assert added.log()[-1] == f"Rosa: said that Ana Duarte stands for Ana Duarte in {SITE}"
        self.say(added, OTHER_ANA.account_id)
        assert self.line(added)[0] == OTHER_ANA.account_id
        self.say(added, ANA.account_id)
        assert added.confluence.calls.count("accounts") == 2, "who is known is not asked for again"

    def test_the_first_one_again(self, added: Stand) -> None:
        added.confluence.people = (ANA,)
        self.say(added, ANA.account_id)
        assert self.say(added, "") == ""
        assert self.line(added) == ("", "")

    def test_an_account_that_nobody_knows_is_refused(self, added: Stand) -> None:
        with pytest.raises(NotPossible, match="names no account 557058:nobody"):
            self.say(added, "557058:nobody")
        assert self.line(added) == ("", "")

    @pytest.mark.parametrize(("connection", "name", "account"), [
        (1, "Ana Duarte", ""), (99, "Ana Duarte", ""), (2, " ", ""), (2, "A" * 301, ""), (2, "Ana", "a" * 129),
    ])  # fmt: skip
    def test_what_cannot_be_is_refused(self, added: Stand, connection: int, name: str, account: str) -> None:
        with pytest.raises(NotPossible):
            set_owner_account(added.on, added.workspace_id, connection, name, account, who="Rosa")

    def test_what_another_admin_said_meanwhile_is_not_overwritten(self, added: Stand) -> None:
        added.confluence.people = (ANA, OTHER_ANA)
        self.say(added, ANA.account_id, seen="")
        with pytest.raises(NotPossible, match="stands for another account by now"):
            self.say(added, OTHER_ANA.account_id, seen="")
        assert self.line(added)[0] == ANA.account_id


class TestFindingPages:
    """A page is named by its address, its number or its title."""

    def test_a_title_finds_every_page_that_has_it(self, added: Stand) -> None:
        url = f"{SITE}/wiki/spaces/PAY/pages/4712/Home"
        added.confluence.pages["4712"] = page("4712", title="OKRs Q4 2026", url=url)
        found = find_pages(added.on, added.workspace_id, " OKRs Q4 2026 ")
        assert [(each.address.rpartition("=")[2], each.space) for each in found] == [("4711", "OKR"), ("4712", "PAY")]
        assert find_pages(added.on, added.workspace_id, "Nowhere") == ()

    def test_an_address_is_taken_without_asking(self, added: Stand) -> None:
        asked = list(added.confluence.calls)
        for text in ("4711", f"{SITE}/wiki/spaces/OKR/pages/4711/OKRs"):
            assert [each.address for each in find_pages(added.on, added.workspace_id, text)] == [text]
        assert added.confluence.calls == asked
