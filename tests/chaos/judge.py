"""All that must hold at the end of a round; docs/proof-chaos.md explains each letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from tests.campaign.judge_writes import judge_writes
from tests.campaign.okr_sets import REGION_ID
from tests.campaign.sheet import Sheet
from tests.chaos.house import House
from tests.chaos.pages import Typed, Version, typed_in, versions_of, written_by_us
from tests.chaos.reference import wrong_in_page
from tests.chaos.world import COUNTED, DRIVEN, METRIC, OBJECTIVE, World
from tests.site.hand import Json

FIRST_VALUE = Decimal(29)
BUCKET, REFILL = 4, timedelta(minutes=30)
_COLUMNS = {"now": "value", "confidence": "confidence", "next_step": "next_step"}


def what_is_wrong_now(house: House, world: World) -> list[str]:
    """What may still become right: figures in the page, deliveries and work that wait."""
    return list(_judge_waiting(house)) or _judge_page(house, world)


def has_come_to_rest(house: House, since: datetime) -> bool:
    """Whether Jira and the page were asked since then and nothing is due: before the clock moves on, nothing comes."""
    if any(_judge_waiting(house)):
        return False
    return not house.rows("SELECT 1 FROM connection WHERE last_poll_at IS NULL OR last_poll_at <= %s", since)


def judge(house: House, world: World, began: datetime, sent: list[Json]) -> Iterator[str]:
    """One line for each thing that is wrong. ``sent``: the site's deliveries of this round."""
    versions = versions_of(world)
    yield from (f"1: {line}" for line in _judge_page(house, world))
    yield from judge_writes(written_by_us(versions), dict.fromkeys((METRIC, DRIVEN, COUNTED), OBJECTIVE))
    yield from _judge_words(world, versions)
    yield from _judge_typed(house, versions)
    yield from _judge_versions(house, world, versions, began)
    yield from _judge_deliveries(house, sent)
    yield from _judge_work(house)


def _judge_page(house: House, world: World) -> list[str]:
    return list(wrong_in_page(world, world.site.body(world.page_id), _last_value(house)))


def _last_value(house: House) -> Decimal:
    said = house.rows(
        "SELECT value FROM check_in WHERE key_result_key = %s AND value IS NOT NULL AND withdrawn_at IS NULL"
        " ORDER BY at DESC, id DESC LIMIT 1",
        METRIC,
    )
    return Decimal(said[0][0]) if said else FIRST_VALUE


def _judge_waiting(house: House) -> Iterator[str]:
    for (event,) in house.rows("SELECT event FROM delivery WHERE handled_at IS NULL"):
        yield f"an accepted {event} is not dealt with yet"
    for kind, target in house.rows(
        "SELECT kind, target FROM work WHERE parked_at IS NULL AND kind NOT IN ('poll', 'pages')"
        " AND (claim_token IS NOT NULL OR due_at <= stepped.clock_timestamp())"
    ):
        yield f"{kind} {target} is due or in hand"


def _judge_words(world: World, versions: list[Version]) -> Iterator[str]:
    for word in world.words:
        times = versions[-1].body.count(word)
        if times != 1:
            yield f"2: {word}, written by a person, stands in the page {times} times"
    if Sheet(versions[-1].body, REGION_ID).region is None:
        yield "2: the table is gone"


def _judge_typed(house: House, versions: list[Version]) -> Iterator[str]:
    """What a person typed became one check-in, and never more than one."""
    taken = house.rows("SELECT idempotency_key, value, confidence, next_step FROM check_in WHERE origin = 'confluence'")
    for typed in typed_in(versions):
        times = sum(_says(typed, row) for row in taken)
        if typed.cell[1] != "confidence" and (times > 1 or (typed.stood and times == 0)):
            yield f"3: {typed.text!r}, typed in version {typed.version}, became {times} check-ins"
    said = house.rows(
        'SELECT version, key_result_key, "column", count(*) FROM typed_text GROUP BY 1, 2, 3 HAVING count(*) > 1'
    )
    yield from (f"3: the same cell was taken more than once: {each}" for each in said)


def _says(typed: Typed, row: tuple[str, str | None, int | None, str]) -> bool:
    column = typed.cell[1]
    if column == "now":
        return row[1] is not None and Decimal(row[1]) == Decimal(typed.text.removesuffix("s").strip())
    return row[3] == typed.text if column == "next_step" else row[2] == int(typed.text)


def _judge_versions(house: House, world: World, versions: list[Version], began: datetime) -> Iterator[str]:
    """What follows from Jira takes from a bucket of four that refills by one in half an hour; what only time changes is
    written once a day; each act of people may have a version of its own."""
    ours, passed = [each.number for each in versions if each.is_ours], house.time() - began
    allowed = 1 + BUCKET + passed // REFILL + passed.days + 1 + world.acts
    if len(ours) > allowed:
        yield f"4: {len(ours)} versions of ours for {world.acts} acts of people in {passed}; {allowed} are allowed"
    known = sorted(number for (number,) in house.rows("SELECT version FROM page_version"))
    if known != ours:
        yield f"5: the versions {ours} are ours, and {known} are remembered"


def _judge_deliveries(house: House, sent: list[Json]) -> Iterator[str]:
    """Whatever was accepted is kept once, and dealt with."""
    kept = dict(house.rows("SELECT identifier, handled_at IS NOT NULL FROM delivery"))
    for each in sent:
        accepted = any(attempt["outcome"] in range(200, 300) for attempt in each["attempts"])
        if accepted and not kept.get(each["identifier"]):
            became = "is not dealt with" if each["identifier"] in kept else "is lost"
            yield f"6: delivery {each['identifier']} was accepted and {became}"


def _judge_work(house: House) -> Iterator[str]:
    for kind, target, reason in house.rows("SELECT kind, target, parked_reason FROM work WHERE parked_at IS NOT NULL"):
        yield f"7: set aside: {kind} {target}: {reason}"
    for state, detail in house.rows("SELECT state, state_detail FROM page_table WHERE state <> 'current'"):
        yield f"7: the table's state is {state}: {detail}"
