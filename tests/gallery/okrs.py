"""The OKRs that the pictures show, as files, seen on a given day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from mapping.interchange import ParsedOkrs, write_okrs
from mapping.okr import CheckIn, CycleState, KeyResult, Objective
from tests.demo_okrs import demo_okrs, moved_to

TEAMS = ("Payments", "Platform", "Growth", "Search", "Mobile", "Support", "Data", "Shops")
CLOSED_DAYS_AGO = 46

# One key result for each mark and each form that a key result can have, in a quarter of which day 53 of 92 is today.
_MARKS = """
cycle: {{key: marks, name: Every mark, starts: {start}, ends: {end}}}
objectives:
  - key: MAR-O1
    title: Each mark stands at the thing that it qualifies
    team: Marks
    sponsor: Carla Mendes
    key_results:
      - {{key: MAR-KR1, title: On pace carries none, owner: Ana Duarte, from: 38, to: 20, unit: s,
         check_ins: [{{at: {recent}, value: 27, confidence: 8, next: Keep the old page for a week., by: Ana Duarte}}]}}
      - {{key: MAR-KR2, title: A little behind, owner: Jonas Weber, from: 0, to: 100, unit: "%",
         initiatives: [PAY-412, PLA-77, PLA-81, PLA-90, PLA-93],
         check_ins: [{{at: {recent}, value: 50, confidence: 6, next: Ask two more shops., by: Jonas Weber}}]}}
      - {{key: MAR-KR3, title: "Off pace, and few believe in it", owner: Mei Tanaka, from: 4.1, to: 2.0, unit: "%",
         check_ins: [{{at: {earlier}, value: 3.9, confidence: 5, by: Mei Tanaka}},
                     {{at: {recent}, value: 3.6, confidence: 3, next: Meet issuer B., by: Mei Tanaka}}]}}
      - {{key: MAR-KR4, title: No news for weeks, owner: Samir Haddad, from: 26, to: 4, unit: h,
         check_ins: [{{at: {old}, value: 12, confidence: 7, next: Move the last 6 services., by: Samir Haddad}}]}}
      - {{key: MAR-KR5, title: Reached in the first half, owner: Lucie Martin, from: 9.0, to: 3.0, unit: "%",
         check_ins: [{{at: {early}, value: 2.9, confidence: 9, by: Lucie Martin}},
                     {{at: {recent}, value: 2.8, confidence: 9, next: Agree a harder target., by: Lucie Martin}}]}}
  - key: MAR-O2
    title: Each form of a key result has its own figure
    team: Forms
    sponsor: Henrik Olsen
    key_results:
      - {{key: MAR-KR6, title: A limit that holds, owner: Mei Tanaka, below: 12,
         check_ins: [{{at: {recent}, value: 9.4, confidence: 8, next: Read the report., by: Mei Tanaka}}]}}
      - {{key: MAR-KR7, title: A limit that broke, owner: Tom Okafor, above: 99.9, unit: "%",
         check_ins: [{{at: {earlier}, value: 99.95, confidence: 8, by: Tom Okafor}},
                     {{at: {recent}, value: 99.7, confidence: 6, next: Find what broke on Tuesday., by: Tom Okafor}}]}}
      - key: MAR-KR8
        title: Written steps
        owner: Elif Kaya
        steps:
          - {{key: pilot, title: One market lives with it, share: 30 %, done: true}}
          - {{key: second, title: A second market, share: 20 %, done: true}}
          - {{key: third, title: A third market, share: 20 %}}
          - {{key: all, title: All markets, share: 30 %}}
        check_ins: [{{at: {recent}, confidence: 7, next: Choose the third market., by: Elif Kaya}}]
      - {{key: MAR-KR9, title: A baseline still to be measured, owner: Inês Faria, measure_by: {due}, unit: "%",
         aspirational: true}}
      - key: MAR-KR10
        title: Progress from its initiatives
        owner: Tom Okafor
        from: 31
        to: 60
        source: initiatives
        initiatives: [{{issue: PLA-70, drives: 1}}]
        check_ins: [{{at: {recent}, confidence: 7, next: Ask the three data teams., by: Tom Okafor}}]
      - {{key: MAR-KR11, title: A number from Jira, owner: Noah Berg, from: 40, to: 10,
         source: {{jql: "project = GRO AND statusCategory != Done"}},
         check_ins: [{{at: {recent}, confidence: 5, next: Fix the date columns first., by: Noah Berg}}]}}
      - {{key: MAR-KR12, title: Dropped with its reason, owner: Ana Duarte, from: 0, to: 5,
         dropped: {{on: {earlier}, why: The market was closed.}}}}
"""


def nine(today: date) -> ParsedOkrs:
    """The demo's three objectives with three key results each."""
    return moved_to(demo_okrs(), today)


def one(today: date) -> ParsedOkrs:
    """One objective with one key result."""
    full = nine(today)
    return _only(full, full.objectives[:1], full.key_results[:1])


def sixty(today: date) -> ParsedOkrs:
    """Eight teams with twenty objectives of three key results each: too many for one table, which must hold."""
    full = nine(today)
    objectives: list[Objective] = []
    key_results: list[KeyResult] = []
    check_ins: list[CheckIn] = []
    for number in range(20):
        source = full.objectives[number % 3]
        objective = replace(source, key=f"BIG-O{number + 1}", team=TEAMS[number % len(TEAMS)], position=number)
        objectives.append(objective)
        for like in (each for each in full.key_results if each.objective_key == source.key):
            key = f"BIG-KR{len(key_results) + 1}"
            made = replace(like, key=key, objective_key=objective.key, position=len(key_results))
            key_results.append(made)
            said = (each for each in full.check_ins if each.key_result_key == like.key)
            check_ins += [replace(each, key_result_key=key) for each in said]
    links = tuple(
        replace(link, key_result_key=made.key)
        for number, made in enumerate(key_results)
        for link in full.links
        if link.key_result_key == full.key_results[number % 9].key
    )
    return replace(
        full,
        objectives=tuple(objectives),
        key_results=tuple(key_results),
        check_ins=tuple(check_ins),
        links=links,
    )


def closed(today: date) -> ParsedOkrs:
    """The demo's quarter, ended some weeks ago."""
    full = nine(today - timedelta(days=CLOSED_DAYS_AGO + 40))
    return replace(full, cycles=tuple(replace(each, state=CycleState.CLOSED) for each in full.cycles))


def marks(today: date) -> str:
    """Every mark and every form, as a file."""
    day = {"start": 52, "early": 40, "old": 23, "earlier": 9, "recent": 3, "due": -8, "end": -39}
    return _MARKS.format(**{name: today - timedelta(days=back) for name, back in day.items()})


def as_file(okrs: ParsedOkrs) -> str:
    return write_okrs(okrs)


def _only(full: ParsedOkrs, objectives: tuple[Objective, ...], key_results: tuple[KeyResult, ...]) -> ParsedOkrs:
    keys = {each.key for each in key_results}
    return replace(
        full,
        objectives=objectives,
        key_results=key_results,
        check_ins=tuple(each for each in full.check_ins if each.key_result_key in keys),
        links=tuple(each for each in full.links if each.key_result_key in keys),
    )
