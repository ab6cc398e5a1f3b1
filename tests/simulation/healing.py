"""The end of a history: everything that people can put right is put right, then time passes until nothing is left."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.campaign.judge_figures import after_the_morning
from tests.simulation.history import History, Place
from tests.simulation.house import FULL_CHECK_HOURS
from tests.simulation.steps_of_admins import asked, put_back, renew_token, resume
from tests.site.roster import PEOPLE, SYNC

# Events may be half an hour late, and tried again for an hour and a quarter; a page that was away is asked for again
# after half an hour; what was set aside is tried again within 25 hours; the write budget refills within two.
SPANS_IN_MINUTES = (2.1, 2.1, 16.0, 16.0, 35.0, *(60.0 * FULL_CHECK_HOURS,) * 2, 12 * 60.0, 15 * 60.0)
LIVELY_MINUTES = 0.4
# By then every page has been looked at since everything healed.
PUT_BACK_AFTER = 4
QUIET_MINUTES = (3.0, 170.0)


def heal(history: History) -> None:
    """No faults any more, and nobody stands in the way. What is gone in Jira stays gone."""
    history.say("everything heals")
    history.workers.bell_is_lost = False
    history.workers.come_back()
    history.network.of_stages.clear()
    for process in history.workers.processes:
        process.fate = None
    for place in history.places:
        _heal(history, place)


def _heal(history: History, place: Place) -> None:
    chance = Random(f"{history.seed} heal {place.site.name}")
    place.site.parts.traffic.clear_faults()
    place.site.parts.troubles.plan([])
    place.site.world.search_index.lag = timedelta(0)
    open_ones = place.site.world.projects.keys() - set(place.site.account.hidden_projects)
    if chance.random() < 0.75 or not open_ones:
        place.site.parts.accounts.change(SYNC.account_id, hidden_projects=())
    place.truth.note()
    wiki = place.play.wiki
    wiki.discard_draft()
    wiki.restrict(None)
    if wiki.status != "current":
        wiki.bring_back(PEOPLE[0])
    asked(renew_token)(history, place, chance)
    resume(history, place, chance)


def run_to_quiet(history: History) -> None:
    """As long as the slowest promise takes, then a morning, then nothing may be written any more."""
    for number, minutes in enumerate(SPANS_IN_MINUTES):
        pass_time(history, minutes)
        if number == PUT_BACK_AFTER:
            _put_tables_back(history)
    pass_time(history, (after_the_morning(history.clock.now()) - history.clock.now()).total_seconds() / 60)
    pass_time(history, 45.0)
    before = [len(place.site.heard.written) for place in history.places]
    for minutes in QUIET_MINUTES:
        pass_time(history, minutes)
    for place, wrote in zip(history.places, before, strict=True):
        if len(place.site.heard.written) != wrote:
            history.broken.append(
                f"7: {place.site.name}: {len(place.site.heard.written) - wrote} writes when all was quiet"
            )


def _put_tables_back(history: History) -> None:
    """Most of those that somebody took away; what a page without one says cannot be judged."""
    for place in history.places:
        chance = Random(f"{history.seed} back {place.site.name}")
        if chance.random() < 0.85:
            outcome = asked(put_back)(history, place, chance)
            history.say(f"{place.play.called}: the table, if it was gone: {outcome}")


def pass_time(history: History, minutes: float) -> None:
    """A jump in which nobody ticks, then a while in which everything runs."""
    lively = min(minutes, LIVELY_MINUTES)
    history.schedule.skip(minutes=minutes - lively)
    history.schedule.run(minutes=lively)
