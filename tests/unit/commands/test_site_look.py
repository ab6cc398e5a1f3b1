"""Looking at a site as somebody types: what is told, when a token is used, and that nothing is kept."""

from __future__ import annotations

import pytest

from connector.errors import Forbidden
from sync.commands import NotPossible
from sync.commands.site_look import Credentials, connect_site, look_at_site
from tests.unit.commands.data_center_stand_in import WIKI
from tests.unit.commands.outside import TOKEN, FakeOutside
from tests.unit.commands.stand_in import EMAIL, SITE, Stand


@pytest.fixture
def outside(service: Stand) -> FakeOutside:
    return FakeOutside(service.jira, service.confluence)


def test_nothing_typed_asks_nobody(service: Stand, outside: FakeOutside) -> None:
    assert look_at_site(service.on, Credentials("  "), outside.outside).deployment == ""
    assert outside.asked == []


@pytest.mark.parametrize(("typed", "kind"), [(SITE, "cloud"), (f"{WIKI}/pages/1", "data_center")])
def test_an_address_alone_tells_which_kind_of_site_it_is(
    service: Stand, outside: FakeOutside, typed: str, kind: str
) -> None:
    look = look_at_site(service.on, Credentials(typed), outside.outside)
    assert (look.deployment, look.found, look.wrong) == (kind, (), ())
    assert outside.tokens == [], "no token was typed"


@pytest.mark.parametrize("typed", ["https://nowhere.example", "not an address"])
def test_an_address_where_nothing_answers_is_said_beside_it(service: Stand, outside: FakeOutside, typed: str) -> None:
    ((field, why),) = look_at_site(service.on, Credentials(typed, EMAIL, TOKEN), outside.outside).wrong
    assert field == "site"
    assert "nswers at" in str(why) or "Write the address" in str(why)
    assert outside.tokens == [], "a token goes to no stranger"


def test_a_token_that_is_still_being_typed_is_not_tried(service: Stand, outside: FakeOutside) -> None:
    look_at_site(service.on, Credentials(SITE, EMAIL, TOKEN[:8]), outside.outside)
    look_at_site(service.on, Credentials(SITE, "", TOKEN), outside.outside)
    assert outside.tokens == []


def test_what_the_account_can_do_is_told(service: Stand, outside: FakeOutside) -> None:
    look = look_at_site(service.on, Credentials(SITE, EMAIL, TOKEN), outside.outside)
    jira, confluence = look.found
    assert (look.account, jira.places, jira.issues, jira.may_administer) == ("OKR sync", ("PAY",), 2, False)
    assert (confluence.product, confluence.places) == ("confluence", ("ENG", "OKR"))
    assert (service.connections(), service.log()) == ((), []), "looking keeps nothing"


def test_one_product_that_is_closed_does_not_hide_the_other(service: Stand, outside: FakeOutside) -> None:
    service.confluence.trouble["spaces"] = Forbidden("403")
    look = look_at_site(service.on, Credentials(SITE, EMAIL, TOKEN), outside.outside)
    assert [each.product for each in look.found] == ["jira"]
    ((product, why),) = look.refused
    assert product == "confluence"
    assert "Give it access to Confluence" in str(why)


def test_a_wrong_token_is_said_beside_it(service: Stand, outside: FakeOutside) -> None:
    wrong = "another-token-that-is-long"
    ((field, why),) = look_at_site(service.on, Credentials(SITE, EMAIL, wrong), outside.outside).wrong
    assert field == "token"
    assert "accepts neither" in str(why)
    assert wrong not in str(why)


def test_a_wrong_token_is_told_from_a_site_that_is_away(service: Stand, outside: FakeOutside) -> None:
    outside.gateway_is_away = True
    ((field, why),) = look_at_site(
        service.on, Credentials(SITE, EMAIL, "another-token-that-is-long"), outside.outside
    ).wrong
    assert (field, "does not accept this e-mail address with this token" in str(why)) == ("token", True)
    assert "API gateway, where those are accepted, did not answer" in str(why)


def test_a_data_center_needs_no_email(service: Stand, outside: FakeOutside) -> None:
    look = look_at_site(service.on, Credentials(WIKI, "", TOKEN), outside.outside)
    assert (look.site_url, look.account, look.found[0].places) == (WIKI, "OKR sync", ("ENG", "OKR"))
    report = connect_site(service.on, service.workspace_id, Credentials(WIKI, "", TOKEN), who="Rosa",
                          outside=outside.outside)  # fmt: skip
    assert (report.auth_kind, service.connections()[0].deployment) == ("personal", "data_center")


def test_connecting_keeps_what_was_chosen(service: Stand, outside: FakeOutside) -> None:
    typed = Credentials(SITE, EMAIL, TOKEN, ("jira",))
    connect_site(service.on, service.workspace_id, typed, who="Rosa", outside=outside.outside)
    assert [each.product for each in service.connections()] == ["jira"]
    assert service.log() == [f"Rosa: connected Jira of {SITE}"]


def test_an_address_where_nothing_answers_is_not_connected(service: Stand, outside: FakeOutside) -> None:
    with pytest.raises(NotPossible, match="answers at"):
        connect_site(service.on, service.workspace_id, Credentials("https://x.example", EMAIL, TOKEN), who="Rosa",
                     outside=outside.outside)  # fmt: skip
    assert service.connections() == ()
