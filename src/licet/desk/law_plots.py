"""Two plots of the law as SVG: the verdicts that each day of change turned, and the chips under the thresholds.

Each stands beside a table of the same figures; the styles are the sheet's.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

WIDTH, HEIGHT = 720, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 12, 14, 44
_DECADE = 10
TPP, DENSITY = (100.0, 200_000.0), (0.5, 100.0)
"""The ends of the plane: TPP, and TPP a square millimeter."""


class Bar(NamedTuple):
    """A day of change: how many verdicts became freer, less free, or otherwise."""

    day: dt.date
    gain: int
    loss: int
    sideways: int
    words: str


class Cell(NamedTuple):
    """A part of the plane between thresholds with one classification: TPP and density from (included) and to."""

    tpp: tuple[float, float]
    density: tuple[float, float]
    tone: str
    words: str


class Dot(NamedTuple):
    """A chip on the plane."""

    tpp: float
    density: float
    tone: str
    words: str


def bars(found: Sequence[Bar], title: str, number: Callable[[int], str]) -> Markup:
    """Return a plot of the verdicts that changed, by day: freer above the line, less free below it.

    Heights follow the square root, so that a change of six verdicts shows beside one of two thousand.
    """
    up = max((max(bar.gain, bar.sideways) for bar in found), default=0)
    down = max((bar.loss for bar in found), default=0)
    whole = math.sqrt(up) + math.sqrt(down) or 1.0
    room = HEIGHT - _TOP - _BOTTOM
    zero = _TOP + room * math.sqrt(up) / whole
    wide = (WIDTH - _LEFT - _RIGHT) / max(len(found), 1)

    def height(count: int) -> float:
        return max(room * math.sqrt(count) / whole, 2.0) if count else 0.0

    drawn = [f'<path class="grid" d="M{_LEFT} {zero:.1f}H{WIDTH - _RIGHT}"/>']
    for count, sign in ((up, -1), (down, 1)):
        if count:
            y = zero + sign * height(count)
            drawn.append(_line(f"M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}") + _text(_LEFT - 8, y + 4, number(count), "end"))
    years: set[int] = set()
    for place, bar in enumerate(found):
        x, third = _LEFT + place * wide, wide / 4
        parts = (("gain", bar.gain, -1), ("loss", bar.loss, 1), ("sideways", bar.sideways, -1))
        for slot, (name, count, sign) in enumerate(parts):
            if count:
                tall = height(count)
                top = zero - tall if sign < 0 else zero
                drawn.append(_rect(name, x + third * (slot + 0.5), top, third, tall, bar.words))
        if bar.day.year not in years:
            years.add(bar.day.year)
            drawn.append(_line(f"M{x:.1f} {_TOP}V{HEIGHT - _BOTTOM + 6}"))
            drawn.append(_text(x + 2, HEIGHT - _BOTTOM + 22, str(bar.day.year), "start"))
    return _svg(title, drawn)


def plane(
    cells: Iterable[Cell], dots: Iterable[Dot], title: str, axes: tuple[str, str], number: Callable[[float], str]
) -> Markup:
    """Return the plane of TPP and performance density, both in decades, with its cells and the chips on it."""
    drawn = []
    for cell in cells:
        left, right = _x(cell.tpp[0]), _x(cell.tpp[1])
        bottom, top = _y(cell.density[0]), _y(cell.density[1])
        drawn.append(_rect(f"cell {cell.tone}", left, top, right - left, bottom - top, cell.words))
    drawn += [_line(f"M{_x(v):.1f} {_TOP}V{HEIGHT - _BOTTOM}") + _tick_x(v, number) for v in _decades(*TPP)]
    drawn += [_line(f"M{_LEFT} {_y(v):.1f}H{WIDTH - _RIGHT}") + _tick_y(v, number) for v in _decades(*DENSITY)]
    drawn.append(_text(WIDTH - _RIGHT, HEIGHT - 6, axes[0], "end"))
    drawn.append(_text(_LEFT + 4, _TOP + 12, axes[1], "start"))
    for dot in dots:
        drawn.append(
            f'<circle class="dot {escape(dot.tone)}" cx="{_x(dot.tpp):.1f}" cy="{_y(dot.density):.1f}" r="4">'
            f"<title>{escape(dot.words)}</title></circle>"
        )
    return _svg(title, drawn)


def _x(tpp: float) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * _share(tpp, *TPP)


def _y(density: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * _share(density, *DENSITY)


def _share(value: float, least: float, most: float) -> float:
    inside = min(max(value, least), most)
    return math.log(inside / least) / math.log(most / least)


def _decades(least: float, most: float) -> list[float]:
    powers = range(math.ceil(math.log10(least)), math.floor(math.log10(most)) + 1)
    return [float(_DECADE) ** power for power in powers]


def _tick_x(value: float, number: Callable[[float], str]) -> str:
    return _text(_x(value), HEIGHT - _BOTTOM + 16, number(value), "middle")


def _tick_y(value: float, number: Callable[[float], str]) -> str:
    return _text(_LEFT - 8, _y(value) + 4, number(value), "end")


def _line(path: str) -> str:
    return f'<path class="grid" d="{path}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _rect(name: str, x: float, y: float, wide: float, tall: float, words: str) -> str:  # noqa: PLR0913, PLR0917 - a box
    box = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
    return f'<rect class="{escape(name)}" {box}><title>{escape(words)}</title></rect>'


def _svg(title: str, drawn: Iterable[str]) -> Markup:
    return Markup(  # noqa: S704 - every text in it is escaped above
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(drawn)}</svg>"
    )
