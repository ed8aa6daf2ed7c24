"""The waterfall: weights of evidence added up from nothing to the whole weight of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bayestrace.report.figures.drawing import (
    Attribute,
    Canvas,
    Caption,
    Datum,
    Scale,
    Svg,
    precise,
    text_width,
    ticks,
    wrap,
)

LINE = 14.4
_NOUGHT = 1e-9


@dataclass(frozen=True)
class Bar:
    """One piece of evidence: its name and its weight in decibels."""

    label: str
    datum: Datum


@dataclass(frozen=True)
class Words:
    """What is written around the bars."""

    total: str
    favours_left: str
    favours_right: str


@dataclass(frozen=True)
class Total:
    """The whole weight of the case and its 94 % interval, drawn as the last bar."""

    datum: Datum
    interval: tuple[Datum, Datum] | None = None


@dataclass(frozen=True)
class _Row:
    top: float
    middle: float
    edge: float
    wide: bool


def waterfall(caption: Caption, bars: Sequence[Bar], total: Total, words: Words, *, wide: bool) -> Svg:
    """Draw weights one after the other, each from where the one before it ended.

    Parameters
    ----------
    caption
        Text alternative.
    bars
        In the order in which they are added.
    total
        What they come to.
    words
        What is written around the bars.
    wide
        Labels beside the bars; else above them, for a narrow page.

    Returns
    -------
    Svg
    """
    width, label = (720.0, 290.0) if wide else (350.0, 0.0)
    scale = _scale(bars, total, (label + 10 if wide else 6.0) + 40, width - 50)
    names = [wrap(bar.label, (label if wide else width) - 12, 12, 2) for bar in bars]
    heights = [max(24.0, len(name) * LINE + 6) if wide else len(name) * LINE + 22 for name in names]
    last = 30.0 if wide else 40.0
    bottom = 34 + sum(heights) + last + 6
    canvas = Canvas(width, bottom + 22)
    _frame(canvas, scale, words, bottom)
    *tops, y = accumulate(heights, initial=34.0)
    levels = list(accumulate((bar.datum.value for bar in bars), initial=0.0))
    middles = [top + (height / 2 if wide else height - 10) for top, height in zip(tops, heights, strict=True)]
    reach = heights[0] / 2 if wide and heights else 12
    ends = [min(top + height + reach, bottom - 6) for top, height in zip(tops, heights, strict=True)]
    # From each bar down to the next, which covers the line's end.
    joints = zip(map(scale, levels[1:]), middles, ends, strict=True)
    canvas.strokes([((x, middle + 7), (x, end)) for x, middle, end in joints], "joint")
    for bar, name, top, middle, level in zip(bars, names, tops, middles, levels[:-1], strict=True):
        _label(canvas, name, _Row(top, middle, label, wide))
        _bar(canvas, bar, scale, level, middle)
    middle = y + (last / 2 if wide else last - 10)
    _label(canvas, [words.total], _Row(y, middle, label, wide), "strong")
    _total(canvas, scale, total, middle)
    return canvas.svg(caption, "wide" if wide else "narrow")


def _scale(bars: Sequence[Bar], total: Total, start: float, end: float) -> Scale:
    reach, level = [0.0, total.datum.value, *(end.value for end in total.interval or ())], 0.0
    for bar in bars:
        level += bar.datum.value
        reach.append(level)
    low, high = min(reach), max(reach)
    margin = max(1.0, 0.04 * (high - low))
    return Scale(low - margin, high + margin, start, end)


def _frame(canvas: Canvas, scale: Scale, words: Words, bottom: float) -> None:
    values = ticks(scale.low, scale.high, 7)
    lines = [((scale(value), 24), (scale(value), bottom)) for value in values if abs(value) >= _NOUGHT]
    canvas.strokes(lines, "grid")
    canvas.line((scale(0.0), 24), (scale(0.0), bottom), "reference")
    canvas.labels([((scale(value), bottom + 15), f"{value:g}".replace("-", "−")) for value in values], "middle")
    canvas.text((scale.end + 14, bottom + 15), "dB", 11, class_="soft")
    zero, room = scale(0.0), text_width(words.favours_right, 11)
    left_room = text_width(words.favours_left, 11)
    # Beside zero where there is room, at the figure's edge where there is none; the title names both explanations.
    start = max(min(zero + 6, canvas.width - room), zero - 200, 0.0)
    canvas.text((start, 14), wrap(words.favours_right, canvas.width - start, 11, most=1)[0], 11, class_="soft")
    if zero - 6 - left_room > 0 and start > zero:
        canvas.text((zero - 6, 14), words.favours_left, 11, class_="soft", anchor="end")


def _label(canvas: Canvas, name: list[str], row: _Row, class_: str | None = None) -> None:
    if row.wide:
        canvas.lines((row.edge, row.middle), name, anchor="end", class_=class_)
    else:
        canvas.lines((0, row.top + len(name) * LINE / 2 + 2), name, class_=class_)


def _bar(canvas: Canvas, bar: Bar, scale: Scale, level: float, middle: float) -> None:
    value = bar.datum.value
    one, other = sorted((scale(level), scale(level + value)))
    class_ = "for" if value >= 0 else "against"
    width = max(other - one, 1.0)
    canvas.open(None, bar.datum.attributes())
    canvas.put("rect", x=one, y=middle - 7, width=width, height=14, class_=class_)
    end, anchor = (other + 5, None) if value >= 0 else (one - 5, "end")
    canvas.text((end, middle + 4), bar.datum.shown, 11, anchor=anchor)
    canvas.close()


def _total(canvas: Canvas, scale: Scale, total: Total, middle: float) -> None:
    datum = total.datum
    one, other = sorted((scale(0.0), scale(datum.value)))
    canvas.open(None, datum.attributes())
    canvas.put("rect", x=one, y=middle - 9, width=max(other - one, 1.5), height=18, class_="total")
    edge = other
    if total.interval:
        low, high = (scale(end.value) for end in total.interval)
        numbers: dict[str, Attribute] = {
            "data-low": precise(total.interval[0].value),
            "data-high": precise(total.interval[1].value),
        }
        canvas.line((low, middle), (high, middle), "whisker", data=numbers)
        canvas.strokes([((x, middle - 5), (x, middle + 5)) for x in (low, high)], "whisker")
        edge = max(edge, high)
    canvas.text((edge + 6, middle + 4), datum.shown, class_="strong")
    canvas.close()
