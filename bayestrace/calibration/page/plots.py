"""The figures of the page of calibration: reliability, and places of true values among draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.calibration.verdict import Bin, Parameter, Simultaneous
from bayestrace.report.figures.drawing import Canvas, Caption, Scale, Svg, number, ticks

_SIDE = 440.0
_NARROW, _LOW = 240.0, 150.0
# Half the height of a small plot is at least so much of a share, so that a good engine's curves look small.
_LEAST_REACH = 0.05


@dataclass(frozen=True)
class Series:
    """Forecasts of one way: the class that carries its colour, the shape of its marks, its bins with what each says."""

    kind: str
    shape: str
    bins: Sequence[Bin]
    says: Sequence[str]


@dataclass(frozen=True)
class Words:
    """What is written in a reliability diagram."""

    said: str
    right: str
    above: str
    below: str
    percent: str


def reliability(caption: Caption, series: Sequence[Series], words: Words) -> Svg:
    """Draw how often forecasts came true by how probable they were said to be.

    Parameters
    ----------
    caption
        Text alternative.
    series
        Ways, the last one on top.
    words
        What is written on the axes and beside the diagonal, and what follows a number of percent.
    """
    least = min(min(one.said, one.seen) for way in series for one in way.bins)
    low = math.floor(10.0 * max(least, 0.0)) / 10.0
    canvas = Canvas(_SIDE, _SIDE - 4)
    x, y = Scale(low, 1.0, 58, _SIDE - 24), Scale(low, 1.0, _SIDE - 58, 12)
    for value in ticks(low, 1.0, 6):
        canvas.line((x(value), y(low)), (x(value), y(1.0)), "grid")
        canvas.line((x(low), y(value)), (x(1.0), y(value)), "grid")
        said = f"{100 * value:.0f}{words.percent}"
        canvas.text((x(value), y(low) + 18), said, anchor="middle", class_="soft")
        canvas.text((x(low) - 8, y(value) + 4), said, anchor="end", class_="soft")
    canvas.line((x(low), y(low)), (x(1.0), y(1.0)), "even")
    canvas.text((x(low) + 10, y(1.0) + 18), words.above, class_="soft")
    canvas.text((x(1.0) - 10, y(low) - 10), words.below, anchor="end", class_="soft")
    canvas.text(((x(low) + x(1.0)) / 2, _SIDE - 20), words.said, 13, anchor="middle")
    middle = number((y(low) + y(1.0)) / 2)
    canvas.put(
        "text",
        words.right,
        x=0,
        y=0,
        font_size=13,
        text_anchor="middle",
        transform=f"translate(13 {middle}) rotate(-90)",
    )
    for way in series:
        canvas.put("path", d=_path([(x(one.said), y(one.seen)) for one in way.bins]), class_=f"curve {way.kind}")
        for one in way.bins:
            ends = {"data-low": repr(one.low), "data-high": repr(one.high)}
            canvas.line((x(one.said), y(one.low)), (x(one.said), y(one.high)), f"bar {way.kind}", data=ends)
    for way in series:
        for one, says in zip(way.bins, way.says, strict=True):
            numbers = {"data-said": repr(one.said), "data-seen": repr(one.seen)}
            canvas.mark((way.shape, way.kind), (x(one.said), y(one.seen)), says, numbers)
    return canvas.svg(caption, "plot")


def reach(parameters: Sequence[Parameter], band: Simultaneous) -> float:
    """Return how far up and down all small plots reach, a difference of shares."""
    values = [*band.low, *band.high, *(value for one in parameters for value in one.difference)]
    return 1.08 * max(_LEAST_REACH, *map(abs, values))


@dataclass(frozen=True)
class Line:
    """The curve of one hyperparameter: its differences, what it says to who points at it, whether it departs."""

    difference: Sequence[float]
    says: str
    departs: bool


def places(caption: Caption, lines: Sequence[Line], band: Simultaneous, height: float, axis: str) -> Svg:
    """Draw the distributions of places of true values less the uniform one, with their simultaneous band.

    Parameters
    ----------
    caption
        Text alternative.
    lines
        One for each hyperparameter of a family.
    band
        Common to all.
    height
        From `reach`.
    axis
        What is written under the axis.
    """
    canvas = Canvas(_NARROW, _LOW)
    x, y = Scale(0.0, 1.0, 38, _NARROW - 10), Scale(-height, height, _LOW - 32, 6)
    for value in ticks(-height, height, 5):
        canvas.line((x(0.0), y(value)), (x(1.0), y(value)), "grid")
        said = f"{value:+.2g}".replace("-", "−") if abs(value) > 1e-9 else "0"  # noqa: PLR2004 - rounding of a tick
        canvas.text((x(0.0) - 5, y(value) + 4), said, 10.5, anchor="end", class_="soft")
    upper = [(0.0, 0.0), *zip(band.at, band.high, strict=True), (1.0, 0.0)]
    lower = [(0.0, 0.0), *zip(band.at, band.low, strict=True), (1.0, 0.0)]
    edge = [(x(at), y(value)) for at, value in [*upper, *reversed(lower)]]
    canvas.put("path", d=f"{_path(edge)}z", class_="band")
    canvas.line((x(0.0), y(0.0)), (x(1.0), y(0.0)), "zero")
    for line in sorted(lines, key=lambda one: one.departs):
        points = [(0.0, 0.0), *zip(band.at, line.difference, strict=True), (1.0, 0.0)]
        kind = "k-out" if line.departs else "k-pooled"
        canvas.put("path", None, line.says, d=_path([(x(at), y(value)) for at, value in points]), class_=f"thin {kind}")
    for value in (0.0, 0.5, 1.0):
        canvas.text((x(value), _LOW - 19), f"{value:g}", 10.5, anchor="middle", class_="soft")
    canvas.text(((x(0.0) + x(1.0)) / 2, _LOW - 5), axis, 10.5, anchor="middle", class_="soft")
    return canvas.svg(caption, "small-plot")


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
