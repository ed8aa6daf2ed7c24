"""The tornado: what leaving one thing out does, largest first, from a common middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import BOLD, Canvas, Caption, Datum, Scale, Svg, ticks, wrap

WIDTH = 350.0
_LINE, _HEAD, _FOOT = 14.4, 22.0, 22.0
#: Room for the numbers beside the longest bars.
_ROOM = 42.0


@dataclass(frozen=True)
class Gust:
    """One bar: what is left out, by how much that moves the lead, and whether another then leads."""

    label: str
    datum: Datum
    turns: bool = False


@dataclass(frozen=True)
class Words:
    """What is written: a heading, what is on either side, and what the line where the lead is gone says."""

    title: str
    less: str
    more: str
    gone: str


def tornado(caption: Caption, gusts: Sequence[Gust], gone: float, words: Words, class_: str = "case-fig") -> Svg:
    """Draw bars from nought, each under its label.

    Parameters
    ----------
    caption
        Text alternative.
    gusts
        The largest first.
    gone
        The change at which the leader leads no more, drawn where it lies among the bars.
    words
        What is written around them.
    class_
        Class of the figure.

    Returns
    -------
    Svg
    """
    heading = wrap(words.title, WIDTH, 14 * BOLD, 2) if words.title else []
    names = [wrap(gust.label, WIDTH - 8, 12, 2) for gust in gusts]
    top = 8.0 + 17.0 * len(heading) + _HEAD
    heights = [len(name) * _LINE + 20.0 for name in names]
    bottom = top + sum(heights)
    values = [gust.datum.value for gust in gusts]
    reach = max(1.0, *map(abs, values)) if values else 1.0
    low, high = min(0.0, *values) if values else 0.0, max(0.0, *values) if values else 0.0
    if low - 0.5 * reach <= gone <= high + 0.5 * reach:
        low, high = min(low, gone), max(high, gone)
    margin = 0.06 * reach
    scale = Scale(low - margin, high + margin, _ROOM, WIDTH - _ROOM)
    canvas = Canvas(WIDTH, bottom + _FOOT)
    for place, line in enumerate(heading):
        canvas.text((0, 14 + place * 17), line, 14, class_="head")
    _frame(canvas, scale, words, gone, (top, bottom))
    y = top
    for gust, name, height in zip(gusts, names, heights, strict=True):
        canvas.lines((0, y + len(name) * _LINE / 2), name, class_="strong" if gust.turns else None)
        _bar(canvas, gust, scale, y + height - 11)
        y += height
    return canvas.svg(caption, class_)


def _frame(canvas: Canvas, scale: Scale, words: Words, gone: float, ends: tuple[float, float]) -> None:
    top, bottom = ends
    canvas.text((0, top - 8), words.less, 11, class_="soft")
    canvas.text((WIDTH, top - 8), words.more, 11, class_="soft", anchor="end")
    values = ticks(scale.low, scale.high, 5)
    canvas.strokes([((scale(value), top), (scale(value), bottom)) for value in values], "grid")
    canvas.labels([((scale(value), bottom + 15), f"{value:g}".replace("-", "−")) for value in values], "middle")
    canvas.text((WIDTH - 20, bottom + 15), "dB", 11, class_="soft")
    canvas.line((scale(0.0), top), (scale(0.0), bottom), "joint")
    if scale.low <= gone <= scale.high:
        canvas.line((scale(gone), top), (scale(gone), bottom), "reference", words.gone)


def _bar(canvas: Canvas, gust: Gust, scale: Scale, middle: float) -> None:
    value = gust.datum.value
    one, other = sorted((scale(0.0), scale(value)))
    width = max(other - one, 1.0)
    canvas.open(None, gust.datum.attributes())
    canvas.put("rect", x=one, y=middle - 6, width=width, height=12, class_="for" if value >= 0 else "against")
    end, anchor = (other + 4, None) if value >= 0 else (one - 4, "end")
    canvas.text((end, middle + 4), gust.datum.shown, 11, anchor=anchor, class_="strong" if gust.turns else None)
    canvas.close()
