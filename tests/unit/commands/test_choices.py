"""Estimates and "won't do" are found by kind and by name, and kept by id."""

from __future__ import annotations

import pytest

from connector.site_answers import Field, Resolution
from sync.commands.choices import STORY_POINT_ESTIMATE, choose

FLOAT = "com.atlassian.jira.plugin.system.customfieldtypes:float"
TEAM_MANAGED = Field("customfield_10016", "Story point estimate", "number", STORY_POINT_ESTIMATE)
COMPANY_MANAGED = Field("customfield_10028", "Story Points", "number", FLOAT)
OTHERS = (
    Field("summary", "Summary", "string", ""),
    Field("customfield_1", "Budget", "number", FLOAT),
    Field("customfield_2", "Story Points", "string", "com.atlassian.jira.plugin.system.customfieldtypes:textfield"),
)


def never_asked(field: Field) -> int:
    raise AssertionError(f"asked how often {field.name} is used")


@pytest.mark.parametrize("estimate", [TEAM_MANAGED, COMPANY_MANAGED])
def test_the_only_field_that_looks_like_estimates_is_taken_without_a_call(estimate: Field) -> None:
    assert choose((*OTHERS, estimate), (), never_asked).as_field_choice().estimate_field_id == estimate.field_id


def test_a_site_without_estimates_has_none() -> None:
    assert choose(OTHERS, (), never_asked).as_field_choice().estimate_field_id is None


@pytest.mark.parametrize(("used", "taken"), [((3, 900), COMPANY_MANAGED), ((900, 3), TEAM_MANAGED)])
def test_of_two_the_one_that_is_used_more_is_taken(used: tuple[int, int], taken: Field) -> None:
    counts = {TEAM_MANAGED.field_id: used[0], COMPANY_MANAGED.field_id: used[1]}
    chosen = choose((TEAM_MANAGED, COMPANY_MANAGED), (), lambda field: counts[field.field_id])
    assert chosen.estimate == taken


def test_resolutions_that_mean_not_to_be_done_are_kept_by_id() -> None:
    names = ("Done", "Won't Do", "Fixed", "WON’T FIX", "Duplicate", "Wird nicht erledigt", "Delivered")
    resolutions = [Resolution(str(number), name) for number, name in enumerate(names)]
    assert choose((), resolutions, never_asked).as_field_choice().wont_do_resolution_ids == {"1", "3", "4", "5"}
