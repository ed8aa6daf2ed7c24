"""The timeline: observations in lanes, as long as their dates are vague, and what is said to follow from what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import Canvas, Caption, Scale, Svg, number, wrap

WIDTH = 720.0
_LABEL, _ROW, _BAR, _GAP, _HEAD = 138.0, 14.0, 9.0, 3.0, 22.0
# A day has no width that can be seen.
_LEAST = 6.0
_SIGN = 7.0
_MONTH = 31.0


@dataclass(frozen=True)
class Event:
    """One observation: its lane, its first and its last day, what it is, and whether it weighs or comes too early."""

    lane: int
    low: float
    high: float
    says: str
    weighs: bool
    early: bool


@dataclass(frozen=True)
class Link:
    """An event that is said to follow from another, by their places in the list; wrong if it is dated before it."""

    cause: int
    effect: int
    wrong: bool


@dataclass(frozen=True)
class Era:
    """The axis: first and last day, where something is written above it, and what an empty lane says."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    empty: str


@dataclass(frozen=True)
class _Box:
    left: float
    right: float
    row: int


def timeline(caption: Caption, lanes: Sequence[str], events: Sequence[Event], links: Sequence[Link], era: Era) -> Svg:
    """Draw events in lanes, each in the first row of its lane where it fits.

    Parameters
    ----------
    caption
        Text alternative.
    lanes
        Names, from above.
    events
        In any order; what lies beyond the axis is drawn at its end, with an arrow that points there.
    links
        Drawn as arrows between the points of cause and effect that are closest in time.
    era
        The axis.

    Returns
    -------
    Svg
    """
    scale = Scale(era.low, era.high, _LABEL + 14, WIDTH - 16)
    boxes = _packed(events, scale)
    names = [wrap(name, _LABEL - 8, 12, 2) for name in lanes]
    rows = [
        max([1, *(box.row + 1 for box, event in zip(boxes, events, strict=True) if event.lane == lane)])
        for lane in range(len(lanes))
    ]
    heights = [max(count * _ROW, len(name) * 14.4) + 8 for count, name in zip(rows, names, strict=True)]
    tops = [_HEAD + sum(heights[:lane]) for lane in range(len(lanes) + 1)]
    canvas = Canvas(WIDTH, tops[-1] + 4)
    years = [((scale(place), _HEAD - 4), (scale(place), tops[-1])) for place, _ in era.ticks]
    canvas.strokes([*years, *(((0, top), (WIDTH, top)) for top in tops[:-1])], "grid")
    canvas.labels([((scale(place) + 3, _HEAD - 8), text) for place, text in era.ticks])
    for name, top, height in zip(names, tops[:-1], heights, strict=True):
        canvas.lines((0, top + height / 2), name)
    for lane in set(range(len(lanes))) - {event.lane for event in events}:
        canvas.lines((scale.start, tops[lane] + heights[lane] / 2), [era.empty], class_="soft")
    middles = [tops[event.lane] + 4 + box.row * _ROW + _ROW / 2 for box, event in zip(boxes, events, strict=True)]
    for event, box, middle in zip(events, boxes, middles, strict=True):
        _event(canvas, event, box, middle, era)
    # Above the bars: an arrow that ends at a bar must be seen to end there.
    for link in sorted(links, key=lambda one: one.wrong):
        one, other = boxes[link.cause], boxes[link.effect]
        start = min(max(other.left + _LEAST / 2, one.left), one.right)
        end = min(max(start, other.left), other.right)
        _link(canvas, (start, middles[link.cause]), (end, middles[link.effect]), wrong=link.wrong)
    return canvas.svg(caption, "timeline")


def _packed(events: Sequence[Event], scale: Scale) -> list[_Box]:
    """Give each event a row of its lane in which it touches no other."""
    boxes: dict[int, _Box] = {}
    ends: dict[tuple[int, int], float] = {}
    for place in sorted(range(len(events)), key=lambda one: (events[one].low, events[one].high)):
        event = events[place]
        left, right = scale(event.low), scale(event.high)
        if right - left < _LEAST:
            left = min(left, scale.end - _LEAST)
            right = left + _LEAST
        row = 0
        while ends.get((event.lane, row), -1.0) > left - _GAP:
            row += 1
        ends[event.lane, row] = right + (_SIGN if event.early else 0.0)
        boxes[place] = _Box(left, right, row)
    return [boxes[place] for place in range(len(events))]


def _event(canvas: Canvas, event: Event, box: _Box, middle: float, era: Era) -> None:
    top, bottom = middle - _BAR / 2, middle + _BAR / 2
    vague = " vague" if event.high - event.low > _MONTH else ""
    kind = f"when{vague}" if event.weighs else "when shown"
    canvas.put("rect", None, event.says, x=box.left, y=top, width=box.right - box.left, height=_BAR, rx=2, class_=kind)
    if event.low < era.low:
        path = f"M{number(box.left - 1)} {number(top)}l-6 {number(_BAR / 2)} 6 {number(_BAR / 2)}z"
        canvas.put("path", d=path, class_=kind)
    if event.high > era.high:
        path = f"M{number(box.right + 1)} {number(top)}l6 {number(_BAR / 2)} -6 {number(_BAR / 2)}z"
        canvas.put("path", d=path, class_=kind)
    if event.early:
        canvas.text((box.right + 2, bottom), "!", 12, class_="early")


def _link(canvas: Canvas, start: tuple[float, float], end: tuple[float, float], *, wrong: bool) -> None:
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    along, across = (x2 - x1) / length, (y2 - y1) / length
    # From the edge of one bar to the edge of the other.
    leave = math.copysign(_BAR / 2, y2 - y1) if y1 != y2 else 0.0
    y1, y2 = y1 + leave, y2 - leave
    barbs = [(x2 - 5 * along - turn * across, y2 - 5 * across + turn * along) for turn in (2.5, -2.5)]
    (bx, by), (cx, cy) = barbs
    path = f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}M{number(bx)} {number(by)}L{number(x2)} {number(y2)} "
    canvas.put("path", d=f"{path}{number(cx)} {number(cy)}", class_="cause wrong" if wrong else "cause")
