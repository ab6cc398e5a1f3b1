"""Properties of a page: values with a version each."""

import pytest

from tests.site import roster
from tests.unit.site.confluence_world import SampleWiki, error_of


@pytest.fixture
def wiki() -> SampleWiki:
    return SampleWiki()


def test_a_property_is_made_read_changed_and_deleted(wiki: SampleWiki) -> None:
    path = f"/pages/{wiki.page_id()}/properties"
    made = wiki.call("POST", path, json={"key": "okr", "value": {"a": 1}}).get_json()
    assert made["version"]["number"] == 1
    found = wiki.call("GET", path, query_string={"key": "okr"}).get_json()["results"]
    assert found == [made]
    assert wiki.call("GET", path, query_string={"key": "OKR"}).get_json()["results"] == []
    next_one = {"key": "okr", "value": {"a": 2}, "version": {"number": 2}}
    assert wiki.call("PUT", f"{path}/{made['id']}", json=next_one).get_json()["value"] == {"a": 2}
    assert wiki.call("DELETE", f"{path}/{made['id']}").status_code == 204
    assert wiki.call("GET", f"{path}/{made['id']}").status_code == 404


def test_a_change_that_is_not_the_next_version_is_refused(wiki: SampleWiki) -> None:
    path = f"/pages/{wiki.page_id()}/properties"
    made = wiki.call("POST", path, json={"key": "okr", "value": 1}).get_json()
    stale = wiki.call("PUT", f"{path}/{made['id']}", json={"key": "okr", "value": 2, "version": {"number": 1}})
    assert stale.status_code == 409
    assert "Current version is: 1" in error_of(stale)
    assert wiki.call("GET", f"{path}/{made['id']}").get_json()["value"] == 1


def test_a_key_is_there_once_and_only_for_who_may_edit(wiki: SampleWiki) -> None:
    path = f"/pages/{wiki.page_id()}/properties"
    assert wiki.call("POST", path, json={"key": "okr"}).status_code == 200
    assert wiki.call("POST", path, json={"key": "okr"}).status_code == 409
    assert wiki.call("POST", path, roster.LOW, json={"key": "other"}).status_code == 404
