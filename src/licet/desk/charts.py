"""Plots as SVG, made here and styled by the sheet: steps over days, with what a screen reader says of them.

Every plot stands beside a table of the same figures; its text alternative says what there is to see.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 12, 14, 28
_TICKS = 4


class Steps(NamedTuple):
    """A line of steps: a value from each day on. ``name``: the class by which it is styled, ``words``: its label."""

    name: str
    words: str
    points: Sequence[tuple[dt.date, Decimal]]


def steps(
    lines: Sequence[Steps], first: dt.date, last: dt.date, title: str, number: Callable[[Decimal], str]
) -> Markup:
    """Return a plot of steps from ``first`` to ``last``; an empty one where there is no day between them."""
    span = max((last - first).days, 1)
    most = max((value for line in lines for _, value in line.points), default=Decimal(1)) or Decimal(1)
    top = _round_up(most)

    def x(day: dt.date) -> float:
        inside = min(max((day - first).days, 0), span)
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * inside / span, 1)

    def y(value: Decimal) -> float:
        part = float(max(value, Decimal(0)) / top)
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * part, 1)

    grid = [_grid(y(top * n / _TICKS), number(top * n / _TICKS)) for n in range(_TICKS + 1)]
    days = [_day(x(day), day, anchor) for day, anchor in ((first, "start"), (last, "end"))]
    drawn = [f'<path class="{escape(line.name)}" d="{_path(line, x, y, last)}"/>' for line in lines if line.points]
    label = f"<title>{escape(title)}</title>"
    return Markup(  # noqa: S704 - every text in it is escaped above
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{label}'
        + "".join([*grid, *days, *drawn])
        + "</svg>"
    )


def _path(line: Steps, x: Callable[[dt.date], float], y: Callable[[Decimal], float], last: dt.date) -> str:
    (day, value), *rest = line.points
    parts = [f"M{x(day)} {y(value)}"]
    for day, value in rest:
        parts.append(f"H{x(day)}V{y(value)}")
    return "".join([*parts, f"H{x(last)}"])


def _grid(height: float, label: str) -> str:
    return (
        f'<path class="grid" d="M{_LEFT} {height}H{WIDTH - _RIGHT}"/>'
        f'<text x="{_LEFT - 8}" y="{height + 4}" text-anchor="end">{escape(label)}</text>'
    )


def _day(place: float, day: dt.date, anchor: str) -> str:
    return f'<text x="{place}" y="{HEIGHT - 8}" text-anchor="{anchor}">{day.isoformat()}</text>'


def _round_up(value: Decimal) -> Decimal:
    """Return the next of 1, 2, 2.5, 4, 5, 8, 10 times a power of ten that is not less."""
    power = Decimal(10) ** value.adjusted()
    steps_ = (Decimal(n) for n in ("1", "2", "2.5", "4", "5", "8", "10"))
    return next(step * power for step in steps_ if step * power >= value)
