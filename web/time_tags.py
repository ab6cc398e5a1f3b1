"""Times as markup: written in UTC, and marked so that times.js shows them in the reader's zone.

Filters and not macros, since a board shows hundreds of them and calling a macro is slow.
"""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from web.time_words import ago, day, moment, second


def day_tag(when: datetime) -> Markup:
    """19 Nov"""
    return _tag(when, "day", day(when))


def moment_tag(when: datetime, at: datetime) -> Markup:
    """09:40 UTC if that was today, else 20 Nov, 14:05 UTC"""
    return _tag(when, "moment", f"{moment(when, at)} UTC")


def second_tag(when: datetime, at: datetime) -> Markup:
    """09:40:16 UTC if that was today, else 20 Nov, 14:05 UTC"""
    return _tag(when, "second", f"{second(when, at)} UTC")


def ago_tag(when: datetime, at: datetime) -> Markup:
    """12 s ago; the script counts on."""
    return _tag(when, "ago", ago(at - when), ' class="nowrap"')


def _tag(when: datetime, show: str, words: str, more: str = "") -> Markup:
    # Nothing in it comes from data: a time, and words of ours.
    return Markup(f'<time{more} datetime="{when.isoformat()}" data-show="{show}">{words}</time>')  # noqa: S704
