"""How the figures of a key result or objective are said, the same on every page.

Filters and not macros, since a board says them hundreds of times and calling a macro is slow. For the same reason
markup is put together here by hand; everything that comes from data or from words goes through ``escape``.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from mapping import written
from mapping.figures import KeyResultFigure, Mark, ObjectiveFigure, Pace
from mapping.okr import Bound, Cycle, CycleState, KeyResult, Kind, Source, Stage
from web.drawings import bar
from web.language import gettext, ngettext
from web.time_tags import day_tag
from web.time_words import day
from web.wording import limit_words, now_words, way_words

_NOTHING = Markup()


def lozenge(words: str, colour: str = "") -> Markup:
    """A word with a coloured ground, as Atlassian marks a state."""
    kind = f"loz {colour}" if colour else "loz"
    return Markup(f'<span class="{kind}">{escape(words)}</span>')  # noqa: S704  the colour is a name of ours


def way(figure: KeyResultFigure) -> str:
    """Its key, where it goes and where it stands: PAY-KR1 · 38 → 20 s, now 29"""
    kr = figure.key_result
    return " · ".join(filter(None, (kr.key, _ends(figure), gettext("aspirational") if kr.aspirational else "")))


def state(figure: KeyResultFigure) -> Markup:
    """The one state of a key result. Stale overrides pace: an old figure says nothing about today."""
    if figure.key_result.dropped_on:
        return lozenge(gettext("Dropped"))
    if Mark.NO_BASELINE in figure.marks:
        return lozenge(gettext("No baseline yet"))
    if Mark.BROKEN in figure.marks:
        return lozenge(gettext("Broken"), "red")
    if Mark.STALE in figure.marks:
        never = _NOTHING if figure.last_check_in else lozenge(gettext("No check-in")) + " "
        return never + lozenge(gettext("Stale"), "yellow")
    if Mark.REACHED_EARLY in figure.marks:
        return lozenge(gettext("Reached early"), "purple")
    return _pace(figure.pace) if figure.pace else _without_pace(figure)


def objective_state(objective: ObjectiveFigure, cycle: Cycle) -> Markup:
    """How far it has been agreed on, else its pace."""
    stage = objective.objective.stage
    if stage is Stage.GRADED:
        return lozenge(gettext("Graded"))
    if cycle.state is CycleState.CLOSED:
        return lozenge(gettext("Closed"))
    if stage is Stage.DRAFT:
        return lozenge(gettext("Draft"))
    if cycle.state is CycleState.PLANNED:
        return lozenge(gettext("Planned"))
    return _pace(objective.pace) if objective.pace else _NOTHING


def progress(figure: KeyResultFigure, address: str = "") -> Markup:
    """The figure itself, with its bar; words where there is no percentage. ``address`` leads to why it is so."""
    since = figure.older_since
    older = gettext("last good figure, of %(day)s") % {"day": day(since)} if since else ""
    return _figure(figure, address) + _second_line(older)


def confidence(figure: KeyResultFigure) -> Markup:
    """From 0 to 10; below it whether that is low, and where it went with the last check-in."""
    if figure.confidence is None:
        return Markup('<span class="vh">{}</span><span aria-hidden="true">–</span>').format(gettext("none yet"))
    low = lozenge(gettext("Low"), "red") + " " if Mark.LOW in figure.marks else _NOTHING
    change = _NOTHING if figure.confidence_change is None else _change(figure.confidence_change)
    return escape(figure.confidence) + _second_line(low + change)


def last_check_in(figure: KeyResultFigure) -> Markup:
    """Its day; below it how many days ago, where that is too many."""
    if figure.last_check_in is None:
        return Markup('<span class="sub">{}</span>').format(gettext("none yet"))
    days = figure.days_since_check_in if Mark.STALE in figure.marks else None
    ago = "" if days is None else gettext("%(n)s days ago") % {"n": days}
    return day_tag(figure.last_check_in.at) + _second_line(ago)


def _ends(figure: KeyResultFigure) -> str:
    kr = figure.key_result
    if kr.kind is Kind.METRIC:
        return gettext("from its initiatives") if kr.source is Source.INITIATIVES else way_words(kr) + _now(figure)
    if kr.kind is Kind.THRESHOLD:
        return f"{_bound(kr)} {limit_words(kr)}{_now(figure)}"
    if kr.kind is Kind.MILESTONE:
        steps = len(kr.steps)
        return ngettext("%(n)s step", "%(n)s steps", steps) % {"n": steps}
    return "" if kr.baseline_due_on else gettext("baseline to be measured")


def _bound(kr: KeyResult) -> str:
    return gettext("below") if kr.bound is Bound.BELOW else gettext("above")


def _now(figure: KeyResultFigure) -> str:
    if figure.now is None:
        return ""
    now = gettext("now %(value)s") % {"value": now_words(figure)}
    whence = " " + gettext("from Jira") if figure.key_result.source is Source.JQL else ""
    return f", {now}{whence}"


def _pace(pace: Pace) -> Markup:
    if pace is Pace.ON_PACE:
        return lozenge(gettext("On pace"), "green")
    return lozenge(gettext("Behind"), "yellow") if pace is Pace.BEHIND else lozenge(gettext("Off pace"), "red")


def _without_pace(figure: KeyResultFigure) -> Markup:
    if figure.progress is not None or figure.held is not None:
        return _NOTHING
    asks_people = figure.key_result.source is Source.CHECK_INS
    return lozenge(gettext("No check-in") if asks_people and not figure.last_check_in else gettext("No figure yet"))


def _figure(figure: KeyResultFigure, address: str) -> Markup:
    if figure.held is not None:
        return _limit(figure, address)
    if figure.progress is not None:
        share = _whence(address, written.percent(figure.progress))
        drawn = bar(figure.progress, figure.expected)
        return Markup(f'<span class="prog"><span class="num">{share}</span>{drawn}</span>')  # noqa: S704  both are markup
    due = figure.key_result.baseline_due_on
    words = gettext("baseline due %(day)s") % {"day": day(due)} if due else written.UNKNOWN
    return Markup('<span class="sub">{}</span>').format(words)


def _limit(figure: KeyResultFigure, address: str) -> Markup:
    words = Markup("<strong>{}</strong>").format(
        _whence(address, gettext("held") if figure.held else gettext("broken"))
    )
    since = None if figure.held else figure.held_since
    return words + _second_line(gettext("since %(day)s") % {"day": day(since)} if since else "")


def _whence(address: str, words: str) -> Markup:
    if not address:
        return escape(words)
    question = gettext("Why is it %(figure)s?") % {"figure": words}
    to, said, shown = escape(address), escape(question), escape(words)
    return Markup(f'<a class="whence" href="{to}" aria-label="{said}">{shown}</a>')  # noqa: S704  each is escaped


def _change(points: int) -> Markup:
    if points == 0:
        return escape(gettext("same"))
    return escape((gettext("up %(n)s") if points > 0 else gettext("down %(n)s")) % {"n": abs(points)})


def _second_line(words: str | Markup) -> Markup:
    return Markup(f'<span class="two">{escape(words)}</span>') if words else _NOTHING  # noqa: S704
