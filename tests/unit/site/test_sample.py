"""The sample world: real issues with their odd corners, and the demo's epics with the figures they should have."""

import pytest

from tests.site import generated
from tests.site.roster import ROSTER
from tests.site.sample import NO_WORK, fill, rows
from tests.site.store import Document, Store
from tests.site.world import World

FIGURES = {
    "PAY-412": (7, 12), "PAY-431": (9, 9), "PAY-388": (3, 14), "PAY-371": (6, 6), "PAY-395": (2, 7), "PAY-402": (5, 6),
    "PLA-77": (18, 24), "PLA-81": (6, 8), "PLA-90": (4, 4), "PLA-93": (1, 5), "PLA-64": (11, 11), "PLA-70": (22, 35),
    "GRO-155": (10, 13), "GRO-149": (4, 9), "GRO-160": (2, 3),
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    store = Store(None)
    fill(store)
    return World(store)


def issue(world: World, key: str) -> Document:
    found = world.find(key)
    assert found is not None
    return found


@pytest.mark.parametrize(("key", "figure"), FIGURES.items())
def test_the_demos_epics_have_the_figures_of_the_visual_targets(
    world: World, key: str, figure: tuple[int, int]
) -> None:
    epic = issue(world, key)
    assert world.level(epic) == 1
    counting = [child for child in world.children(epic["id"]) if child["resolution"] not in NO_WORK]
    assert (sum(world.category(child) == "done" for child in counting), len(counting)) == figure


def test_the_checkout_epic_has_no_child_that_does_not_count(world: World) -> None:
    epic = issue(world, "PAY-412")
    assert epic["summary"] == "One-page checkout"
    assert len(world.children(epic["id"])) == 12


def test_the_odd_corners_are_there(world: World) -> None:
    issues = world.issues.values()
    epics = [one for one in issues if world.level(one) == 1]
    assert sum(not world.children(epic["id"]) for epic in epics) == 43
    gone = [one for one in issues if one["epic_link"]]
    assert len({one["epic_link"] for one in gone}) == 21
    assert all(one["parent"] is None for one in gone)
    parents = [(one, world.issues[one["parent"]]) for one in issues if one["parent"]]
    assert sum(child["project"] != parent["project"] and world.level(child) == 0 for child, parent in parents) > 20
    assert any(child["project"] == "MOD" and parent["key"] == "GRO-155" for child, parent in parents)
    assert sum(world.level(child) < 0 for child, _ in parents) > 80
    assert {one["resolution"] for one in issues} > {"Won't Do", "Won't Fix", "Duplicate", "Invalid", "完成"}
    assert sum(one["points"] is None for one in issues) > sum(one["points"] is not None for one in issues) > 100
    assert any(world.category(one) == "done" and one["resolved"] is None for one in issues)


def test_a_status_name_proves_nothing(world: World) -> None:
    categories = {status["category"] for status in world.statuses.values() if status["name"] == "已完成"}
    assert categories == {"new", "done"}


def test_an_epic_is_one_by_its_level_not_by_its_name(world: World) -> None:
    kind = world.types[issue(world, "GRO-155")["type"]]
    assert (kind["name"], kind["level"]) == ("Feature", 1)


def test_dates_lie_in_the_recent_past_in_order(world: World) -> None:
    now = world.store.now().timestamp() * 1000
    for one in world.issues.values():
        assert now - 121 * 86_400_000 < one["created"] <= one["updated"] < now


def test_every_issue_points_to_things_that_are_there(world: World) -> None:
    keys = [one["key"] for one in world.issues.values()]
    assert len(set(keys)) == len(keys)
    for one in world.issues.values():
        project = world.projects[one["project"]]
        assert one["key"].startswith(f"{project['key']}-")
        assert one["status"] in project["statuses"]
        assert one["type"] in project["types"]
        assert one["parent"] is None or one["parent"] in world.issues
        assert one["summary"].strip()


def test_two_worlds_are_the_same_but_for_the_dates() -> None:
    first, second = Store(None), Store(None)
    fill(first)
    fill(second)
    dates = dict.fromkeys(("created", "updated", "resolved", "category_changed"))
    strip = [{key: {**one, **dates} for key, one in store.all("issues").items()} for store in (first, second)]
    assert strip[0] == strip[1]


def test_a_new_issue_gets_an_id_and_a_number_of_its_own(world: World) -> None:
    fields = {"project": "PAY", "type": issue(world, "PAY-500")["type"], "summary": "x"}
    before = set(world.issues)
    made = world.create(fields, ROSTER[0])
    assert made["id"] not in before
    assert int(made["key"].split("-")[1]) > 500


def test_the_extract_is_small_and_whole() -> None:
    assert len(rows()) == 1153


def test_a_generated_world_has_the_size_and_states_it_says() -> None:
    store = Store(None)
    generated.fill(store, *generated.size("3x7"))
    world = World(store)
    epics = [one for one in world.issues.values() if world.level(one) == 1]
    assert len(epics) == 3
    for epic in epics:
        states = [world.category(child) for child in world.children(epic["id"])]
        assert (len(states), states.count("done")) == (7, 3)
    with pytest.raises(ValueError, match="2000x50"):
        generated.size("big")
