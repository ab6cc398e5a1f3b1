"""The fixed words of a table, in each language that we ship.

A template may hold ``{names}`` to fill in, ``**strong words**`` and ``~`` for a space that never breaks. Templates are
ours; data only ever fills a name and is never read as a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "de")
NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Legend:
    """The sentences of the last row; ``how_to_type`` is filled with the input columns of the table.

    The row is known again by its title, so ``former_titles`` has every one that a version of ours ever wrote.
    """

    title: str
    former_titles: tuple[str, ...]
    how_to_type: str
    grey: str
    owner_types: str
    team_types: str
    or_: str
    typed_now: str
    typed_confidence: str
    typed_words: str
    progress: str
    squares: str
    limit: str
    pace_marks: str
    news_marks: str
    scope_mark: str
    a_quarter: str
    initiatives: str
    as_of: str
    see_why: str
    stale: str


@dataclass(frozen=True, slots=True)
class NotTakenWords:
    """The lines about what somebody typed and what is no check-in yet."""

    not_understood: str
    says: str
    stays: str
    number_needed: str
    confidence_needed: str
    words_needed: str
    check_in_by_form: str
    not_taken: str
    not_allowed_says: str
    typed_by: str
    owner_only: str
    team_only: str
    please_confirm: str
    one_to_confirm: str
    some_to_confirm: str
    look_and_confirm: str
    more_waiting: str
    look: str


@dataclass(frozen=True, slots=True)
class BlockWords:
    """What the shapes other than the whole table say."""

    objective_need: str
    objective_one_needs: str
    objective_none_needs: str
    objective_empty: str
    sponsor_is: str

    limits_hold: str
    one_limit_holds: str
    of_one_limit: str
    no_limit_holds: str
    limits_without_figure: str
    no_limits: str

    nothing_to_act_on: str
    more_need: str
    share_expected: str
    no_figure: str
    with_confidence: str
    last_check_in: str
    never_checked_in: str
    broken_why: str
    reached_why: str
    share_reached: str
    since: str
    baseline_due: str
    no_baseline_day: str
    who_does_what: str
    nobody: str
    ask_who: str
    ask_next_step: str
    ask_still_right: str
    ask_news: str
    ask_reached: str
    ask_baseline: str

    done_since: str
    undone_since: str
    nothing_moved: str

    ended: str
    score: str
    ended_at: str
    ended_without: str
    steps_done: str
    not_measured: str
    not_held: str


@dataclass(frozen=True, slots=True)
class Words:
    """One language. ``headers`` by the value of ``Column``; ``reasons`` translates the plain reasons that we store."""

    language: Language
    decimal_point: str
    thousands: str
    months: tuple[str, ...]
    day: str
    moment: str
    headers: Mapping[str, str]
    reasons: Mapping[str, str]
    levels: Mapping[str, int]
    out_of: str

    need_attention: str
    one_needs_attention: str
    none_needs_attention: str
    only_one_needs_attention: str
    only_one_needs_none: str
    no_key_results: str
    of_the_way: str
    of_the_way_expected: str
    no_figure_yet: str
    as_of: str
    one_older: str
    more_older: str
    one_cannot_be_read: str
    some_cannot_be_read: str
    and_more: str
    not_current: str
    figures_are_from: str
    since_then: str
    what_is_being_done: str
    planned: str
    starts_on: str
    write_objectives: str
    closed: str
    ended_on: str

    sponsor: str
    aspirational: str
    on_pace: str
    behind: str
    off_pace: str
    reached_early: str
    broken: str
    broken_since: str
    held: str
    above: str
    below: str
    no_baseline: str
    baseline_due: str
    no_check_in: str
    stale: str
    stale_days: str
    low: str
    confidence_up: str
    confidence_down: str
    confidence: str
    no_owner: str
    from_jira: str
    from_initiatives: str
    one_step: str
    steps: str
    steps_of: str
    dropped: str

    done: str
    of_points: str
    unestimated: str
    by_count: str
    by_status: str
    not_started: str
    started: str
    finished: str
    wont_do: str
    nothing_below: str
    not_read_yet: str
    gone: str
    scope: str
    more: str
    more_done: str

    changed_one: str
    texts_changed: str
    texts_emptied: str
    changed_some: str
    reworded: str
    updated: str
    more_moved: str
    added: str
    taken_out: str
    refreshed: str
    looks_new: str
    first_write: str
    daily: str
    comment_kept: str

    not_taken: NotTakenWords
    blocks: BlockWords
    legend: Legend
