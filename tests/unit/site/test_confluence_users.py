"""Whom account ids stand for."""

import pytest

from tests.site import roster
from tests.site.accounts import Account
from tests.unit.site.confluence_world import SampleWiki


@pytest.fixture
def wiki() -> SampleWiki:
    return SampleWiki()


def _ids(*accounts: Account) -> dict[str, list[str]]:
    return {"accountIds": [account.account_id for account in accounts]}


def test_accounts_have_names_and_types_but_no_e_mail(wiki: SampleWiki) -> None:
    sent = _ids(roster.TIDY_BOT, roster.PEOPLE[0])
    sent["accountIds"].append("unknown")
    found = wiki.call("POST", "/users-bulk", json=sent).get_json()["results"]
    assert {(each["displayName"], each["accountType"], each["email"]) for each in found} == {
        ("Rosa Klein", "atlassian", ""),
        ("Tidy Bot", "app", ""),
    }


def test_two_people_of_one_name_differ_by_their_ids_only(wiki: SampleWiki) -> None:
    found = wiki.call("POST", "/users-bulk", json=_ids(roster.PEOPLE[1], roster.OTHER_ANA)).get_json()["results"]
    assert [each["publicName"] for each in found] == ["Ana Duarte"] * 2
    assert len({each["accountId"] for each in found}) == 2


@pytest.mark.parametrize("sent", [[], ["x"] * 251, "x", [1]])
def test_a_question_that_makes_no_sense_is_refused(wiki: SampleWiki, sent: object) -> None:
    assert wiki.call("POST", "/users-bulk", json={"accountIds": sent}).status_code == 400


def test_250_at_once_are_answered_and_nobody_found_is_no_error(wiki: SampleWiki) -> None:
    answer = wiki.call("POST", "/users-bulk", json={"accountIds": ["x"] * 250})
    assert (answer.status_code, answer.get_json()["results"]) == (200, [])


def test_who_may_not_use_the_wiki_gets_no_names(wiki: SampleWiki) -> None:
    assert wiki.call("POST", "/users-bulk", roster.LOW, json=_ids(roster.SYNC)).status_code == 404
