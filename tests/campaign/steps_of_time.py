"""What people do by our own screens, and what Jira and time bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.campaign import okr_rows
from tests.campaign.okr_sets import random_table
from tests.campaign.play import Play


def check_in_by_form(play: Play, chance: Random) -> str:
    kr = chance.choice(play.okrs.key_results)
    said = okr_rows.say_by_form(play.tenant, kr.key, chance, kr.owner, f"fm{play.name()}z")
    play.say(f"{kr.owner} says by form {kr.key}: {said.value}, {said.confidence}, {said.next_step!r}")
    return "said"


def counts_change(play: Play, chance: Random) -> str:
    if not play.okrs.epics:
        return "no epic"
    epic = play.okrs.epics[chance.choice(sorted(play.okrs.epics))]
    total = max(epic.counts[1] + chance.choice((-1, 0, 0, 3)), 1)
    changed = replace(epic, counts=(min(chance.randrange(total + 1), total), total, 0))
    play.okrs.epics[epic.issue_id] = changed
    keys = [link.key_result_key for link in play.okrs.links if link.issue_id == epic.issue_id]
    okr_rows.count_again(play.tenant, changed, keys)
    return "changed" if changed != epic else "same"


def time_passes(play: Play, chance: Random) -> str:
    minutes = chance.choice((1, 5, 31, 60, 6 * 60, 22 * 60, 3 * 24 * 60, 15 * 24 * 60))
    play.clock.advance(minutes=minutes)
    return f"{minutes} minutes"


def storm(play: Play, chance: Random) -> str:
    """Many changes in Jira within minutes, each seen by the service."""
    play.look()
    began, before = play.clock.now(), len(play.heard.written)
    for _ in range(chance.randrange(6, 10)):
        counts_change(play, chance)
        play.clock.advance(minutes=chance.randrange(3))
        play.look()
    wrote, passed = len(play.heard.written) - before, play.clock.now() - began
    allowed = 4 + passed // timedelta(minutes=30) + 1 + mornings(play, passed)
    if wrote > allowed:
        play.broken.append(f"e budget: {wrote} versions in {passed} of changes in Jira alone, {allowed} are allowed")
    return f"{min(wrote, 5)} writes"


def storm_in_two_tables(play: Play, chance: Random) -> str:
    """All tables in a page share its budget."""
    if play.tables == 1:
        choice = random_table(chance, (), play.okrs)
        play.say(f"a second table is added: {choice}")
        okr_rows.add_table_beside(play.tenant, choice, play.wiki.page_id)
        play.tables = 2
    return storm(play, chance)


def quiet_days(play: Play, chance: Random) -> str:
    """Nobody does anything for some days."""
    play.clock.advance(hours=2)
    play.look()
    play.look()
    before = len(play.heard.written)
    began = play.clock.now()
    for _ in range(chance.randrange(3, 8)):
        play.clock.advance(hours=chance.choice((1, 3, 5, 9)))
        play.look()
    wrote, allowed = len(play.heard.written) - before, mornings(play, play.clock.now() - began)
    if wrote > allowed:
        play.broken.append(f"e once a day: {wrote} versions in {allowed} mornings without any act")
    return f"{wrote} writes"


def mornings(play: Play, passed: timedelta) -> int:
    """How often what only time changes may have been written meanwhile."""
    six = timedelta(hours=6)
    return play.tables * ((play.clock.now() - six).date() - (play.clock.now() - passed - six).date()).days
