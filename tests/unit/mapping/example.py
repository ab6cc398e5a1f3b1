"""The figures of the visual targets: Q4 2026 on 22 November, three objectives with three key results each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from mapping.figures import (
    Completion,
    CountedBy,
    CycleFigure,
    InitiativeFigure,
    KeyResultFigure,
    Mark,
    ObjectiveFigure,
    Pace,
)
from mapping.okr import Bound, CheckIn, Cycle, Initiative, JqlSource, KeyResult, Kind, Objective, Source
from mapping.table_parts import TableSpec

AT = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
SERVICE = "https://okr.acme.example"
SPEC = TableSpec(region_id="okr-q4-2026", service_url=SERVICE)
CYCLE = Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))


def completion(done: int, total: int, added: int = 0) -> Completion:
    return Completion(Fraction(done, total), done, total, 0, CountedBy.COUNT, added_since=added)


def initiative(key: str, done: int = 0, total: int = 1, added: int = 0) -> InitiativeFigure:
    url = f"https://acme.atlassian.net/browse/{key}"
    return InitiativeFigure(Initiative("PAY-KR1", 1, key), key, url, completion(done, total, added))


def check_in(key: str, day: str) -> CheckIn:
    month = 10 if day.endswith("Oct") else 11
    return CheckIn(key, datetime(2026, month, int(day.split()[0]), 8, 0, tzinfo=UTC))


def figure(
    kr: KeyResult,
    *initiatives: InitiativeFigure,
    progress: Fraction | None = None,
    now: str | None = None,
    confidence: int | None = None,
    change: int | None = None,
    on: str = "",
    next_step: str = "",
    marks: tuple[Mark, ...] = (),
    held: bool | None = None,
    held_since: date | None = None,
    days: int | None = 0,
) -> KeyResultFigure:
    return KeyResultFigure(
        key_result=kr,
        progress=progress,
        now=None if now is None else Decimal(now),
        expected=None,
        pace=None,
        held=held,
        held_since=held_since,
        confidence=confidence,
        confidence_change=change,
        last_check_in=check_in(kr.key, on) if on else None,
        next_step=next_step,
        days_since_check_in=days,
        marks=marks,
        counts=progress is not None,
        initiatives=initiatives,
    )


def metric(key: str, title: str, owner: str, way: str, unit: str = "", source: Source = Source.CHECK_INS) -> KeyResult:
    baseline, target = (Decimal(each) for each in way.split(" to "))
    jql = JqlSource("project = PLA") if source is Source.JQL else None
    return KeyResult(key, f"{key[:3]}-O1", title, Kind.METRIC, owner, source, unit, baseline, target, jql=jql)


def measured(kr: KeyResult, now: str) -> Fraction:
    assert kr.baseline is not None
    assert kr.target is not None
    return Fraction(Decimal(now) - kr.baseline) / Fraction(kr.target - kr.baseline)


def figure_of(kr: KeyResult, now: str, *initiatives: InitiativeFigure, **said: object) -> KeyResultFigure:
    return figure(kr, *initiatives, progress=measured(kr, now), now=now, **said)  # type: ignore[arg-type]


def objective(key: str, title: str, team: str, sponsor: str) -> Objective:
    return Objective(key, "2026-q4", title, sponsor=sponsor, team=team)


PAY = (
    figure_of(
        metric("PAY-KR1", "Median checkout time", "Ana Duarte", "38 to 20", "s"), "29",
        initiative("PAY-412", 7, 12, 3), initiative("PAY-431", 9, 9),
        confidence=6, change=1, on="19 Nov", next_step="Raise to 100\u00a0% on Tue 24\u00a0Nov.", marks=(Mark.BEHIND,),
    ),
    figure_of(
        metric("PAY-KR2", "Payments that fail and are not retried", "Jonas Weber", "4.1 to 2.0", "%"), "3.6",
        initiative("PAY-388", 3, 14, 5), initiative("PAY-371", 6, 6), initiative("PAY-395", 2, 7),
        confidence=3, change=-2, on="18 Nov", next_step="Meet issuer B on 25\u00a0Nov.",
        marks=(Mark.OFF_PACE, Mark.LOW),
    ),
    figure(
        KeyResult(
            "PAY-KR3", "PAY-O1", "Chargebacks per 10,000 orders", Kind.THRESHOLD, "Mei Tanaka", bound=Bound.BELOW,
            target=Decimal(12),
        ),
        initiative("PAY-402", 5, 6),
        now="9.4", held=True, confidence=8, on="30 Oct", next_step="Read the October report.", marks=(Mark.STALE,),
        days=23,
    ),
)  # fmt: skip

PLA = (
    figure_of(
        metric("PLA-KR1", "Lead time from merge to production", "Samir Haddad", "26 to 4", "h"), "12",
        initiative("PLA-77", 18, 24), initiative("PLA-81", 6, 8), initiative("PLA-90", 4, 4),
        initiative("PLA-93", 1, 5),
        confidence=8, change=1, on="20 Nov", next_step="Move the last 6 services.",
    ),
    figure_of(
        metric("PLA-KR2", "Failed deployments", "Lucie Martin", "9 to 3", "%"), "2.8",
        initiative("PLA-64", 11, 11),
        confidence=9, on="17 Nov", next_step="Agree a harder target.", marks=(Mark.REACHED_EARLY,),
    ),
    figure_of(
        metric("PLA-KR3", "Services with an on-call owner", "Tom Okafor", "31 to 60", source=Source.JQL), "48",
        initiative("PLA-70", 22, 35, 2),
        confidence=7, change=0, on="19 Nov", next_step="Ask the three data teams.",
    ),
)  # fmt: skip

GRO = (
    figure_of(
        metric("GRO-KR1", "Shops with a first sale within 7 days", "Elif Kaya", "18 to 30", "%"), "26",
        initiative("GRO-155", 10, 13),
        confidence=7, change=1, on="20 Nov", next_step="Switch it on for all new shops.",
    ),
    figure_of(
        metric("GRO-KR2", "Median time to first listed product", "Noah Berg", "41 to 15", "min"), "29",
        initiative("GRO-149", 4, 9),
        confidence=5, change=-1, on="18 Nov", next_step="Fix the date columns first.", marks=(Mark.BEHIND,),
    ),
    figure(
        KeyResult(
            "GRO-KR3", "GRO-O1", "Shops that return in week 2", Kind.TO_MEASURE, "Inês Faria", aspirational=True,
            baseline_due_on=date(2026, 11, 30),
        ),
        initiative("GRO-160", 2, 3),
        days=None, marks=(Mark.NO_BASELINE,),
    ),
)  # fmt: skip

OBJECTIVES = (
    ObjectiveFigure(
        objective("PAY-O1", "Paying feels instant and safe", "Payments", "Carla Mendes"),
        Fraction(37, 100), Fraction(58, 100), Pace.OFF_PACE, PAY, 0,
    ),
    ObjectiveFigure(
        objective("PLA-O1", "Teams ship without waiting for us", "Platform", "Henrik Olsen"),
        Fraction(74, 100), Fraction(58, 100), Pace.ON_PACE, PLA, 0,
    ),
    ObjectiveFigure(
        objective("GRO-O1", "New shops succeed in their first week", "Growth", "Amara Diallo"),
        Fraction(56, 100), Fraction(58, 100), Pace.BEHIND, GRO, 1,
    ),
)  # fmt: skip

FIGURE = CycleFigure(CYCLE, Fraction(56, 100), Fraction(53, 92), OBJECTIVES, 4, 9, 1)
