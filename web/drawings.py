"""What is drawn: the bar of a share and the line of how a figure moved. Words beside them carry the meaning.

Filters and not macros, since a board draws hundreds of each and calling a macro is slow.
"""

from __future__ import annotations

from fractions import Fraction

from markupsafe import Markup

from sync.queries.trend import Trend


def bar(share: Fraction | None, expected: Fraction | None = None, label: str = "") -> Markup:
    """A bar with a tick where ``expected`` lies. ``label`` is said by screen readers, where words do not."""
    full = "" if share is None else f'<rect class="full" y="3" width="{hundredths(share)}%" height="6" rx="3"/>'
    tick = "" if expected is None else _tick(hundredths(expected))
    said = _progress(share, label) if label else Markup(' aria-hidden="true"')
    track = '<rect class="track" y="3" width="100%" height="6" rx="3"/>'
    return Markup(f'<svg class="bar"{said}>{track}{full}{tick}</svg>')  # noqa: S704  numbers, and a label that is escaped


def spark(trend: Trend | None, width: int = 72, height: int = 20) -> Markup:
    """The line, with a dot at its end and the limit of a threshold; nothing where there is no line."""
    if trend is None or len(trend.points) < 2:
        return Markup()
    limit = "" if trend.limit is None else _limit(width, (1 - trend.limit) * height)
    end = f'<circle cx="{width}" cy="{height * (1 - trend.points[-1].y):.1f}" r="2"/>'
    box = f'class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}" aria-hidden="true"'
    return Markup(f'<svg {box}>{limit}<path d="{_path(trend, width, height)}"/>{end}</svg>')  # noqa: S704  numbers


def hundredths(share: Fraction) -> str:
    """The width of a bar: percent without the sign, from 0 to 100, as SVG and ARIA want them."""
    return f"{min(max(share.numerator / share.denominator, 0), 1) * 100:.4g}"


def _progress(share: Fraction | None, label: str) -> Markup:
    now = Markup() if share is None else Markup(' aria-valuenow="%s"') % hundredths(share)
    return Markup(' role="progressbar" aria-valuemin="0" aria-valuemax="100"%s aria-label="%s"') % (now, label)


def _tick(x: str) -> str:
    return f'<svg x="{x}%" overflow="visible"><rect class="tick" x="-1" width="2" height="12"/></svg>'


def _limit(width: int, y: float) -> str:
    return f'<line x1="0" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _path(trend: Trend, width: int, height: int) -> str:
    """As the ``d`` of an SVG path."""
    return "M" + " L".join(f"{point.x * width:.1f} {(1 - point.y) * height:.1f}" for point in trend.points)
