"""The same events, in any order and repeated, end in the same page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from tests.demo_check import words_of
from tests.integration.events import Door, Event, updated
from tests.integration.okr_page import OkrPage, without_moment
from tests.integration.rewound import Moment, remembered


@dataclass(frozen=True)
class Story:
    """Four changes that happened at the site, the event that Jira sends of each, and the moment before them."""

    page: OkrPage
    before: Moment
    events: list[Event]


@pytest.fixture
def story(page: OkrPage, tmp_path: Path) -> Iterator[Story]:
    """A story is finished, one is new, one moves to the other epic, one is deleted."""
    with remembered(page, tmp_path) as before:
        yield Story(page, before, _four_changes(page))


def _four_changes(page: OkrPage) -> list[Event]:
    site = page.site
    done, moved, deleted = page.children[page.first][1:]
    events = [
        updated(page.issue_id(done)),
        updated(page.issue_id(moved), left_parent=page.issue_id(page.first)),
        updated(page.issue_id(deleted), name="jira:issue_deleted"),
    ]
    site.transition(done, "Done")
    site.edit_issue(moved, parent=page.second)
    site.delete_issue(deleted)
    new = site.create_issue("PAY", "New", parent=page.first)
    events.append(updated(page.issue_id(new), name="jira:issue_created"))
    return events


def test_every_order_of_four_events_ends_in_the_same_page(story: Story) -> None:
    """Work is done halfway and at the end; between, everything comes once more."""
    ends = set()
    for order in permutations(story.events):
        line, pages = story.before.again()
        door = Door(line)
        for event in order[:2]:
            assert door.send(event) == 200
        line.work(until_quiet=False)
        for event in (*order[2:], *order):
            assert door.send(event) == 200
        line.work(until_quiet=False)
        ends.add(without_moment(pages.page.body))
        assert (len(door.inbox()), line.waiting()) == (4, {})
        assert len(pages.written) <= 4
    assert len(ends) == 1
    assert f"{story.page.first} 2 of 3 done" in words_of(ends.pop())


@pytest.mark.parametrize("seed", range(4))
def test_repeated_and_shuffled_events_end_in_the_right_page(story: Story, seed: int) -> None:
    page, door, random = story.page, Door(story.page.line), Random(seed)
    sent = [event for event in story.events for _ in range(random.randint(1, 3))]
    random.shuffle(sent)
    for event in sent:
        door.send(event)
        if random.random() < 0.5:
            page.line.work()
    page.line.work()
    assert page.wrong() == []
    assert len(door.inbox()) == 4
    assert sum(delivery.times for delivery in door.inbox()) == len(sent)
    assert page.our_versions() <= 5


def test_an_old_event_that_comes_last_brings_nothing_old_back(page: OkrPage) -> None:
    key = page.finish()
    early, late = updated(page.issue_id(key)), updated(page.issue_id(key))
    page.site.transition(key, "In Progress")
    door = Door(page.line)
    for event in (late, early):
        door.send(event)
        page.line.work()
    assert page.wrong() == []
    assert page.our_versions() == 1


def test_a_move_whose_event_names_no_parent_still_changes_both_epics(page: OkrPage) -> None:
    moved = page.children[page.first][0]
    page.site.edit_issue(moved, parent=page.second)
    Door(page.line).send(updated(page.issue_id(moved)))
    page.line.work()
    assert page.wrong() == []
    assert f"{page.second} 2 of 5 done" in page.words()
